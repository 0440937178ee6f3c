// A conversation's link to a server that wants a sign-in. It sends nothing without a token, sends again what was refused for
// a token that a fresh one mends, and as long as there is none it stands in for the server: its tools stay where they were,
// and a call is answered with where to sign in.
import { Failure } from '@mcpvault/domain/failure';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { Credential } from '../ports.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { Call, CallSink, Link, Listener, ModernHeaders, Outbound } from './link.ts';
import { listChanged, saysInitialized, StandIn, withoutOurAnswer } from './stand-in.ts';

export interface SignedInDeps {
  /** The server's name, for messages to people. */
  readonly server: string;
  readonly credential: Credential;
  readonly era: Era;
  /** False where only the server itself may answer. */
  readonly standsIn: boolean;
  readonly listener: Listener;
  /** Called only once the credential is ready. May throw a `Failure`. */
  open(listener: Listener): Link;
  /** Called once, when the link has ended in whatever way. */
  onClose(): void;
}

/** How often one request is sent with another token. */
const mostTries = 3;

export class SignedInLink implements Link {
  readonly #deps: SignedInDeps;
  readonly #standIn: StandIn;
  #inner: Link | null = null;
  /** The client's `initialize`, by which a server is greeted later that could not be greeted then. */
  #greeting: Outbound | null = null;
  /** True while the client was answered by the stand-in, and the server knows of no conversation. */
  #standing = false;
  #greeted: Promise<void> | null = null;
  #listening = false;
  #closed = false;

  constructor(deps: SignedInDeps) {
    this.#deps = deps;
    this.#standIn = new StandIn(deps.server, deps.era, deps.credential);
  }

  call(request: Outbound, modern: ModernHeaders | null, sink: CallSink): Call {
    if (request.message.method === 'initialize') {
      this.#greeting = request;
      this.#standing = false;
      this.#standIn.hear(request.message);
    }
    const attempt = new Attempt(request, modern, sink, {
      ready: (isGreeting) => this.#ready(isGreeting),
      credential: this.#deps.credential,
      link: () => this.#link(),
      instead: (failure) => this.#instead(failure, request, modern, sink),
    });
    attempt.begin();
    return attempt;
  }

  tell(message: Outbound, taken?: () => void): void {
    const { method } = message.message;
    if (this.#inner === null || (this.#standing && method === 'notifications/initialized')) {
      if (taken !== undefined) queueMicrotask(taken);
      return;
    }
    this.#inner.tell(message, taken);
  }

  get standing(): boolean {
    return this.#standing;
  }

  listen(ready?: () => void): void {
    this.#listening = true;
    if (this.#inner === null || this.#standing) ready?.();
    else this.#inner.listen(ready);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#inner?.close();
    this.#inner = null;
    this.#deps.onClose();
  }

  /** The sign-in came or went: a stand-in gives way to the server, or the server to a stand-in. */
  recheck(): void {
    if (this.#closed) return;
    this.#isReady().then(
      () => this.#comeBack(),
      (error: unknown) => {
        if (isNotConnected(error)) this.#standDown();
      },
    );
  }

  async #isReady(): Promise<void> {
    await this.#deps.credential.ready();
  }

  /** Before a request is sent; at once where nothing has to be waited for. */
  #ready(isGreeting: boolean): void | Promise<void> {
    const ready = this.#deps.credential.ready();
    if (!this.#standing || isGreeting) return ready;
    return ready instanceof Promise ? ready.then(() => this.#greet()) : this.#greet();
  }

  /** What the client said to the stand-in at the beginning is said to the server. */
  #greet(): Promise<void> {
    this.#greeted ??= this.#greetNow().finally(() => (this.#greeted = null));
    return this.#greeted;
  }

  async #greetNow(): Promise<void> {
    if (this.#greeting === null) return;
    const link = this.#link();
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    link.call(this.#greeting, null, {
      related() {},
      answer: (message) => resolve(message.kind === 'result'),
      fail: reject,
      hasRoom: () => true,
      onRoom() {},
    });
    if (!(await promise)) throw this.#mustBeginAnew();
    this.#standing = false;
    await new Promise<void>((taken) => link.tell(saysInitialized, taken));
    if (this.#listening) link.listen();
  }

