// One server, 1:1: every name and URI passes untouched, in the client's own era. What the server can, the client gets.
import { Failure } from '@mcpvault/domain/failure';
import type { ServerId, ServerVersionId } from '@mcpvault/domain/ids';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { failureError, statusOf } from '../downstream/rpc-error.ts';
import type { Usable } from '../ports.ts';
import type { Link, Listener, ModernHeaders } from '../upstream/link.ts';
import { protocolOf } from '../upstream/protocol-of.ts';
import { type CallEndpoint, type CallPlan, ClientCall } from './client-call.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import type { Endpoint } from './endpoint.ts';
import { answerPing, patienceFor } from './local-answers.ts';
import { refusedEnvelope } from './modern-envelope.ts';
import type { ListAsked } from './known-lists.ts';
import type { Outlet } from './outlet.ts';
import { relayToClient, tellServer } from './server-message.ts';

const changedList = /^notifications\/(tools|prompts|resources)\/list_changed$/;
/** Milliseconds. */
const goOnFor = 30_000;

export class SingleEndpoint implements Endpoint, CallEndpoint, Listener {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #name: string;
  #link: Link | null = null;
  #opening: Promise<Link> | null = null;
  #server: ServerId | null = null;
  #version: ServerVersionId | null = null;
  /** Milliseconds since the epoch: when it first showed that the server has a newer version than the link. */
  #changedAt: number | null = null;
  #closed = false;
  /** Milliseconds since the epoch: when anything but a list was last asked, which may change what is listed. */
  #actedAt = 0;
  /** Lists that the server was asked for. */
  #listing: Map<CallPlan, ListAsked> | null = null;
  /** Those that are remembered for this conversation alone. */
  #remembered: Set<string> | null = null;

  constructor(core: Core, conversation: Conversation, name: string) {
    this.#core = core;
    this.#conversation = conversation;
    this.#name = name;
  }

  request(message: Message, outlet: Outlet, modern: ModernHeaders | null): void {
    if (message.method === 'ping' && modern === null) return answerPing(message, outlet);
    const usable = this.#usable();
    if (this.#link !== null && usable !== null && usable.server.version !== this.#version && !this.#mayGoOn()) {
      return this.#outdated(message, outlet);
    }
    // Over both, one connection serves many requests, and has no headers that the server could check.
    const shares = usable?.server.transport.type === 'stdio' || usable?.server.transport.type === 'websocket';
    const refused = modern !== null && shares ? refusedEnvelope(message, modern.version) : null;
    if (refused !== null) return outlet.answer(refused.answer, refused.status);
    new ClientCall({
      core: this.#core,
      conversation: this.#conversation,
      usable,
      message,
      bareName: null,
      modern,
      outlet,
      patience: patienceFor(message, this.#core.settings),
      routing: null,
      endpoint: this,
    }).begin();
  }

  notification(message: Message, taken: () => void): Failure | null {
    this.#acted();
    return tellServer(this.#core, this.#conversation, this.#usable(), message, this.#link, taken);
  }

  listen(ready: () => void): void {
    if (this.#link === null) ready();
    else this.#link.listen(ready);
  }

  drop(server: ServerId, why: string): void {
    if (this.#server === server) this.#conversation.end(why);
  }

  close(): void {
    this.#closed = true;
    for (const key of this.#remembered ?? []) this.#core.known.forget(key);
    const link = this.#link;
    this.#link = null;
    link?.close();
  }

  linkFor({ usable }: CallPlan): Link | Promise<Link> {
    if (this.#link !== null) return this.#link;
    if (this.#opening !== null) return this.#opening;
    if (usable === null) throw new Failure('forbidden', `there is no server "${this.#name}" that you may use`);
    const { caller, id, era } = this.#conversation;
    const link = this.#core.bridge.open(usable.server, { caller, conversation: id, era }, this);
    if (!(link instanceof Promise)) return this.#opened(usable, link);
    const opening = link.then((opened) => this.#opened(usable, opened)).finally(() => (this.#opening = null));
    this.#opening = opening;
    return opening;
  }

  known(call: CallPlan): Message | null {
    const asked = this.#core.known.asked(call);
    if (asked === null) {
      this.#acted();
      return null;
    }
    const known = this.#core.known.find(asked, this.#actedAt);
    if (known === null) (this.#listing ??= new Map()).set(call, asked);
    return known;
  }

  ended(call: CallPlan, answer: Message | null, failure: Failure | null): void {
    const { message, outlet, modern } = call;
    this.#remember(call, answer);
    if (modern !== null) return this.close();
    if (message.method === 'initialize') {
      if (answer?.kind === 'result') this.#conversation.protocol = protocolOf(answer);
      else {
        outlet.reply.header('mcp-session-id', null);
        this.#conversation.end('the session could not be opened');
      }
    } else if (failure?.code === 'session_not_found') this.#conversation.end('the server has forgotten the session');
  }

  unsolicited(message: Message): void {
    const usable = this.#usable();
    const conversation = this.#conversation;
    if (this.#link === null || usable === null) return;
    const changed = changedList.exec(message.method ?? '')?.[1];
    if (changed !== undefined) this.#core.lists.changed(usable.server, changed);
    relayToClient({ core: this.#core, conversation, usable }, this.#link, message, (data) => conversation.say(data));
  }

  #acted(): void {
    this.#actedAt = this.#core.host.ambient.clock.now();
  }

  #remember(call: CallPlan, answer: Message | null): void {
    const asked = this.#listing?.get(call);
    if (asked === undefined) return;
    this.#listing?.delete(call);
    if (this.#listing?.size === 0) this.#listing = null;
    if (answer?.kind !== 'result' || asked.at <= this.#actedAt) return;
    const { era } = this.#conversation;
    this.#core.known.keep(asked, answer, era);
    if (era === 'legacy') (this.#remembered ??= new Set()).add(asked.key);
  }

  /** Where nothing is lost with the process, the next call finds another one, and the client notices nothing. */
  lost(failure: Failure, forgotten: boolean): void {
    this.#link = null;
    this.#server = null;
    if (forgotten) this.#conversation.end(failure);
  }

  #opened({ server }: Usable, link: Link): Link {
    if (this.#closed) {
      link.close();
      throw new Failure('cancelled', 'the conversation has ended');
    }
    this.#link = link;
    this.#server = server.id;
    this.#version = server.version;
    this.#changedAt = null;
    if (this.#conversation.isListening) link.listen();
    return link;
  }

  /** Looked up anew for every message: a grant that was taken back ends at the next one. */
  #usable(): Usable | null {
    return this.#core.host.catalog.byName(this.#conversation.caller, this.#name);
  }

  /** Calls under way are finished by the version that they began with, and what comes meanwhile goes there too, for a while. */
  #mayGoOn(): boolean {
    const now = this.#core.host.ambient.clock.now();
    this.#changedAt ??= now;
    return this.#conversation.calls.size > 0 && now - this.#changedAt < goOnFor;
  }

  /** This session belongs to a version that is gone, and the client begins anew. */
  #outdated(message: Message, outlet: Outlet): void {
    const text = `the server "${this.#name}" was changed; begin a new session with initialize`;
    const failure = new Failure('session_not_found', text);
    outlet.answer(failureError(message, failure), statusOf(failure.code));
    this.#conversation.end('the server was changed');
  }
}
