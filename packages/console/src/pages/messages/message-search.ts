// The filters of the message list as they stand in the address, as the hub is asked for them, and as they judge a message
// that arrives live. Pure.
import type { Input, ItemOf } from '../../api/hub.ts';

export type Message = ItemOf<'listMessages'>;
export type Outcome = Message['outcome'];

export interface MessageSearch {
  readonly server?: string;
  readonly tool?: string;
  readonly member?: string;
  readonly method?: string;
  /** `trouble`: a tool error, an error or a failure. */
  readonly outcome?: Outcome | 'trouble';
  readonly redacted?: 'yes' | 'no';
  readonly q?: string;
  /** RFC 3339. */
  readonly from?: string;
  readonly to?: string;
  /** The message shown beside the list. */
  readonly open?: string;
}

const outcomes: readonly (Outcome | 'trouble')[] = [
  'trouble',
  'answered',
  'tool_error',
  'error',
  'refused',
  'failed',
  'cancelled',
  'sent',
];

/** Addresses are typed, shared and cut off: what makes no sense is left out, never an error. */
export function parseMessageSearch(raw: Readonly<Record<string, unknown>>): MessageSearch {
  const text = (name: string) => {
    const value = raw[name];
    const said = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    return typeof said === 'string' && said.trim() !== '' ? said.trim() : undefined;
  };
  const time = (name: string) => {
    const value = text(name);
    if (value === undefined || Number.isNaN(Date.parse(value))) return undefined;
    return new Date(value).toISOString();
  };
  const redacted = text('redacted');
  return defined({
    server: text('server'),
    tool: text('tool'),
    member: text('member'),
    method: text('method'),
    outcome: outcomes.find((outcome) => outcome === raw['outcome']),
    redacted: redacted === 'yes' || redacted === 'no' ? redacted : undefined,
    q: text('q'),
    from: time('from'),
    to: time('to'),
    open: text('open'),
  });
}

export function listInput(search: MessageSearch): Input<'listMessages'> {
  const { open, redacted, member, outcome, ...rest } = search;
  return defined({
    ...rest,
    member: member as Input<'listMessages'>['member'],
    outcome: outcome === 'trouble' ? undefined : outcome,
    trouble: outcome === 'trouble' ? 'true' : undefined,
    redacted: redacted === undefined ? undefined : redacted === 'yes' ? 'true' : 'false',
  });
}

/** Whether a message that arrived live belongs into the list, judged as the hub judges recorded ones. */
export function matches(search: MessageSearch, message: Message): boolean {
  const { server, tool, member, method, outcome, redacted, q, from, to } = search;
  const at = Date.parse(message.at);
  return (
    (server === undefined || message.server?.name === server || message.server?.id === server) &&
    (tool === undefined || (message.method === 'tools/call' && message.target === tool)) &&
    (member === undefined || message.member.id === member) &&
    (method === undefined || message.method === method) &&
    (outcome === undefined || (outcome === 'trouble' ? isTrouble(message) : message.outcome === outcome)) &&
    (redacted === undefined || message.redactions > 0 === (redacted === 'yes')) &&
    (from === undefined || at >= Date.parse(from)) &&
    (to === undefined || at < Date.parse(to)) &&
    (q === undefined || textOf(message).includes(q.toLowerCase()))
  );
}

function isTrouble({ outcome }: Message): boolean {
  return outcome === 'tool_error' || outcome === 'error' || outcome === 'failed';
}

function textOf({ method, target, server, member }: Message): string {
  return [method, target, server?.name, member.email].join('\n').toLowerCase();
}

/** How many filters are set; the open message is none. */
export function filterCount({ open, ...filters }: MessageSearch): number {
  return Object.values(filters).filter((value) => value !== undefined).length;
}

function defined<Fields extends object>(fields: Fields): { [Key in keyof Fields]: NonNullable<Fields[Key]> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Fields]: NonNullable<Fields[Key]>;
  };
}
