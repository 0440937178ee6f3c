import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Plus, Server as ServerIcon } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { usePages } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { type Server, ServerStatus } from './server-status.tsx';
import { transportSummary } from './transport-summary.ts';
import { useServerActions } from './use-server-actions.ts';
import './servers-page.css';

const AddServer = lazy(() => import('./add-server.tsx'));
const route = getRouteApi('/signed-in/servers');

export function ServersPage() {
  const { q, add } = route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const mayWrite = may('servers:write');
  const servers = usePages('listServers', q === undefined ? {} : { q }, { every: 10_000 });
  const show = (search: { q?: string; add?: boolean }) => void navigate({ to: '/servers', search, replace: true });
  const addButton = (
    <Button kind="primary" icon={Plus} onClick={() => show({ q, add: true })}>
      Add server
    </Button>
  );

  return (
    <Page
      title="Servers"
      text={
        mayWrite
          ? 'MCP servers that the hub runs or reaches. Members see those that were granted to them.'
          : 'The MCP servers that you may use.'
      }
      actions={mayWrite && addButton}
    >
      {(q !== undefined || (servers.items?.length ?? 0) > 5) && (
        <SearchField label="Search servers" value={q ?? ''} onChange={(next) => show({ q: next || undefined })} />
      )}
      {servers.error && !servers.items && <Problem error={servers.error} onRetry={() => void servers.refetch()} />}
      {servers.items?.length === 0 ? (
        <NoServers searched={q} mayWrite={mayWrite} onAdd={() => show({ add: true })} />
      ) : (
        !servers.error && (
          <Table
            caption="Servers"
            columns={mayWrite ? [...columns, actionColumn] : columns}
            rows={servers.items}
            rowKey={(server) => server.id}
            dim={(server) => server.status === 'disabled'}
          />
        )
      )}
      <MoreButton query={servers} />
      <Suspense>{add && mayWrite && <AddServer known={servers.items ?? []} onClose={() => show({ q })} />}</Suspense>
    </Page>
  );
}

const columns: readonly Column<Server>[] = [
  {
    key: 'name',
    head: 'Server',
    phone: 'bare',
    wide: true,
    cell: (server) => {
      const how = transportSummary(server.transport);
      return (
        <div className="server-name">
          <Link to="/servers/$id" params={{ id: server.id }} className="row-link">
            {server.name}
          </Link>
          {server.status === 'unavailable' && server.reason ? (
            <p className="server-why">
              {server.reason} {server.fix && <span className="soft">{server.fix}</span>}
            </p>
          ) : (
            how && <p className="faint mono clip">{how}</p>
          )}
        </div>
      );
    },
  },
  { key: 'status', head: 'Status', cell: (server) => <ServerStatus server={server} /> },
  { key: 'tools', head: 'Tools', align: 'end', cell: (server) => <span className="num">{server.tools}</span> },
  {
    key: 'connections',
    head: 'Running',
    align: 'end',
    phone: 'hidden',
    cell: (server) => (
      <span className={server.connections === 0 ? 'num faint' : 'num'} title="Processes or connections right now">
        {server.connections}
      </span>
    ),
  },
];

const actionColumn: Column<Server> = {
  key: 'actions',
  head: 'Actions',
  quiet: true,
  align: 'end',
  cell: (server) => <ServerMenu server={server} />,
};

function ServerMenu({ server }: { readonly server: Server }) {
  const actions = useServerActions();
  const navigate = useNavigate();
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Actions for ${server.name}`} />}
      actions={[
        { label: 'Check now', disabled: !server.enabled, onSelect: () => void actions.check(server) },
        { label: 'Restart', disabled: !server.enabled, onSelect: () => void actions.restart(server) },
        {
          label: 'Show its messages',
          onSelect: () => void navigate({ to: '/messages', search: { server: server.name } }),
        },
        {
          label: server.enabled ? 'Disable' : 'Enable',
          onSelect: () => void actions.setEnabled(server, !server.enabled),
        },
        null,
        { label: 'Retire…', danger: true, onSelect: () => void actions.retire(server) },
      ]}
    />
  );
}

interface NoServersProps {
  readonly searched: string | undefined;
  readonly mayWrite: boolean;
  readonly onAdd: () => void;
}

function NoServers({ searched, mayWrite, onAdd }: NoServersProps) {
  if (searched !== undefined) {
    return <EmptyState icon={ServerIcon} title="No server matches" text={`Nothing is called “${searched}”.`} />;
  }
  if (!mayWrite) {
    return (
      <EmptyState
        icon={ServerIcon}
        title="Nothing was granted to you yet"
        text="Ask an admin for the servers you need; they appear here, and in your client, at once."
      />
    );
  }
  return (
    <EmptyState
      icon={ServerIcon}
      title="Add your first server"
      text="By its command, by its URL, or by pasting the configuration your client has today."
      action={
        <Button kind="primary" icon={Plus} onClick={onAdd}>
          Add server
        </Button>
      }
      command="mcpvault servers add everything -- npx -y @modelcontextprotocol/server-everything"
    />
  );
}
