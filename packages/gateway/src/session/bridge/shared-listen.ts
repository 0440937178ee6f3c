// What a modern server says unasked, for one legacy session: one subscription upstream, whose filter follows what the
// session watches. A new one is open before the old one ends, so that nothing is missed in between.
import { Failure } from '@mcpvault/domain/failure';
import { type Message, MalformedMessage } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { metaKeys } from '@mcpvault/protocol/mcp/revision';
import type { GatewaySettings } from '../../ports.ts';
import type { Call, CallSink } from '../../upstream/link.ts';
import type { Hop } from './drive.ts';
import { errorIn, notificationOf, paramsOf } from './words.ts';

export interface SharedListenDeps {
  readonly hop: Hop;
  readonly settings: Pick<GatewaySettings, 'connectTimeout'>;
  /** A notification in the words of a legacy server. */
  heard(message: Message): void;
}

/** Told once the server watches, or why it does not. */
type Done = (why: string | null) => void;

/** Milliseconds before a subscription that ended is opened again; doubled each time it ends at once. */
const againAfter = { least: 1_000, most: 60_000 };

export class SharedListen {
  readonly #deps: SharedListenDeps;
  readonly #uris = new Set<string>();
  #capabilities = ObjectText.of(null);
  #listening = false;
  #closed = false;
  #current: Subscription | null = null;
  #next: Subscription | null = null;
  #waiting: Done[] = [];
  #again: NodeJS.Timeout | null = null;
  #pause = againAfter.least;

  constructor(deps: SharedListenDeps) {
    this.#deps = deps;
  }

  /** What the server said that it offers. */
  offered(capabilities: ObjectText): void {
    this.#capabilities = capabilities;
  }

  /** The client listens from now on; `ready` is called once the server is heard, or will not be. */
  open(ready?: () => void): void {
    if (this.#listening || this.#closed) return ready?.();
    this.#listening = true;
    this.#subscribe(() => ready?.());
  }

  watch(uri: string, done: Done): void {
    if (this.#capabilities.inner('resources').get('subscribe') !== 'true') {
      return queueMicrotask(() => done('the server offers no updates of resources'));
    }
    this.#uris.add(uri);
    this.#subscribe(done);
  }

  unwatch(uri: string, done: Done): void {
    if (!this.#uris.delete(uri)) return queueMicrotask(() => done(null));
    this.#subscribe(done);
  }

  close(): void {
    this.#closed = true;
    if (this.#again !== null) clearTimeout(this.#again);
    this.#current?.end();
    this.#next?.end();
  }

  #subscribe(done: Done): void {
    if (this.#closed) return;
    const filter = this.#filter();
    if (filter.size === 0) {
      this.#current?.end();
      this.#current = null;
      return queueMicrotask(() => done(null));
    }
    this.#waiting.push(done);
    this.#next?.end();
    const subscription = new Subscription(this.#deps, filter, {
      opened: () => this.#opened(subscription),
      ended: (why, forGood) => this.#ended(subscription, why, forGood),
    });
    this.#next = subscription;
    subscription.begin();
  }

  #opened(subscription: Subscription): void {
    if (this.#next !== subscription) return;
    this.#next = null;
    this.#current?.end();
    this.#current = subscription;
    this.#settle(null);
  }

  #ended(subscription: Subscription, why: string, forGood: boolean): void {
    const isNext = this.#next === subscription;
    if (!isNext && this.#current !== subscription) return;
    if (isNext) this.#next = null;
    else this.#current = null;
    this.#settle(why);
    if (forGood || this.#closed || this.#again !== null || this.#filter().size === 0) return;
    this.#again = setTimeout(() => {
      this.#again = null;
      if (this.#current === null && this.#next === null) this.#subscribe(() => undefined);
    }, this.#pause);
    this.#again.unref();
    this.#pause = Math.min(this.#pause * 2, againAfter.most);
  }

  #settle(why: string | null): void {
    if (why === null) this.#pause = againAfter.least;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const done of waiting) done(why);
  }

  #filter(): ObjectText {
    const filter = ObjectText.of(null);
    if (this.#listening) {
      for (const [capability, member] of lists) {
        if (this.#capabilities.inner(capability).get('listChanged') === 'true') filter.set(member, 'true');
      }
    }
    if (this.#uris.size > 0) filter.set('resourceSubscriptions', JSON.stringify([...this.#uris]));
    return filter;
  }
}

const lists = [
  ['tools', 'toolsListChanged'],
  ['prompts', 'promptsListChanged'],
  ['resources', 'resourcesListChanged'],
] as const;

interface Turns {
  opened(): void;
  /** `forGood`: asking again is of no use. */
  ended(why: string, forGood: boolean): void;
}

/** One `subscriptions/listen`. */
class Subscription implements CallSink {
  readonly #deps: SharedListenDeps;
  readonly #filter: ObjectText;
  readonly #turns: Turns;
  #call: Call | null = null;
  #timer: NodeJS.Timeout | null = null;
  #done = false;

  constructor(deps: SharedListenDeps, filter: ObjectText, turns: Turns) {
    this.#deps = deps;
    this.#filter = filter;
    this.#turns = turns;
  }

  begin(): void {
    const { hop, settings } = this.#deps;
    // A server that acknowledges nothing may still have something to say.
    this.#timer = setTimeout(() => this.#turns.opened(), settings.connectTimeout);
    this.#timer.unref();
    const params = ObjectText.of(null).set('notifications', this.#filter.toString());
    try {
      this.#call = hop.send(hop.request('subscriptions/listen', params, {}), this);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      queueMicrotask(() => this.fail(error));
    }
  }

  end(): void {
    if (this.#done) return;
    this.#stop();
    this.#call?.cancel('not listening any more');
  }

  related(message: Message): void {
    if (this.#done || message.kind !== 'notification') return;
    if (message.method === 'notifications/subscriptions/acknowledged') {
      if (this.#timer !== null) clearTimeout(this.#timer);
      return this.#turns.opened();
    }
    try {
      this.#deps.heard(plain(message));
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
    }
  }

  answer(message: Message): void {
    if (this.#done) return;
    this.#stop();
    if (message.kind !== 'error') return this.#turns.ended('the server ended the subscription', false);
    const error = errorIn(message);
    this.#turns.ended(`the server refused the subscription: ${error.message.slice(0, 300)}`, error.code === -32601);
  }

  fail(failure: Failure): void {
    if (this.#done) return;
    this.#stop();
    this.#turns.ended(failure.message, false);
  }

  hasRoom(): boolean {
    return true;
  }

  onRoom(resume: () => void): void {
    queueMicrotask(resume);
  }

  #stop(): void {
    this.#done = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}

/** A notification without the mark of the subscription that it came by. */
function plain(message: Message): Message {
  const params = paramsOf(message);
  const meta = params.inner('_meta').without(metaKeys.subscriptionId);
  return notificationOf(message.method ?? '', params.set('_meta', meta.size === 0 ? null : meta.toString()));
}
