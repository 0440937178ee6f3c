// A modern client listens to all servers of a merged endpoint at once: one subscription at each of them, one stream to the
// client, with one acknowledgement of what at least one of them honours.
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import type { Usable } from '../ports.ts';
import type { Call, CallSink, ModernHeaders } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Core, Waiting } from './core.ts';
import { resultTo } from './local-answers.ts';
import type { MergedLink } from './merged-links.ts';
import type { Outlet } from './outlet.ts';
import { passingOn } from './passing-on.ts';
import { relayToClient, splice } from './server-message.ts';

/** Milliseconds that servers get to acknowledge, before the client is told of those that did. */
const acknowledgePatience = 3_000;
const reassureEvery = 15_000;
const subscriptionKey = 'io.modelcontextprotocol/subscriptionId';

type Filter = Readonly<Record<string, unknown>>;

export class MergedSubscription implements Waiting {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #message: Message;
  readonly #modern: ModernHeaders;
  readonly #outlet: Outlet;
  place = -1;
  readonly #calls = new Set<Call>();
  #unacknowledged = 0;
  #acknowledged = false;
  #honoured: Filter = {};
  #held: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;
  #onEnd: () => void = () => {};
  #done = false;
  #reassured: number;

  constructor(core: Core, conversation: Conversation, message: Message, modern: ModernHeaders, outlet: Outlet) {
    this.#core = core;
    this.#conversation = conversation;
    this.#message = message;
    this.#modern = modern;
    this.#outlet = outlet;
    this.#reassured = core.host.ambient.clock.now();
  }

