import { Badge, type Tone } from '../../parts/badge.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Card, Section } from '../../parts/page.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import type { Server } from './server-status.tsx';

type Confinement = NonNullable<Server['confinement']>;
type Running = NonNullable<Server['running']>[number];

const states: Readonly<Record<Confinement['state'], readonly [Tone, string]>> = {
  sandboxed: ['ok', 'in a sandbox'],
  limited: ['neutral', 'limits, no sandbox'],
  open: ['neutral', 'no sandbox'],
};

const columns: readonly Column<Running>[] = [
  { key: 'pid', head: 'Process', cell: ({ pid, id }) => <code title={id}>{pid ?? 'not started'}</code> },
  { key: 'since', head: 'Started', cell: ({ startedAt }) => <RelativeTime at={startedAt} /> },
  { key: 'calls', head: 'Calls', align: 'end', cell: ({ calls }) => <span className="num">{calls}</span> },
  {
    key: 'state',
    head: 'State',
    wide: true,
    cell: ({ leaving, confinement }) => (
      <span className="row">
        <Confined confinement={confinement} />
        {leaving && <Badge tone="warn">finishing its calls</Badge>}
      </span>
    ),
  },
];

/** The processes that run now, and what holds them; nothing for servers that are no processes. */
export function ServerProcesses({ server }: { readonly server: Server }) {
  const { running, confinement } = server;
  if (running === undefined || confinement === undefined) return null;
  return (
    <Section
      title="Processes"
      text={running.length === 0 ? 'None runs at present; the next call starts one.' : undefined}
      actions={<Confined confinement={confinement} />}
    >
      <div className="stack">
        <MissingConfinement confinement={confinement} />
        {running.length > 0 && (
          <Card padded={false}>
            <Table caption="Running processes" columns={columns} rows={running} rowKey={({ id }) => id} />
          </Card>
        )}
      </div>
    </Section>
  );
}

/** What was asked for and the hub's machine does not offer. */
function MissingConfinement({ confinement }: { readonly confinement: Confinement }) {
  if (confinement.missing.length === 0) return null;
  return (
    <Notice tone="warn" title="The hub’s machine cannot hold its processes as you asked">
      {confinement.missing.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </Notice>
  );
}

function Confined({ confinement: { state } }: { readonly confinement: Confinement }) {
  const [tone, label] = states[state];
  return <Badge tone={tone}>{label}</Badge>;
}
