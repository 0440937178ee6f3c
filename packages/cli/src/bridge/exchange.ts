// One request of the client on its way to the hub, and what comes back for it: the answer, after whatever belongs to it. A
// stream that breaks is taken up again where the hub marked it; what may be repeated is repeated; the rest is told.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import { BridgeFailure, errorLine } from './bridge-failure.ts';
import type { ClientOutput } from './client-output.ts';
import type { HubAnswer } from './hub-http.ts';
import type { HubSide } from './hub-side.ts';
import type { LegacySession } from './legacy-session.ts';
import { Subscription } from './subscription.ts';

export interface ExchangeDeps {
  readonly hub: HubSide;
  readonly output: ClientOutput;
  note(text: string): void;
  /** The legacy session; null before there is one. */
  session(): LegacySession | null;
  /** The answer to `initialize`, before the client gets it. */
  opened(request: Message, answer: Message, session: string | null): void;
  /** A message of the server on its way to the client. */
  heard(message: Message): void;
  /** The answer on its way to the client. */
  answered(request: Message, answer: Message): void;
}

export interface RequestOrder {
  readonly message: Message;
  readonly era: Era;
  /** What a modern request says in headers as well. */
  readonly headers: Readonly<Record<string, string>>;
}

type Step = 'done' | 'again';

const posting = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
/** What changes nothing, or the same each time. */
const safeMethods =
  /^(initialize|ping|server\/discover|logging\/setLevel|completion\/complete|prompts\/.+|resources\/.+|subscriptions\/listen|tools\/list|tasks\/(get|list|result))$/;

export class Exchange {
  readonly #deps: ExchangeDeps;
  readonly #order: RequestOrder;
  readonly #abort = new AbortController();
  readonly #subscription: Subscription | null;
  #answered = false;
  #silent = false;

  constructor(deps: ExchangeDeps, order: RequestOrder) {
    this.#deps = deps;
    this.#order = order;
    const listens = order.era === 'modern' && order.message.method === 'subscriptions/listen';
    this.#subscription = listens ? new Subscription(order.message, deps.output) : null;
  }

  get id(): string {
    const { message } = this.#order;
    return message.idSpan === null ? 'null' : message.textAt(message.idSpan);
  }

  get era(): Era {
    return this.#order.era;
  }

  /** Resolves when it is over; never rejects. */
  async run(): Promise<void> {
    try {
      const { hub } = this.#deps;
      const backOff = this.#subscription === null ? hub.backOff() : hub.backOff(Number.POSITIVE_INFINITY, 30_000);
      while ((await this.#attempt(backOff)) === 'again') if (this.#abort.signal.aborted) return;
    } catch (error) {
      this.#refuse(error);
    }
  }

  /** The client wants no answer any more: the hub's is dropped, and in the modern era the hub sees it go. */
  cancel(): void {
    this.#silent = true;
    if (this.#order.era === 'modern') this.#abort.abort();
  }

  /** The bridge ends. */
  cut(): void {
    this.#silent = true;
    this.#abort.abort();
  }

  async #attempt(backOff: ReturnType<HubSide['backOff']>): Promise<Step> {
    const { hub } = this.#deps;
    const { message, headers } = this.#order;
    const session = this.#session();
    await session?.ready();
    const generation = session?.generation ?? 0;
    const answer = await hub.send({
      method: 'POST',
      body: message.raw,
      headers: { ...posting, ...headers, ...session?.headers() },
      signal: this.#abort.signal,
      isSafe: this.#isSafe,
      backOff,
    });
    if (answer.status === 404 && session !== null && session.id !== null)
      return this.#sessionLost(answer, session, generation);
    if (answer.type !== 'text/event-stream') return this.#whole(answer);
    backOff.reset();
    return this.#stream(answer, session, generation, backOff);
  }

  /** null for what belongs to none: modern requests, and the one that opens it. */
  #session(): LegacySession | null {
    const { era, message } = this.#order;
    return era === 'modern' || message.method === 'initialize' ? null : this.#deps.session();
  }

  /** A session that is not there has carried nothing out. A method that is not there has the same status. */
  async #sessionLost(answer: HubAnswer, session: LegacySession, generation: number): Promise<Step> {
    const message = await this.#deps.hub.message(answer);
    const error = message?.error == null ? null : (message.valueAt(message.error) as { code?: unknown } | null);
    if (message !== null && error?.code === -32601) {
      this.#deliver(message, answer);
      return 'done';
    }
    await session.lost(generation);
    return 'again';
  }

  async #whole(answer: HubAnswer): Promise<Step> {
    const { hub } = this.#deps;
    const message = await hub.message(answer);
    if (message === null || message.kind === 'request' || message.kind === 'notification') {
      throw new BridgeFailure('hub_invalid', `The hub answered with HTTP ${answer.status} and no message.`);
    }
    this.#deliver(message, answer);
    return 'done';
  }

  async #stream(
    first: HubAnswer,
    session: LegacySession | null,
    generation: number,
    backOff: ReturnType<HubSide['backOff']>,
  ): Promise<Step> {
    const { hub, output } = this.#deps;
    let answer = first;
    let lastEventId: string | null = null;
    for (;;) {
      const end = await hub.stream(
        answer,
        (message) => this.#take(message, first),
        () => output.room(),
      );
      if (this.#answered || this.#abort.signal.aborted) return 'done';
      lastEventId = end.lastEventId ?? lastEventId;
      if (session === null || lastEventId === null || generation !== session.generation) break;
      if (!(await backOff.wait(this.#abort.signal, end.retry ?? 0))) break;
      answer = await hub.send({
        method: 'GET',
        headers: { accept: 'text/event-stream', 'last-event-id': lastEventId, ...session.headers() },
        signal: this.#abort.signal,
        isSafe: true,
        backOff,
      });
      if (answer.status === 200 && answer.type === 'text/event-stream') continue;
      answer.body.resume();
      if (answer.status === 404) await session.lost(generation);
      break;
    }
    if (!this.#isSafe) throw hub.interrupted();
    if (!(await backOff.wait(this.#abort.signal))) throw hub.unreachable('it broke off its answer again and again');
    return 'again';
  }

  #take(message: Message, answer: HubAnswer): void {
    if (this.#answered) return;
    if (message.kind === 'result' || message.kind === 'error') return this.#deliver(message, answer);
    if (this.#subscription?.swallows(message) === true) return;
    this.#deps.heard(message);
    this.#deps.output.write(message.raw);
  }

  #deliver(message: Message, { session }: HubAnswer): void {
    this.#answered = true;
    if (this.#silent) return;
    const { message: request } = this.#order;
    if (request.method === 'initialize' && message.kind === 'result') this.#deps.opened(request, message, session);
    this.#deps.answered(request, message);
    // What was refused before it was read comes back under no id.
    const { error } = message;
    if (message.id !== null || error === null) return this.#deps.output.write(message.raw);
    this.#deps.output.write(Buffer.from(`{"jsonrpc":"2.0","id":${this.id},"error":${message.textAt(error)}}`));
  }

  #refuse(error: unknown): void {
    if (this.#answered || this.#silent || this.#abort.signal.aborted) return;
    const failure =
      error instanceof BridgeFailure ? error : new BridgeFailure('hub_invalid', `The bridge failed: ${String(error)}`);
    this.#answered = true;
    this.#deps.note(failure.message);
    this.#deps.output.write(errorLine(this.id, failure));
  }

  get #isSafe(): boolean {
    return safeMethods.test(this.#order.message.method ?? '');
  }
}