  /** `owner` says whose a resource is. */
  async begin(
    links: readonly MergedLink[],
    owner: (uri: string) => Promise<Usable | null>,
    onEnd: () => void,
  ): Promise<void> {
    this.#onEnd = onEnd;
    const wanted = wantedIn(this.#message);
    const owners = new Map<string, Usable | null>();
    for (const uri of urisOf(wanted)) owners.set(uri, await owner(uri));
    this.#core.judge.enter(this.#conversation.owner);
    if (this.#outlet.reply.gone) return this.stop();
    this.#core.underway.add(this);
    this.#outlet.reply.onGone(() => this.stop());
    this.#unacknowledged = links.length;
    this.#timer = setTimeout(() => this.#acknowledge(), acknowledgePatience);
    for (const link of links) this.#subscribe(link, owners);
    if (links.length === 0) this.#acknowledge();
  }

  sweep(now: number): void {
    if (now < this.#reassured + reassureEvery) return;
    this.#reassured = now;
    this.#outlet.reassure();
  }

  /** A subscription that the server ends is answered. */
  stop(): void {
    if (this.#done) return;
    const meta = `{"${subscriptionKey}":${this.#id()}}`;
    this.#end(resultTo(this.#message, `{"resultType":"complete","_meta":${meta}}`));
  }

  /** The client's message as it may travel to this server; null when it may not. */
  #judged(usable: Usable): Message | null {
    try {
      const edits = passingOn(this.#core, this.#conversation, usable)(this.#message);
      if (edits.length === 0) return this.#message;
      const { maxDepth } = this.#core.settings;
      return parseMessage(apply(this.#message.raw, edits), { maxDepth, check: 'structure' });
    } catch (error) {
      if (error instanceof Failure) return null;
      throw error;
    }
  }

  #subscribe(merged: MergedLink, owners: ReadonlyMap<string, Usable | null>): void {
    const { usable, link } = merged;
    const message = this.#judged(usable);
    if (message === null) return this.#honour({});
    const wanted = wantedIn(message);
    const uris = urisOf(wanted).filter((uri) => owners.get(uri)?.server.id === usable.server.id);
    const own: Filter = {
      ...wanted,
      ...(wanted['resourceSubscriptions'] === undefined ? {} : { resourceSubscriptions: uris }),
    };
    const span = filterSpan(message);
    if (span === null) return;
    let acknowledged = false;
    const heard = (honoured: Filter): void => {
      if (acknowledged) return;
      acknowledged = true;
      this.#honour(honoured);
    };
    const over = (): void => {
      heard({});
      this.#calls.delete(call);
      if (this.#calls.size === 0) this.stop();
    };
    const sink: CallSink = {
      related: (message) => {
        if (message.method !== 'notifications/subscriptions/acknowledged') return this.#relay(merged, message);
        heard(filterIn(message));
      },
      answer: over,
      fail: over,
      hasRoom: () => this.#outlet.reply.hasRoom(),
      onRoom: (resume) => this.#outlet.reply.onRoom(resume),
    };
    const edits = [splice(span, JSON.stringify(own))];
    const call = link.call({ message, edits }, this.#modern, sink);
    this.#calls.add(call);
  }

  #honour(honoured: Filter): void {
    this.#honoured = united(this.#honoured, honoured);
    this.#unacknowledged--;
    if (this.#unacknowledged === 0) this.#acknowledge();
  }

  #acknowledge(): void {
    if (this.#acknowledged || this.#done) return;
    this.#acknowledged = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    const params = `{"notifications":${JSON.stringify(this.#honoured)},"_meta":{"${subscriptionKey}":${this.#id()}}}`;
    const method = 'notifications/subscriptions/acknowledged';
    this.#outlet.event(Buffer.from(`{"jsonrpc":"2.0","method":"${method}","params":${params}}`));
    for (const tell of this.#held) tell();
    this.#held = [];
  }

  /** The acknowledgement comes first: what is said before it waits. */
  #relay({ usable, link }: MergedLink, message: Message): void {
    if (this.#done) return;
    if (!this.#acknowledged)
      return void this.#held.push(() => this.#relay({ usable, link, capabilities: null }, message));
    const conversation = this.#conversation;
    // A grant may have been taken back since.
    const still = this.#core.host.catalog.byName(conversation.caller, usable.server.name);
    if (still?.server.version !== usable.server.version) return;
    const about = { core: this.#core, conversation, usable: still };
    if (message.kind === 'notification') relayToClient(about, link, message, (data) => this.#outlet.event(data));
  }

  #id(): string {
    return this.#message.idSpan === null ? 'null' : this.#message.textAt(this.#message.idSpan);
  }

  #end(answer: Buffer): void {
    if (this.#done) return;
    this.#done = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#core.underway.delete(this);
    for (const call of this.#calls) call.cancel('the subscription has ended');
    this.#calls.clear();
    const said = { answer, failure: null };
    this.#core.scribe.writeLocal(this.#conversation, this.#message, said, () => this.#outlet.answer(answer, 200));
    this.#core.judge.leave(this.#conversation.owner);
    this.#onEnd();
  }
}

/** What a filter may take up; nobody needs to name more. */
const mostFilterBytes = 1024 * 1024;

function filterSpan({ params, text }: Message): Span | null {
  return params === null ? null : memberAt(text, params, 'notifications');
}

function wantedIn(message: Message): Filter {
  const span = filterSpan(message);
  const filter = span === null || span.end - span.start > mostFilterBytes ? null : message.valueAt(span);
  if (typeof filter !== 'object' || filter === null) {
    throw new Failure('invalid_params', 'params.notifications must say what to listen to');
  }
  return filter as Filter;
}

function urisOf(filter: Filter): readonly string[] {
  const uris = filter['resourceSubscriptions'];
  return Array.isArray(uris) ? uris.filter((uri): uri is string => typeof uri === 'string').slice(0, 1000) : [];
}

function filterIn(message: Message): Filter {
  const span = filterSpan(message);
  const filter = span === null ? null : message.valueAt(span);
  return typeof filter === 'object' && filter !== null ? (filter as Filter) : {};
}

function united(a: Filter, b: Filter): Filter {
  const uris = [...urisOf(a), ...urisOf(b)];
  return { ...a, ...b, ...(uris.length === 0 ? {} : { resourceSubscriptions: uris }) };
}