  /** What the client was told by the stand-in is not what the server would have said: it has to hear that one itself. */
  #mustBeginAnew(): Failure {
    const text = `the server "${this.#deps.server}" can be reached now; begin a new session with initialize`;
    const failure = new Failure('session_not_found', text);
    this.#lost(failure, true);
    return failure;
  }

  async #comeBack(): Promise<void> {
    if (!this.#standing || this.#closed) return;
    try {
      await this.#greet();
      this.#deps.listener.unsolicited(listChanged());
    } catch (error) {
      // The next call tries again, and says what is wrong.
      if (!(error instanceof Failure)) throw error;
    }
  }

  #standDown(): void {
    const inner = this.#inner;
    this.#inner = null;
    inner?.close();
    if (this.#greeting !== null) this.#standing = true;
  }

  #link(): Link {
    if (this.#closed) throw new Failure('cancelled', 'the conversation has ended');
    this.#inner ??= this.#deps.open({
      unsolicited: (message) => this.#deps.listener.unsolicited(message),
      lost: (failure, forgotten) => this.#lost(failure, forgotten),
    });
    return this.#inner;
  }

  /** A connection that was refused for its token is not the end: the request that it was opened for is sent again. */
  #lost(failure: Failure, forgotten: boolean): void {
    this.#inner = null;
    if (failure instanceof CredentialRefused || this.#closed) return;
    this.#closed = true;
    this.#deps.onClose();
    this.#deps.listener.lost(failure, forgotten);
  }

  #instead(failure: Failure, request: Outbound, modern: ModernHeaders | null, sink: CallSink): void {
    if (failure.code !== 'not_connected' || !this.#deps.standsIn) return sink.fail(failure);
    if (request.message.method === 'initialize') this.#standing = true;
    this.#standIn.answer(request.message, modern, failure).then(
      (answer: Message | null) => (answer === null ? sink.fail(failure) : sink.answer(answer, 200)),
      () => sink.fail(failure),
    );
  }
}

interface AttemptDeps {
  readonly credential: Credential;
  ready(isGreeting: boolean): void | Promise<void>;
  link(): Link;
  instead(failure: Failure): void;
}

/** One request on its way, with one token or the next. */
class Attempt implements CallSink, Call {
  readonly #request: Outbound;
  readonly #modern: ModernHeaders | null;
  readonly #sink: CallSink;
  readonly #deps: AttemptDeps;
  #call: Call | null = null;
  #used = '';
  #tries = 0;
  #over = false;

  constructor(request: Outbound, modern: ModernHeaders | null, sink: CallSink, deps: AttemptDeps) {
    this.#request = modern === null ? request : withoutOurAnswer(request);
    this.#modern = modern;
    this.#sink = sink;
    this.#deps = deps;
  }

  begin(): void {
    try {
      const ready = this.#deps.ready(this.#request.message.method === 'initialize');
      if (!(ready instanceof Promise)) return this.#send();
      ready.then(
        () => this.#send(),
        (error: unknown) => this.#stop(error),
      );
    } catch (error) {
      queueMicrotask(() => this.#stop(error));
    }
  }

  #send(): void {
    if (this.#over) return;
    try {
      this.#tries++;
      this.#used = this.#deps.credential.value();
      this.#call = this.#deps.link().call(this.#request, this.#modern, this);
    } catch (error) {
      queueMicrotask(() => this.#stop(error));
    }
  }

  #stop(error: unknown): void {
    if (this.#over) return;
    this.#over = true;
    const isKnown = error instanceof Failure;
    this.#deps.instead(isKnown ? error : new Failure('internal', 'something went wrong inside MCPVault'));
  }

  related(message: Message): void {
    if (!this.#over) this.#sink.related(message);
  }

  answer(message: Message, status: number): void {
    if (this.#over) return;
    this.#over = true;
    this.#sink.answer(message, status);
  }

  fail(failure: Failure): void {
    if (this.#over) return;
    if (!(failure instanceof CredentialRefused) || this.#tries >= mostTries) return this.#stop(failure);
    this.#deps.credential.refused(this.#used, failure.status, failure.challenge).then(
      () => this.begin(),
      (error: unknown) => this.#stop(error),
    );
  }

  alive(): void {
    this.#sink.alive?.();
  }

  hasRoom(): boolean {
    return this.#sink.hasRoom();
  }

  onRoom(resume: () => void): void {
    this.#sink.onRoom(resume);
  }

  cancel(reason: string): void {
    this.#over = true;
    this.#call?.cancel(reason);
  }
}

export function isNotConnected(error: unknown): error is Failure {
  return error instanceof Failure && error.code === 'not_connected';
}
