// One client's conversation with one endpoint: which calls are under way, what the client was asked, and where to say what
// comes unasked. A legacy session lives until it is deleted or idle; a modern message makes one for itself.
import type { Clock } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { ConversationId } from '@mcpvault/domain/ids';
import { type Caller, type Principal, principalOf } from '@mcpvault/domain/identity/caller';
import type { RequestId } from '@mcpvault/protocol/jsonrpc/message';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { Reply } from '../downstream/reply.ts';
import type { Asked } from './asked.ts';
import { conversationLife, firstPhase, type Happening, type Phase, refusedIn } from './conversation-life.ts';
import type { Elicits } from './held/elicits.ts';
import { Outlet, type Streams } from './outlet.ts';
import { eventId, readEventId, StreamLog, unaskedStream } from './stream-log.ts';
import { Underways } from './underways.ts';

export interface ConversationDeps {
  readonly clock: Clock;
  /** Bytes kept of streams that the client may take up again. */
  readonly resumeBytes: number;
}

/** A server that asks more than this without getting answers is not listened to any further. */
const mostAsked = 100;
/** Milliseconds that a client, or the person in front of it, has to answer a server's question. */
const answerTime = 600_000;

export class Conversation implements Streams {
  readonly id: ConversationId;
  readonly era: Era;
  readonly endpoint: string | null;
  readonly owner: Principal;
  /** As of the latest message: roles and teams may change during a conversation. */
  caller: Caller;
  client: string | null = null;
  /** How a legacy client can ask its person something; modern ones say it with each message. */
  elicits: Elicits = null;
  /** Where the latest message came from. */
  address: string | null = null;
  #protocol: string | null = null;
  /** Milliseconds since the epoch. */
  usedAt: number;
  readonly calls = new Underways();
  #phase: Phase;
  readonly #deps: ConversationDeps;
  #asked: Map<RequestId, Asked> | null = null;
  #log: StreamLog | null = null;
  /** The calls whose streams are open, by stream. */
  #open: Map<number, Outlet> | null = null;
  /** The client's stream for what comes unasked. */
  #listening: Reply | null = null;
  /** The last event of that stream that was written to a client. */
  #told = 0;

  constructor(id: ConversationId, era: Era, endpoint: string | null, caller: Caller, deps: ConversationDeps) {
    this.id = id;
    this.era = era;
    this.endpoint = endpoint;
    this.owner = principalOf(caller);
    this.caller = caller;
    this.usedAt = deps.clock.now();
    this.#deps = deps;
    this.#phase = firstPhase[era];
  }

  get ended(): boolean {
    return this.#phase === 'ended';
  }

  /** The revision that is spoken with the client; null until that is settled. */
  get protocol(): string | null {
    return this.#protocol;
  }

  set protocol(revision: string | null) {
    this.#protocol = revision;
    if (this.#phase === 'opening') this.happens('opened');
  }

  /** Notes what happens; returns why it cannot, or null. */
  happens(what: Happening): Failure | null {
    const next = conversationLife[this.#phase][what];
    if (next === null) return refusedIn(this.#phase);
    this.#phase = next;
    return null;
  }

  /** Where the answer to one POST goes. */
  outlet(reply: Reply): Outlet {
    return new Outlet(this, reply);
  }

  get isListening(): boolean {
    return this.#listening !== null;
  }

  get takesPriming(): boolean {
    return this.protocol !== null && this.protocol >= '2025-11-25';
  }

  /** Attaches a GET stream, or takes up one that broke. Returns why not, or null. */
  listen(reply: Reply, lastEventId: string | null): Failure | null {
    if (reply.gone) return null;
    const last = lastEventId === null ? null : readEventId(lastEventId);
    if (last !== null && last.stream !== unaskedStream) return this.#resumeCall(reply, last.stream, last.number);
    this.#listening?.end();
    this.#listening = reply;
    reply.open();
    reply.onGone(() => {
      if (this.#listening === reply) this.#listening = null;
    });
    const from = last?.number ?? this.#told;
    if (this.takesPriming) reply.prime(eventId(unaskedStream, from));
    for (const { number, data } of this.#log?.after(unaskedStream, from)?.events ?? []) this.#tell(number, data);
    return null;
  }

  /** Says something that belongs to no call; kept for a client that is not listening. */
  say(data: Buffer): void {
    if (this.era === 'modern') return;
    const kept = Buffer.from(data);
    const number = this.keep(unaskedStream, kept);
    if (this.#listening !== null) this.#tell(number, kept);
  }

  /** Shows a listening client that the connection is alive. */
  beat(): void {
    this.#listening?.beat();
  }

  openStream(outlet: Outlet): number | null {
    if (this.era === 'modern') return null;
    this.#log ??= new StreamLog(this.#deps.resumeBytes);
    const stream = this.#log.open();
    this.#open ??= new Map();
    this.#open.set(stream, outlet);
    return stream;
  }

  keep(stream: number, data: Buffer): number {
    this.#log ??= new StreamLog(this.#deps.resumeBytes);
    return this.#log.append(stream, data).number;
  }

  closeStream(stream: number): void {
    this.#open?.delete(stream);
    this.#log?.close(stream, this.#deps.clock.now());
  }

  /** Notes a server's question; returns false when too many wait already. */
  ask(id: RequestId, asked: Asked): boolean {
    this.#asked ??= new Map();
    if (this.#asked.size >= mostAsked) return false;
    this.#asked.set(id, asked);
    return true;
  }

  /** The question that an answer with this id answers; it is no longer waiting then. */
  takeAsked(id: RequestId): Asked | null {
    const asked = this.#asked?.get(id) ?? null;
    if (asked !== null) this.#asked?.delete(id);
    return asked;
  }

  question(id: RequestId): Asked | null {
    return this.#asked?.get(id) ?? null;
  }

  /** The questions that wait for the client. */
  questions(): Iterable<readonly [RequestId, Asked]> {
    return this.#asked ?? [];
  }

  get isAsked(): boolean {
    return this.#asked !== null && this.#asked.size > 0;
  }

  /** Lets go of what nobody came back for, and of questions that nobody answers. */
  sweep(now: number): void {
    this.#log?.sweep(now);
    for (const [id, asked] of this.#asked ?? []) {
      if (asked.at + answerTime > now) continue;
      this.#asked?.delete(id);
      asked.unanswered('the client did not answer');
    }
  }

  /** What ends with the conversation besides itself; set by whoever keeps it. */
  onEnd: (() => void) | null = null;

  /** `why` is a failure when the server's end is the cause: then that is what becomes of the calls under way. */
  end(why: string | Failure): void {
    if (this.happens('end') !== null) return;
    for (const call of this.calls.all()) {
      if (why instanceof Failure) call.fail(why);
      else call.cancel(why);
    }
    this.#listening?.end();
    this.#listening = null;
    this.onEnd?.();
  }

  #tell(number: number, data: Buffer): void {
    this.#listening?.event(data, eventId(unaskedStream, number));
    this.#told = Math.max(this.#told, number);
  }

  #resumeCall(reply: Reply, stream: number, number: number): Failure | null {
    const missed = this.#log?.after(stream, number) ?? null;
    if (missed === null) {
      return new Failure(
        'invalid_request',
        'nothing is kept of the stream that this event was on; send the request again',
      );
    }
    reply.open();
    for (const event of missed.events) reply.event(event.data, eventId(stream, event.number));
    if (missed.closed) reply.end();
    else this.#open?.get(stream)?.attach(reply);
    return null;
  }
}
