// Every organization of this hub, for those who run it. It tells of them what the hub tells: a name, how many people, and
// whether it works; nothing of what is in one.
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Building2, Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, usePages } from '../../api/hub.ts';
import { useMe, useRunsHub } from '../../api/me.ts';
import { Badge, StatusDot } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Menu } from '../../parts/menu.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { MakeOrganization } from './make-organization.tsx';
import { RenameOrganization } from './rename-organization.tsx';
import { useSuspension } from './use-suspension.ts';

export type Organization = ItemOf<'listOrganizations'>;

/** People come to other organizations, and leave them, without this one being told. */
const every = 30_000;
const route = getRouteApi('/signed-in/organizations');

export function OrganizationsPage() {
  const { make } = route.useSearch();
  const navigate = useNavigate();
  const runsHub = useRunsHub();
  const organizations = usePages('listOrganizations', {}, { every });
  const [renaming, setRenaming] = useState<Organization | null>(null);
  const show = (search: { make?: boolean }) => void navigate({ to: '/organizations', search, replace: true });
  const { items } = organizations;
  const actionColumn: Column<Organization> = {
    key: 'actions',
    head: 'Actions',
    quiet: true,
    align: 'end',
    cell: (organization) => <Actions organization={organization} onRename={() => setRenaming(organization)} />,
  };
  return (
    <Page
      title="Organizations"
      text="Those that share this hub. Each has people, servers and records of its own; nothing of one exists for another."
      actions={
        runsHub && (
          <Button kind="primary" icon={Plus} onClick={() => show({ make: true })}>
            Make an organization
          </Button>
        )
      }
    >
      {organizations.error && !items ? (
        <Problem error={organizations.error} onRetry={() => void organizations.refetch()} />
      ) : (
        <Table
          caption="Organizations"
          columns={runsHub ? [...columns, actionColumn] : columns}
          rows={items}
          rowKey={({ id }) => id}
          dim={({ status }) => status === 'suspended'}
        />
      )}
      <MoreButton query={organizations} />
      {items?.length === 1 && items[0]?.runsHub && (
        <EmptyState
          icon={Building2}
          title="No other organizations"
          text="Make one for a company, a customer or a department that should share this hub and see nothing of yours. Its first admin comes by an invitation, and sets up everything in it; you can rename and suspend it."
          command='mcpvault organizations create "Difference Engines" ada@example.org'
        />
      )}
      {make && runsHub && <MakeOrganization onClose={() => show({})} />}
      {renaming && <RenameOrganization key={renaming.id} organization={renaming} onClose={() => setRenaming(null)} />}
    </Page>
  );
}

const columns: readonly Column<Organization>[] = [
  { key: 'name', head: 'Organization', phone: 'bare', wide: true, cell: (one) => <Name organization={one} /> },
  { key: 'status', head: 'Status', cell: (one) => <Status organization={one} /> },
  {
    key: 'people',
    head: 'People',
    align: 'end',
    cell: ({ people }) => (people === 0 ? <span className="faint">nobody</span> : people),
  },
  {
    key: 'made',
    head: 'Made',
    align: 'end',
    cell: ({ createdAt }) => (
      <span className="soft">
        <RelativeTime at={createdAt} />
      </span>
    ),
  },
];

function Name({ organization: { id, name, runsHub } }: { readonly organization: Organization }) {
  const isOwn = useMe()?.organization.id === id;
  return (
    <span className="row">
      <span className="row-link">{name}</span>
      {runsHub && <Badge tone="accent">runs this hub</Badge>}
      {isOwn && <Badge>yours</Badge>}
    </span>
  );
}

function Status({ organization: { status, suspendedAt } }: { readonly organization: Organization }) {
  if (status === 'active') return <StatusDot tone="ok" label="Active" />;
  return (
    <div>
      <StatusDot tone="bad" label="Suspended" />
      <p className="faint">
        <RelativeTime at={suspendedAt} />
      </p>
    </div>
  );
}

interface ActionsProps {
  readonly organization: Organization;
  readonly onRename: () => void;
}

function Actions({ organization, onRename }: ActionsProps) {
  const { suspend, resume } = useSuspension();
  const suspension =
    organization.status === 'suspended'
      ? { label: 'Resume', onSelect: () => void resume(organization) }
      : { label: 'Suspend…', danger: true, disabled: organization.runsHub, onSelect: () => void suspend(organization) };
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Actions for ${organization.name}`} />}
      actions={[{ label: 'Rename', onSelect: onRename }, null, suspension]}
    />
  );
}
