// The AI clients that a member let in, each to be let in no more.
import { Unplug } from 'lucide-react';
import { type ItemOf, usePages, useWrite } from '../../api/hub.ts';
import { IconButton } from '../../parts/button.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';

type Connected = ItemOf<'listConnectedClients'>;

export function ConnectedClients() {
  const clients = usePages('listConnectedClients', {});
  const end = useWrite('disconnectClient', 'connected-clients');
  const ask = (client: Connected) =>
    end.mutate(
      { id: client.id },
      {
        onSuccess: () => say(`${client.name} is let in no more`, { detail: 'Its tokens stopped working at once.' }),
        onError: (error) => warn('It could not be ended', sentenceOf(error)),
      },
    );
  const columns: readonly Column<Connected>[] = [
    {
      key: 'client',
      head: 'Client',
      phone: 'bare',
      wide: true,
      cell: (client) => (
        <>
          <span className="clip">{client.name}</span>
          {client.provider !== null && <span className="soft">let in by your identity provider</span>}
        </>
      ),
    },
    { key: 'resource', head: 'May reach', cell: (client) => <span className="clip">{client.resource}</span> },
    {
      key: 'used',
      head: 'Last used',
      align: 'end',
      cell: (client) => <RelativeTime at={client.lastUsedAt ?? client.createdAt} />,
    },
    {
      key: 'end',
      head: 'End',
      quiet: true,
      align: 'end',
      cell: (client) => (
        <IconButton icon={Unplug} label={`Let ${client.name} in no more`} onClick={() => ask(client)} />
      ),
    },
  ];
  return (
    <Section
      title="Connected clients"
      text="AI clients that you let in. Ending one asks you again at its next sign-in."
    >
      {clients.error && !clients.items ? (
        <Problem error={clients.error} />
      ) : clients.items?.length === 0 ? (
        <p className="soft">You have let none in.</p>
      ) : (
        <Table caption="Connected clients" columns={columns} rows={clients.items} rowKey={({ id }) => id} />
      )}
      <MoreButton query={clients} />
    </Section>
  );
}
