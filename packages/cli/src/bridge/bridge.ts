// Carries an AI client's messages from stdio to an endpoint of the hub and back, bytes unchanged: requests side by side,
// everything else in its order. It decides nothing and keeps nothing but what it takes to outlive a restart of the hub.
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { isBatch, splitBatch } from '@mcpvault/protocol/jsonrpc/split-batch';
import { ParamHeaders } from '@mcpvault/protocol/transport/param-headers';
import { BridgeFailure, errorLine } from './bridge-failure.ts';
import type { ClientOutput } from './client-output.ts';
import { Exchange, type ExchangeDeps } from './exchange.ts';
import { type HubSide, mostBytes } from './hub-side.ts';
import { type Asked, LegacySession } from './legacy-session.ts';
import { listen } from './listening.ts';
import { eraOfMessage, modernHeaders } from './modern-request.ts';

export interface BridgeDeps {
  readonly hub: HubSide;
  readonly output: ClientOutput;
  /** Said to people. */
  note(text: string): void;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Milliseconds that the hub gets to answer what is under way when the client has said its last. */
const lastAnswers = 1_500;
const farewell = 1_500;
const maxDepth = 10_000;
const mostInBatch = 1_000;
const posting = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

export class Bridge {
  readonly #deps: BridgeDeps;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #params = new ParamHeaders();
  readonly #over = new AbortController();
  #session: LegacySession | null = null;
  #listening: AbortController | null = null;
  /** What has to be over before the next message may go. */
  #turn: Promise<void> = Promise.resolve();
  #waitingBytes = 0;

  constructor(deps: BridgeDeps) {
    this.#deps = deps;
  }

  /** Bytes of messages that the hub has not been given yet. */
  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** Takes one line of the client's. */
  receive(line: Buffer): void {
    try {
      const limits = { maxDepth, check: 'structure' } as const;
      // A batch of 2025-03-26 is its messages, one after the other; each is answered for itself.
      const messages = isBatch(line) ? splitBatch(line, limits, mostInBatch) : [parseMessage(line, limits)];
      for (const message of messages) this.#queue(message);
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      this.#malformed(error);
    }
  }

