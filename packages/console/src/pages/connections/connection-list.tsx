// On the account page: the servers at which the reader signs in, or that all share.
import { Link } from '@tanstack/react-router';
import { Plug, Unplug } from 'lucide-react';
import { useRead } from '../../api/hub.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { type Connection, connectLabel, ConnectionState } from './connection-state.tsx';
import { useConnectionActions } from './use-connection-actions.ts';

export function ConnectionList() {
  const connections = useRead('listConnections', {}, { every: 15_000 });
  const actions = useConnectionActions();
  const items = connections.data?.items;
  const columns: readonly Column<Connection>[] = [
    {
      key: 'server',
      head: 'Server',
      phone: 'bare',
      wide: true,
      cell: ({ server }) => (
        <Link to="/servers/$id" params={{ id: server.id }}>
          {server.name}
        </Link>
      ),
    },
    { key: 'whose', head: 'Whose', cell: ({ mode }) => (mode === 'shared' ? 'everybody’s' : 'yours') },
    { key: 'state', head: 'State', cell: (connection) => <ConnectionState connection={connection} /> },
    {
      key: 'actions',
      head: 'Actions',
      quiet: true,
      align: 'end',
      cell: (connection) =>
        connection.mayConnect && (
          <span className="row" style={{ justifyContent: 'flex-end' }}>
            {connection.state !== 'missing' && (
              <IconButton
                icon={Unplug}
                label={`Disconnect ${connection.server.name}`}
                onClick={() => void actions.disconnect(connection)}
              />
            )}
            <Button
              size="small"
              icon={Plug}
              aria-label={`${connectLabel(connection)} ${connection.server.name}`}
              onClick={() => actions.connect(connection)}
            >
              {connectLabel(connection)}
            </Button>
          </span>
        ),
    },
  ];
  if (items?.length === 0) return null;
  return (
    <Section title="Connections" text="Servers that want a sign-in, and how MCPVault is signed in there for you.">
      {connections.error && !items ? (
        <Problem error={connections.error} />
      ) : (
        <Table caption="Connections" columns={columns} rows={items} rowKey={({ server }) => server.id} />
      )}
    </Section>
  );
}
