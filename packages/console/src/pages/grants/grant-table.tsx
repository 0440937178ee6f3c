import { Link } from '@tanstack/react-router';
import { Handshake, Trash2 } from 'lucide-react';
import { type ItemOf, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';

export type Grant = ItemOf<'listGrants'>;

interface GrantTableProps {
  /** undefined while loading. */
  readonly grants: readonly Grant[] | undefined;
  /** The column that the page around it already says. */
  readonly without?: 'server' | 'subject';
}

export function GrantTable({ grants, without }: GrantTableProps) {
  const may = useMay();
  if (grants?.length === 0) {
    return (
      <EmptyState
        icon={Handshake}
        title="No grants here"
        text="A grant lets a member, a team or everyone of a role use a server, or only some of its tools. It holds from the next message on."
        command="mcpvault grants add everything --member ada@example.org"
      />
    );
  }
  const columns: readonly (Column<Grant> | false)[] = [
    without !== 'subject' && { key: 'subject', head: 'Who', phone: 'bare', cell: (grant) => <Subject grant={grant} /> },
    without !== 'server' && {
      key: 'server',
      head: 'Server',
      cell: ({ server }) => (
        <Link to="/servers/$id" params={{ id: server.id }} search={{ tab: 'access' }} className="row-link">
          {server.name}
        </Link>
      ),
    },
    { key: 'tools', head: 'Tools', wide: true, cell: (grant) => <Tools grant={grant} /> },
    { key: 'expires', head: 'Expires', cell: (grant) => <RelativeTime at={grant.expiresAt} /> },
    may('grants:write') && {
      key: 'actions',
      head: 'Actions',
      quiet: true,
      align: 'end',
      cell: (grant) => <TakeBack grant={grant} />,
    },
  ];
  return (
    <Table
      caption="Grants"
      columns={columns.filter((column) => column !== false)}
      rows={grants}
      rowKey={(grant) => grant.id}
    />
  );
}

function Subject({ grant: { subject } }: { readonly grant: Grant }) {
  const { type, id, label } = subject;
  return (
    <span className="row">
      {type === 'member' ? (
        <Link to="/members/$id" params={{ id }} className="row-link">
          {label}
        </Link>
      ) : type === 'team' ? (
        <Link to="/teams" className="row-link">
          {label}
        </Link>
      ) : (
        <span className="row-link">every {label}</span>
      )}
      <Badge>{type}</Badge>
    </span>
  );
}

function Tools({ grant: { tools } }: { readonly grant: Grant }) {
  if (tools === null) return <span className="soft">all tools</span>;
  return (
    <span className="row" title={tools.join(', ')}>
      {tools.slice(0, 4).map((tool) => (
        <code key={tool}>{tool}</code>
      ))}
      {tools.length > 4 && <span className="faint">and {tools.length - 4} more</span>}
    </span>
  );
}

function TakeBack({ grant }: { readonly grant: Grant }) {
  const remove = useWrite('removeGrant', 'servers');
  const create = useWrite('createGrant', 'servers');
  const undo = () => {
    const { subject, server, tools, expiresAt } = grant;
    create.mutate(
      { subject: subject as Parameters<typeof create.mutate>[0]['subject'], server: server.id, tools, expiresAt },
      { onError: (error) => warn('The grant could not be given again', sentenceOf(error)) },
    );
  };
  return (
    <IconButton
      icon={Trash2}
      label={`Take back ${grant.server.name} from ${grant.subject.label}`}
      disabled={remove.isPending}
      onClick={() =>
        remove.mutate(
          { id: grant.id },
          {
            onSuccess: () => say(`${grant.subject.label} can no longer use ${grant.server.name}`, { undo }),
            onError: (error) => warn('The grant could not be taken back', sentenceOf(error)),
          },
        )
      }
    />
  );
}
