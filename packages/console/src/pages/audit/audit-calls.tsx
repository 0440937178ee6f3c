// The calls that the log stands for: who called what, and how it ended; never what was said.
import { Link, useNavigate } from '@tanstack/react-router';
import { BadgeCheck, ScrollText } from 'lucide-react';
import { type ItemOf, useHub, usePages } from '../../api/hub.ts';
import { clock } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { saveFile } from './save-file.ts';

type Call = ItemOf<'listAuditCalls'>;

export function AuditCalls({ server }: { readonly server: string | undefined }) {
  const navigate = useNavigate();
  const calls = usePages('listAuditCalls', { server });
  const prove = useProof();
  const columns = [...told, { key: 'proof', head: 'Proof', quiet: true, align: 'end', cell: prove } as const];
  return (
    <>
      <div className="row">
        <SearchField
          label="Only one server"
          placeholder="Server, by its name"
          value={server ?? ''}
          onChange={(name) =>
            void navigate({ to: '/audit', search: { tab: 'calls', server: name || undefined }, replace: true })
          }
        />
      </div>
      {calls.error && !calls.items ? (
        <Problem error={calls.error} onRetry={() => void calls.refetch()} />
      ) : calls.items?.length === 0 ? (
        <EmptyState icon={ScrollText} title="No calls" text="A call is here a moment after it was answered." />
      ) : (
        <Table
          caption="Calls, newest first"
          columns={columns}
          rows={calls.items}
          rowKey={(call) => `${call.sequence}.${call.index}`}
        />
      )}
      <MoreButton query={calls} />
    </>
  );
}

const told: readonly Column<Call>[] = [
  {
    key: 'at',
    head: 'When',
    cell: (call) => (
      <span className="soft audit-time" title={clock(new Date(call.at))}>
        <RelativeTime at={call.at} />
      </span>
    ),
  },
  {
    key: 'who',
    head: 'Who',
    cell: ({ member, actedBy, role, client }) => (
      <div>
        {actedBy === null ? member.label : `${actedBy.label} as ${member.label}`}
        <p className="faint audit-from">{[role, client].filter((each) => each !== null).join(', ')}</p>
      </div>
    ),
  },
  {
    key: 'what',
    head: 'Called',
    phone: 'bare',
    cell: ({ server, method, target, parameters, secrets }) => (
      <div className="audit-subject">
        <code>{target ?? method}</code>
        {server.name !== null && <span className="soft"> on {server.name}</span>}
        {parameters !== null && parameters !== '{}' && <p className="faint">{parametersOf(parameters)}</p>}
        {secrets.length > 0 && <p className="faint">with {secrets.join(', ')}</p>}
      </div>
    ),
    wide: true,
  },
  {
    key: 'outcome',
    head: 'Outcome',
    cell: ({ outcome, reason }) => (
      <span title={reason ?? undefined}>
        <Badge tone={outcome === 'answered' || outcome === 'sent' ? 'ok' : outcome === 'refused' ? 'bad' : 'warn'}>
          {outcome.replace('_', ' ')}
        </Badge>
      </span>
    ),
  },
];

/** `{"path":"text 24"}` as `path: text 24`. */
function parametersOf(json: string): string {
  const outline: unknown = JSON.parse(json);
  if (typeof outline !== 'object' || outline === null) return String(outline);
  return Object.entries(outline)
    .map(([name, kind]) => `${name}: ${String(kind)}`)
    .join(', ');
}

function useProof() {
  const { client } = useHub();
  const save = async ({ message }: Call) => {
    try {
      const proof = await client.call('proveAudited', { id: message as `msg_${string}` });
      saveFile([`${JSON.stringify(proof)}\n`], `proof-${message}.json`, 'application/json');
      say('The proof of this call was saved', { detail: 'Check it anywhere with: mcpvault audit verify FILE' });
    } catch (error) {
      warn('The call could not be proven', sentenceOf(error));
    }
  };
  return (call: Call) => (
    <span className="row audit-links">
      <Link to="/messages/$id" params={{ id: call.message }} className="row-link">
        Message
      </Link>
      <IconButton icon={BadgeCheck} label={`Save the proof of ${call.message}`} onClick={() => void save(call)} />
    </span>
  );
}
