// What servers listed lately to single endpoints: a client that asks for the same list again, having done nothing else, gets
// the same bytes without asking the server. It promises nothing for longer than the server does. A legacy session has lists of
// its own, since its server may list to it what it lists to nobody else; modern requests share those of their authorization
// context. What was not asked for longest is forgotten when all together hold too much.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerVersionId } from '@mcpvault/domain/ids';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import { authorizationContext } from './authorization-context.ts';
import type { CallPlan } from './client-call.ts';
import { freshFor } from './fresh-for.ts';
import type { ListShelf } from './list-shelf.ts';
import { type ListKind, listKinds } from './merged-lists.ts';

/** A list that is asked for. */
export interface ListAsked {
  readonly key: string;
  readonly kind: ListKind;
  readonly version: ServerVersionId;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** How often the list had changed by then. */
  readonly changes: number;
}

interface KnownList {
  readonly asked: ListAsked;
  readonly answer: Message;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

export class KnownLists {
  readonly #clock: Clock;
  readonly #shelf: Pick<ListShelf, 'changes'>;
  readonly #mostBytes: number;
  /** The one used last stands last. */
  readonly #known = new Map<string, KnownList>();
  #bytes = 0;

  constructor(clock: Clock, shelf: Pick<ListShelf, 'changes'>, mostBytes: number) {
    this.#clock = clock;
    this.#shelf = shelf;
    this.#mostBytes = mostBytes;
  }

  /** null for what is no list, or may not be remembered. */
  asked({ conversation, message, usable }: CallPlan): ListAsked | null {
    const kind = usable === null ? undefined : kinds.get(message.method ?? '');
    if (kind === undefined || usable === null || message.marks.progressToken !== null) return null;
    const { version } = usable.server;
    const whose = conversation.era === 'legacy' ? conversation.id : authorizationContext(conversation, message);
    const params = message.params === null ? '' : message.textAt(message.params);
    const key = `${whose} ${version} ${kind.method} ${params}`;
    return { key, kind, version, at: this.#clock.now(), changes: this.#shelf.changes(version, kind) };
  }

  /** What the server answered to the same, under the id that it had then; null unless that holds still, and was asked after `since`. */
  find(asked: ListAsked, since: number): Message | null {
    const known = this.#known.get(asked.key);
    if (known === undefined || known.asked.at <= since) return null;
    if (known.until <= asked.at || known.asked.changes !== asked.changes) return null;
    this.#known.delete(asked.key);
    this.#known.set(asked.key, known);
    return known.answer;
  }

  keep(asked: ListAsked, answer: Message, era: Era): void {
    this.forget(asked.key);
    if (asked.changes !== this.#shelf.changes(asked.version, asked.kind)) return;
    const holds = freshFor(asked.kind, [answer], era === 'legacy' ? undeclared : null);
    if (holds <= 0) return;
    this.#known.set(asked.key, { asked, answer, until: asked.at + holds });
    this.#bytes += costOf(answer);
    for (const key of this.#known.keys()) {
      if (this.#bytes <= this.#mostBytes) return;
      this.forget(key);
    }
  }

  forget(key: string): void {
    const known = this.#known.get(key);
    if (known === undefined) return;
    this.#known.delete(key);
    this.#bytes -= costOf(known.answer);
  }

  /** Forgets what holds no longer. */
  sweep(now: number): void {
    for (const [key, { until }] of this.#known) if (until <= now) this.forget(key);
  }
}

const kinds: ReadonlyMap<string, ListKind> = new Map(
  listKinds.filter(({ capability }) => capability !== 'tasks').map((kind) => [kind.method, kind]),
);
/** Whether a legacy server's word of a change would be heard here depends on its client, so that it does not count. */
const undeclared = { tools: {}, prompts: {}, resources: {} };
/** Bytes that each entry costs beside what was listed. */
const overhead = 1_000;

/** An answer holds its bytes and a view of them as text. */
function costOf({ raw }: Message): number {
  return overhead + 2 * raw.length;
}
