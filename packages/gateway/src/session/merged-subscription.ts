// A modern client listens to all servers of a merged endpoint at once: one subscription at each of them, one stream to the
// client, with one acknowledgement of what at least one of them honours.
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Edit } from '@mcpvault/domain/redaction/edit';
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

/** A resource or task that the client asked about: in its words, in its server's own, and which server that is. */
interface Meant {
  readonly uri: string;
  readonly own: string;
  readonly server: ServerId | null;
}

/** What a resource or a task means; `server` is null where it means nothing that the caller may use. */
export interface Meaning {
  uri(uri: string): Promise<Omit<Meant, 'uri'>>;
  task(task: string): Omit<Meant, 'uri'>;
}

type Hear = (usable: Usable, message: Message, plainUri: string | null) => readonly Edit[];

export class MergedSubscription implements Waiting {
  readonly #core: Core;
  readonly #conversation: Conversation;
  readonly #message: Message;
  readonly #modern: ModernHeaders;
  readonly #outlet: Outlet;
  readonly #hear: Hear;
  place = -1;
  readonly #calls = new Set<Call>();
  #unacknowledged = 0;
  #acknowledged = false;
  #honoured: Filter = {};
  #held: (() => void)[] = [];
  #timer: NodeJS.Timeout | null = null;
  #onEnd: () => void = () => {};
  #done = false;
  readonly #wanted: Meant[] = [];
  readonly #tasks: Meant[] = [];
  /** Links that may still open. */
  #coming = 0;
  #reassured: number;

  constructor(
    core: Core,
    conversation: Conversation,
    message: Message,
    modern: ModernHeaders,
    outlet: Outlet,
    hear: Hear,
  ) {
    this.#core = core;
    this.#conversation = conversation;
    this.#message = message;
    this.#modern = modern;
    this.#outlet = outlet;
    this.#hear = hear;
    this.#reassured = core.host.ambient.clock.now();
  }

  /** Servers join as their links open; one that never does has nothing to say. */
  async begin(links: readonly Promise<MergedLink>[], meaning: Meaning, onEnd: () => void): Promise<void> {
    this.#onEnd = onEnd;
    const wanted = wantedIn(this.#message);
    for (const uri of namesIn(wanted, 'resourceSubscriptions')) this.#wanted.push({ uri, ...(await meaning.uri(uri)) });
    for (const uri of namesIn(wanted, 'taskIds')) this.#tasks.push({ uri, ...meaning.task(uri) });
    this.#core.judge.enter(this.#conversation.owner);
    if (this.#outlet.reply.gone) return this.stop();
    this.#core.underway.add(this);
    this.#outlet.reply.onGone(() => this.stop());
    this.#unacknowledged = links.length;
    this.#timer = setTimeout(() => this.#acknowledge(), acknowledgePatience);
    this.#coming = links.length;
    for (const link of links) {
      link.then(
        (opened) => this.#joined(opened),
        () => this.#absent(),
      );
    }
    if (links.length === 0) this.#acknowledge();
  }

  #joined(link: MergedLink): void {
    this.#coming--;
    if (!this.#done) this.#subscribe(link);
  }

  #absent(): void {
    this.#coming--;
    this.#honour({});
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

  #subscribe(merged: MergedLink): void {
    const { usable, link } = merged;
    const message = this.#judged(usable);
    if (message === null) return this.#honour({});
    const wanted = wantedIn(message);
    // What a policy changed in the client's words is not what it asked about.
    const asked = (name: string, of: readonly Meant[]): Filter =>
      wanted[name] === undefined
        ? {}
        : { [name]: of.filter((each) => this.#isMeant(each, merged)).map(({ own }) => own) };
    const own: Filter = {
      ...wanted,
      ...asked(
        'resourceSubscriptions',
        this.#wanted.filter(({ uri }) => namesIn(wanted, 'resourceSubscriptions').includes(uri)),
      ),
      ...asked(
        'taskIds',
        this.#tasks.filter(({ uri }) => namesIn(wanted, 'taskIds').includes(uri)),
      ),
    };
    const span = filterSpan(message);
    if (span === null) return;
    let acknowledged = false;
    const heard = (honoured: Filter): void => {
      if (acknowledged) return;
      acknowledged = true;
      this.#honour(this.#asShown(honoured, merged));
    };
    const over = (): void => {
      heard({});
      this.#calls.delete(call);
      if (this.#calls.size === 0 && this.#coming === 0) this.stop();
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
    const reworded = (said: Message): readonly Edit[] => this.#hear(still, said, this.#plainUriOf(said));
    const about = { core: this.#core, conversation, usable: still, reworded };
    if (message.kind === 'notification') relayToClient(about, link, message, (data) => this.#outlet.event(data));
  }

  #isMeant({ server }: Meant, { usable }: MergedLink): boolean {
    return server === usable.server.id;
  }

  /** What a server honours of the client's wishes, in the client's words. */
  #asShown(honoured: Filter, merged: MergedLink): Filter {
    const shown = (name: string, of: readonly Meant[]): Filter => {
      if (honoured[name] === undefined) return {};
      const kept = new Set(namesIn(honoured, name));
      return { [name]: of.filter((each) => this.#isMeant(each, merged) && kept.has(each.own)).map(({ uri }) => uri) };
    };
    return { ...honoured, ...shown('resourceSubscriptions', this.#wanted), ...shown('taskIds', this.#tasks) };
  }

  /** A resource that the client asked about without saying whose it is, if that is what changed. */
  #plainUriOf({ method, target }: Message): string | null {
    if (method !== 'notifications/resources/updated') return null;
    return this.#wanted.find(({ uri, own }) => uri === target && uri === own)?.uri ?? null;
  }

  get caller(): Caller {
    return this.#conversation.caller;
  }

  revoke(): void {
    this.stop();
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

function namesIn(filter: Filter, list: string): readonly string[] {
  const names = filter[list];
  return Array.isArray(names) ? names.filter((name): name is string => typeof name === 'string').slice(0, 1000) : [];
}

function filterIn(message: Message): Filter {
  const span = filterSpan(message);
  const filter = span === null ? null : message.valueAt(span);
  return typeof filter === 'object' && filter !== null ? (filter as Filter) : {};
}

function united(a: Filter, b: Filter): Filter {
  const lists = ['resourceSubscriptions', 'taskIds'].filter((list) => a[list] !== undefined || b[list] !== undefined);
  const both = lists.map((list) => [list, [...namesIn(a, list), ...namesIn(b, list)]]);
  return { ...a, ...b, ...Object.fromEntries(both) };
}