  #queue(message: Message): void {
    const bytes = message.raw.length;
    this.#waitingBytes += bytes;
    this.#turn = this.#turn
      .then(() => this.#handle(message))
      .catch((error: unknown) => this.#deps.note(error instanceof Error ? error.message : String(error)))
      .finally(() => (this.#waitingBytes -= bytes));
  }

  tooLong(): void {
    const failure = new BridgeFailure('too_large', `A message may have at most ${mostBytes} bytes.`);
    this.#deps.output.write(errorLine('null', failure));
  }

  /** The client has said its last: what is under way gets a moment to end, then all is ended. */
  async finish(): Promise<void> {
    const late = new AbortController();
    const answers = async (): Promise<void> => {
      await this.#turn;
      while (this.#exchanges.size > 0 && !late.signal.aborted) await this.#deps.sleep(20, late.signal);
    };
    await Promise.race([answers(), this.#deps.sleep(lastAnswers, late.signal)]);
    late.abort();
    await this.end();
  }

  /** Ends the session at the hub, and whatever is under way. */
  async end(): Promise<void> {
    if (this.#over.signal.aborted) return;
    this.#over.abort();
    this.#listening?.abort();
    for (const exchange of this.#exchanges.values()) exchange.cut();
    const session = this.#session;
    if (session === null || session.id === null) return;
    const signal = AbortSignal.timeout(farewell);
    const { hub } = this.#deps;
    const sending = {
      method: 'DELETE',
      headers: session.headers(),
      signal,
      isSafe: false,
      backOff: hub.backOff(0),
    } as const;
    // A hub that is away forgets the session by itself.
    await hub.send(sending).then(
      ({ body }) => body.resume(),
      () => undefined,
    );
  }

  /** Resolves once the next message may go. */
  async #handle(message: Message): Promise<void> {
    if (this.#over.signal.aborted) return;
    if (message.kind === 'request') return this.#request(message);
    if (message.kind === 'notification') return this.#notification(message);
    const id = message.idSpan === null ? null : message.textAt(message.idSpan);
    // A question of a session that is gone is nobody's any more.
    if (id === null || this.#session?.asked.delete(id) !== true) return;
    await this.#tell(message);
  }

  async #request(message: Message): Promise<void> {
    const era = eraOfMessage(message);
    const headers = era === 'modern' ? modernHeaders(message, this.#params.headersFor(message)) : {};
    const exchange = new Exchange(this.#exchangeDeps(), { message, era, headers });
    if (this.#exchanges.has(exchange.id)) {
      const failure = new BridgeFailure('invalid_request', 'a request with this id is under way already');
      return this.#deps.output.write(errorLine(exchange.id, failure));
    }
    this.#exchanges.set(exchange.id, exchange);
    if (era === 'legacy') this.#session?.remember(message);
    const over = exchange.run().finally(() => this.#exchanges.delete(exchange.id));
    // Nothing can be said before the session is there.
    if (era === 'legacy' && message.method === 'initialize') await over;
  }

  async #notification(message: Message): Promise<void> {
    if (message.method === 'notifications/cancelled') {
      const { requestId } = message.marks;
      const exchange = requestId === null ? undefined : this.#exchanges.get(message.textAt(requestId));
      exchange?.cancel();
      if (exchange === undefined || exchange.era === 'modern') return;
    } else if (eraOfMessage(message) === 'modern' || this.#session === null) return;
    this.#session?.remember(message);
    await this.#tell(message);
    if (message.method === 'notifications/initialized') this.#listen();
  }

  /** Says what wants no answer; resolves when the hub has it, or will never have it. */
  async #tell(message: Message): Promise<void> {
    const session = this.#session;
    if (session === null) return;
    await session.ready();
    const { generation } = session;
    const status = await this.#post(message.raw, session.headers());
    if (status !== 404) return;
    await session.lost(generation);
    // Said again to the new session with the rest, or meant for the old one only.
    if (message.kind === 'notification' && message.method !== 'notifications/initialized') {
      await this.#post(message.raw, session.headers());
    }
  }

  async #post(body: Buffer, headers: Readonly<Record<string, string>>): Promise<number> {
    const { signal } = this.#over;
    const sending = { method: 'POST', body, headers: { ...posting, ...headers }, signal, isSafe: true } as const;
    const answer = await this.#deps.hub.send(sending);
    answer.body.resume();
    return answer.status;
  }

  #listen(): void {
    const session = this.#session;
    if (session === null) return;
    const { hub, output, note } = this.#deps;
    this.#listening?.abort();
    this.#listening = new AbortController();
    const signal = AbortSignal.any([this.#over.signal, this.#listening.signal]);
    void listen({ hub, output, note, heard: (message) => this.#heard(message) }, session, signal);
  }

  #exchangeDeps(): ExchangeDeps {
    const { hub, output, note } = this.#deps;
    return {
      hub,
      output,
      note,
      session: () => this.#session,
      opened: (request, answer, session) => this.#opened(request, { answer, session }),
      heard: (message) => this.#heard(message),
      answered: (request, answer) => this.#params.learn(request, answer.raw),
    };
  }

  #opened(request: Message, opened: Asked): void {
    const { output, note } = this.#deps;
    this.#listening?.abort();
    const ask = (body: Buffer, headers: Readonly<Record<string, string>>): Promise<Asked> => this.#ask(body, headers);
    const tell = async (body: Buffer, headers: Readonly<Record<string, string>>): Promise<void> => {
      await this.#post(body, headers);
    };
    this.#session = new LegacySession({ output, note, ask, tell }, request.raw, opened);
    this.#session.onReopened = () => this.#listen();
  }

  #heard(message: Message): void {
    if (message.kind === 'request' && message.idSpan !== null) this.#session?.asked.add(message.textAt(message.idSpan));
    else if (message.method === 'notifications/cancelled' && message.marks.requestId !== null)
      this.#session?.asked.delete(message.textAt(message.marks.requestId));
  }

  /** Asks in the bridge's own interest; what comes before the answer is nobody's. */
  async #ask(body: Buffer, headers: Readonly<Record<string, string>>): Promise<Asked> {
    const { hub } = this.#deps;
    const { signal } = this.#over;
    const sending = { method: 'POST', body, headers: { ...posting, ...headers }, signal, isSafe: true } as const;
    const answer = await hub.send(sending);
    const { session } = answer;
    let found: Message | null = null;
    if (answer.type === 'text/event-stream') {
      const take = (message: Message): void => {
        if (message.kind === 'result' || message.kind === 'error') found ??= message;
      };
      await hub.stream(answer, take, () => Promise.resolve());
    } else found = await hub.message(answer);
    const settled = found as Message | null;
    if (settled?.kind === 'result') return { answer: settled, session };
    const error = settled?.error == null ? null : (settled.valueAt(settled.error) as { message?: unknown } | null);
    const said = typeof error?.message === 'string' ? error.message : `HTTP ${answer.status}`;
    throw new BridgeFailure(
      'hub_invalid',
      `The session ended with the hub’s restart, and a new one was refused: ${said}`,
    );
  }

  #malformed(error: MalformedMessage): void {
    const code = error.kind === 'not_json' ? 'parse_error' : 'invalid_request';
    this.#deps.output.write(errorLine('null', new BridgeFailure(code, error.message)));
  }
}
