// One thing that happened, as other systems are told of it: an entry, or one of the calls that an entry stands for. Says the
// same in every format; never what a message said.
import { callsOf } from '../calls.ts';
import type { CallLine, EntryLine, ExportLine } from '../export-lines.ts';

export interface AuditEvent {
  /** `aud_…` or `msg_…`: a receiver that saw it before may leave it out. */
  readonly id: string;
  /** Its place in the log: of an entry `41`, of a call `41.3`. */
  readonly place: string;
  readonly organization: string;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  readonly kind: 'entry' | 'call';
  /** A member's id, or `system`; of a call, as whom. */
  readonly actor: string;
  /** Who really acted, when somebody acted as the actor. */
  readonly actedBy: string | null;
  readonly role: string | null;
  /** The operation, or the method of a call. */
  readonly action: string;
  /** The id of what it was done to; of a call, the server. */
  readonly subject: string | null;
  readonly server: string | null;
  /** The tool, prompt or resource. */
  readonly target: string | null;
  readonly outcome: string;
  readonly succeeded: boolean;
  readonly reason: string | null;
  readonly address: string | null;
  readonly client: string | null;
  /** Of a request to the API, or of the message: the same id is in the answer and in the hub's log. */
  readonly correlation: string | null;
  readonly trace: string | null;
  readonly durationMs: number | null;
  /** Names and kinds of arguments, as JSON. */
  readonly parameters: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
  /** As an export has it. */
  readonly line: EntryLine | CallLine;
}

/** null for lines that tell of nothing by themselves, such as an entry that stands for calls. */
export function eventOf(line: ExportLine): AuditEvent | null {
  if (line.type === 'call') return ofCall(line);
  return line.type === 'entry' && callsOf(line) === null ? ofEntry(line) : null;
}

function ofEntry(line: EntryLine): AuditEvent {
  const { from, request, as: subject, role, ...detail } = line.detail;
  const whom = textOf(subject);
  return {
    id: line.id,
    place: String(line.sequence),
    organization: line.organization,
    at: line.at,
    kind: 'entry',
    actor: whom ?? line.actor,
    actedBy: whom === null ? null : line.actor,
    role: textOf(role),
    action: line.action,
    subject: line.subject,
    server: line.subject?.startsWith('srv_') === true ? line.subject : null,
    target: null,
    outcome: line.outcome,
    succeeded: line.outcome === 'done',
    reason: null,
    address: textOf(from),
    client: null,
    correlation: textOf(request),
    trace: null,
    durationMs: null,
    parameters: null,
    detail,
    line,
  };
}

const good: ReadonlySet<unknown> = new Set(['answered', 'sent']);

function ofCall(line: CallLine): AuditEvent {
  const { record } = line;
  const text = (name: string) => textOf(record[name]);
  const duration = record['durationUs'];
  const at = record['at'];
  return {
    id: text('id') ?? '',
    place: `${line.sequence}.${line.index}`,
    organization: text('organization') ?? '',
    at: typeof at === 'number' ? at : 0,
    kind: 'call',
    actor: text('member') ?? '',
    actedBy: text('actedBy'),
    role: text('role'),
    action: text('method') ?? '',
    subject: text('server'),
    server: text('serverName'),
    target: text('target'),
    outcome: text('outcome') ?? '',
    succeeded: good.has(record['outcome']),
    reason: text('reason'),
    address: null,
    client: text('client'),
    correlation: text('id'),
    trace: text('trace'),
    durationMs: typeof duration === 'number' ? duration / 1000 : null,
    parameters: text('parameters'),
    detail: {
      code: record['code'] ?? null,
      token: record['token'] ?? null,
      protocol: record['protocol'] ?? null,
      secrets: record['secrets'] ?? null,
    },
    line,
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
