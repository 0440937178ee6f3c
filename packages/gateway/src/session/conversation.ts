// One client's conversation with one endpoint: which calls are under way, what the client was asked, and where to say what
// comes unasked. A legacy session lives until it is deleted or idle; a modern message makes one for itself.
import type { ConversationId } from '@mcpvault/domain/ids';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import type { Message, RequestId } from '@mcpvault/protocol/jsonrpc/message';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { Usable } from '../ports.ts';
import type { Link } from '../upstream/link.ts';
import type { Reply } from '../downstream/reply.ts';
import { StreamLog } from './stream-log.ts';

/** A call of this conversation that waits for its answer. */
export interface Underway {
  cancel(reason: string): void;
}

/** A request of the server that waits for the client's answer. */
export interface Asked {
  readonly request: Message;
  readonly link: Link;
  readonly usable: Usable;
  /** The server's own id as JSON text, when the client knows the request under another. */
  readonly serverId: string | null;
  answered(answer: Message, verdict: Verdict): void;
}

/** Kept for a client that has not opened its stream yet; the oldest go first. */
const mostParked = 100;

export interface ConversationSettings {
  readonly resumeBytes: number;
}

export class Conversation {
  readonly id: ConversationId;
  readonly era: Era;
  readonly endpoint: string | null;
  readonly owner: Caller['member'];
  /** As of the latest message: roles and teams may change during a conversation. */
  caller: Caller;
  client: string | null = null;
  protocol: string | null;
  /** Milliseconds since the epoch. */
  usedAt: number;
  readonly calls = new Map<RequestId, Underway>();
  readonly asked = new Map<RequestId, Asked>();
  #log: StreamLog | null = null;
  readonly #resumeBytes: number;
  #listening: Outlet | null = null;
  #parked: Buffer[] | null = null;
  onListen: (() => void) | null = null;
  onEnd: ((why: string) => void) | null = null;
  ended = false;

  constructor(
    id: ConversationId,
    era: Era,
    endpoint: string | null,
    caller: Caller,
    now: number,
    settings: ConversationSettings,
  ) {
    this.id = id;
    this.era = era;
    this.endpoint = endpoint;
    this.owner = caller.member;
    this.caller = caller;
    this.usedAt = now;
    this.protocol = null;
    this.#resumeBytes = settings.resumeBytes;
  }

  /** Where the answer to one POST goes. */
  outlet(reply: Reply): Outlet {
    return new Outlet(this, reply);
  }

  /** Attaches a GET stream: what comes unasked goes there from now on, and what was kept for it at once. */
  listen(reply: Reply, lastEventId: string | null): void {
    const missed = lastEventId === null ? null : (this.#log?.after(lastEventId) ?? null);
    const outlet = missed === null ? new Outlet(this, reply) : Outlet.resumed(this, reply, missed.stream);
    reply.open();
    reply.keepAlive();
    for (const event of missed?.events ?? []) reply.event(event.data, event.id);
    const call = missed === null ? undefined : this.#outlets?.get(missed.stream);
    if (call !== undefined) return call.attach(reply);
    if (missed !== null && this.#closedStreams?.has(missed.stream) === true) return reply.end();
    this.#listening?.end();
    this.#listening = outlet;
    reply.onGone(() => {
      if (this.#listening === outlet) this.#listening = null;
    });
    const parked = this.#parked ?? [];
    this.#parked = null;
    for (const data of parked) outlet.event(data);
    this.onListen?.();
  }

  get isListening(): boolean {
    return this.#listening !== null;
  }

  /** Says something that belongs to no call; kept for a while when the client has no stream open. */
  say(data: Buffer): void {
    if (this.#listening !== null) return this.#listening.event(data);
    this.#parked ??= [];
    this.#parked.push(Buffer.from(data));
    if (this.#parked.length > mostParked) this.#parked.shift();
  }

  end(why: string): void {
    if (this.ended) return;
    this.ended = true;
    for (const call of [...this.calls.values()]) call.cancel(why);
    this.#listening?.end();
    this.#listening = null;
    this.onEnd?.(why);
  }

  // What follows is for outlets: streams that a client may take up again.
  #outlets: Map<number, Outlet> | null = null;
  #closedStreams: Set<number> | null = null;

  log(): StreamLog | null {
    if (this.era === 'modern') return null;
    this.#log ??= new StreamLog(this.#resumeBytes);
    return this.#log;
  }

  streamOpened(stream: number, outlet: Outlet): void {
    this.#outlets ??= new Map();
    this.#outlets.set(stream, outlet);
  }

  streamClosed(stream: number): void {
    this.#outlets?.delete(stream);
    this.#closedStreams ??= new Set();
    this.#closedStreams.add(stream);
    const [oldest] = this.#closedStreams;
    if (this.#closedStreams.size > 64 && oldest !== undefined) {
      this.#closedStreams.delete(oldest);
      this.#log?.forget(oldest);
    }
  }
}

/** Where one call's messages, or those of a GET stream, go: a reply that may be lost and replaced. */
export class Outlet {
  readonly #conversation: Conversation;
  #reply: Reply;
  #stream: number | null = null;

  constructor(conversation: Conversation, reply: Reply) {
    this.#conversation = conversation;
    this.#reply = reply;
  }

  static resumed(conversation: Conversation, reply: Reply, stream: number): Outlet {
    const outlet = new Outlet(conversation, reply);
    outlet.#stream = stream;
    return outlet;
  }

  get reply(): Reply {
    return this.#reply;
  }

  /** True when nobody reads any more and nobody can come back for it. */
  get lost(): boolean {
    return this.#reply.gone && this.#stream === null;
  }

  attach(reply: Reply): void {
    this.#reply = reply;
  }

  event(data: Buffer): void {
    const log = this.#conversation.log();
    if (log === null) return this.#reply.event(data, null);
    if (this.#stream === null) {
      this.#stream = log.open();
      this.#conversation.streamOpened(this.#stream, this);
    }
    const event = log.append(this.#stream, Buffer.from(data));
    this.#reply.event(event.data, event.id);
  }

  answer(data: Buffer, status: number): void {
    if (this.#stream === null) return this.#reply.answer(data, status, null);
    const log = this.#conversation.log();
    const id = log === null ? null : log.append(this.#stream, Buffer.from(data)).id;
    this.#conversation.streamClosed(this.#stream);
    this.#reply.answer(data, status, id);
  }

  end(): void {
    this.#reply.end();
  }
}
