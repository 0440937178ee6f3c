// The client at the other end of a channel: at most one legacy session, and, where the channel carries them, any number of
// modern requests that belong to none. What it says is judged, recorded and answered exactly as over Streamable HTTP.
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { type Message, parseMessage, type RequestId } from '@mcpvault/protocol/jsonrpc/message';
import { isBatch, splitBatch } from '@mcpvault/protocol/jsonrpc/split-batch';
import { eraOf } from '@mcpvault/protocol/mcp/revision';
import { ParamHeaders } from '@mcpvault/protocol/transport/param-headers';
import type { Admission } from '../session/admission.ts';
import { limits } from '../session/bridge/limits.ts';
import { clientNameOf } from '../session/client-name.ts';
import type { Core } from '../session/core.ts';
import { elicitsOf } from '../session/held/elicits.ts';
import { answerPing } from '../session/local-answers.ts';
import { takeAnswer } from '../session/server-message.ts';
import type { Session, Sessions } from '../session/sessions.ts';
import { type Channel, ChannelReply } from './channel.ts';
import { claimedRevision } from './modern-headers.ts';
import type { OpenStream } from './open-streams.ts';
import { failureError } from './rpc-error.ts';
import { scopeFailure } from './scope.ts';

export interface ChannelClientDeps {
  readonly core: Core;
  readonly sessions: Sessions;
  readonly admission: Admission;
  readonly channel: Channel;
  /** A server's name, or null for all merged. */
  readonly endpoint: string | null;
  readonly credential: string;
  /** Where the connection came from. */
  readonly address: string | null;
  /** False on transports that ended before the modern era began. */
  readonly carriesModern: boolean;
}

/** Milliseconds that answers get to be recorded and said after their session has ended. */
const lastAnswers = 2_000;
/** The only revision that has batches, and in which every server has to take them. */
const batchRevision = '2025-03-26';

export class ChannelClient {
  readonly #deps: ChannelClientDeps;
  /** Of every reply that is still owed. */
  readonly #owed = new Map<ChannelReply, RequestId | null>();
  /** What this client's tool lists said that modern calls have to repeat in headers. */
  readonly #params = new ParamHeaders();
  #caller: Caller;
  /** Where the latest message came from. */
  address: string | null;
  #session: Session | null = null;
  #isListening = false;
  #ending = false;
  /** Milliseconds since the epoch. */
  usedAt: number;

  constructor(deps: ChannelClientDeps, caller: Caller) {
    this.#deps = deps;
    this.#caller = caller;
    this.address = deps.address;
    this.usedAt = deps.core.host.ambient.clock.now();
  }

  /** For whoever looks whether its member may still be told anything. */
  watched(onClosed: (forget: () => void) => void): OpenStream {
    const { credential, channel } = this.#deps;
    const caller = (): Caller => this.#caller;
    const setCaller = (next: Caller): void => {
      this.#caller = next;
      if (this.#session !== null) this.#session.conversation.caller = next;
    };
    return {
      credential,
      reply: {
        get gone() {
          return channel.gone;
        },
        cut: () => channel.cut(),
        onClosed,
      },
      conversation: {
        get owner() {
          return caller().member;
        },
        get caller() {
          return caller();
        },
        set caller(next) {
          setCaller(next);
        },
      },
    };
  }

  /** Requests that were not answered yet. */
  get owed(): number {
    return this.#owed.size;
  }

  get hasSession(): boolean {
    return this.#session !== null;
  }

  /**
   * The messages in what the client said: one, or several where its revision has batches. Throws `MalformedMessage`, or a
   * `Failure` for a batch in another revision.
   */
  read(bytes: Buffer): readonly Message[] {
    const { maxDepth } = this.#deps.core.settings;
    if (!isBatch(bytes)) return [parseMessage(bytes, { maxDepth, check: 'strict' })];
    if (this.#session?.conversation.protocol !== batchRevision) {
      throw new Failure('invalid_request', `send one message at a time: only ${batchRevision} has batches`);
    }
    return splitBatch(bytes, { maxDepth, check: 'strict' }, limits.batch);
  }

  /**
   * Takes one message; `caller` as of now. Requests are answered on the channel, whatever is wrong with them. Of others it
   * returns why they were refused, or null; then `taken` is called once their server has them, or never will.
   */
  receive(message: Message, caller: Caller, taken: () => void): Failure | null {
    const { core, carriesModern } = this.#deps;
    this.usedAt = core.host.ambient.clock.now();
    this.#caller = caller;
    const claimed = claimedRevision(message);
    const isModern = claimed !== null && eraOf(claimed) === 'modern';
    if (isModern && !carriesModern) {
      const text = 'this transport ended with the revisions before 2026-07-28; use Streamable HTTP';
      return this.#refuse(message, new Failure('invalid_request', text), taken);
    }
    if (this.#ending) return this.#refuse(message, new Failure('session_not_found', 'the session has ended'), taken);
    const unfit = scopeFailure(caller, message);
    if (unfit !== null) return this.#refuse(message, unfit, taken);
    if (isModern && message.kind === 'request') return this.#modern(message, claimed, taken);
    if (this.#session === null) return this.#withoutSession(message, taken);
    return this.#inSession(this.#session, message, caller, taken);
  }

  /** The connection is gone, or the hub ends it. */
  gone(why: string): void {
    this.#ending = true;
    for (const reply of [...this.#owed.keys()]) reply.leave();
    this.#session?.conversation.end(why);
  }

  #modern(message: Message, version: string, taken: () => void): null {
    const { core, admission, endpoint } = this.#deps;
    taken();
    const reply = this.#reply(message.id, message);
    const conversation = admission.conversationFor('modern', endpoint, this.#caller, message);
    conversation.address = this.address;
    conversation.protocol = version.slice(0, 40);
    const modern = { version, params: this.#params.headersFor(message) };
    this.#guarded(core, message, reply, () =>
      admission.endpointFor(conversation, endpoint).request(message, conversation.outlet(reply), modern),
    );
    return null;
  }

  #withoutSession(message: Message, taken: () => void): Failure | null {
    if (message.method === 'notifications/cancelled') this.#withdrawModern(message);
    if (message.kind !== 'request') {
      taken();
      return null;
    }
    if (message.method === 'initialize') return this.#initialize(message, taken);
    if (message.method !== 'ping') {
      return this.#refuse(message, new Failure('invalid_request', 'begin with initialize'), taken);
    }
    taken();
    const reply = this.#reply(message.id);
    const { admission, endpoint } = this.#deps;
    const conversation = admission.conversationFor('legacy', endpoint, this.#caller, null);
    answerPing(message, conversation.outlet(reply));
    return null;
  }

  #initialize(message: Message, taken: () => void): Failure | null {
    const { core, admission, sessions, endpoint: name } = this.#deps;
    const conversation = admission.conversationFor('legacy', name, this.#caller, null);
    conversation.client = clientNameOf(message);
    conversation.elicits = elicitsOf(message);
    conversation.address = this.address;
    const endpoint = admission.endpointFor(conversation, name);
    const opened = sessions.open(conversation, endpoint);
    if (opened instanceof Failure) return this.#refuse(message, opened, taken);
    this.#session = opened;
    const forget = conversation.onEnd;
    conversation.onEnd = () => {
      forget?.();
      this.#finish();
    };
    taken();
    const reply = this.#reply(message.id);
    this.#guarded(core, message, reply, () => endpoint.request(message, conversation.outlet(reply), null));
    return null;
  }

  #inSession(session: Session, message: Message, caller: Caller, taken: () => void): Failure | null {
    const { core } = this.#deps;
    const { conversation, endpoint } = session;
    conversation.caller = caller;
    conversation.address = this.address;
    conversation.usedAt = this.usedAt;
    if (message.kind === 'notification') return this.#notify(session, message, taken);
    if (message.kind !== 'request') {
      takeAnswer(core, conversation, message, taken);
      return null;
    }
    if (message.method === 'initialize') {
      const text = 'this connection has its session already; open another one for another session';
      return this.#refuse(message, new Failure('invalid_request', text), taken);
    }
    taken();
    const reply = this.#reply(message.id);
    if (message.method !== 'ping') this.#listen(session);
    this.#guarded(core, message, reply, () => endpoint.request(message, conversation.outlet(reply), null));
    return null;
  }

  #notify(session: Session, message: Message, taken: () => void): Failure | null {
    const { conversation, endpoint } = session;
    if (message.method !== 'notifications/cancelled') {
      const failure = endpoint.notification(message, taken);
      if (failure === null && message.method === 'notifications/initialized') this.#listen(session);
      return failure;
    }
    const id = cancelledId(message);
    const call = id === null ? null : conversation.calls.get(id);
    if (id !== null && call !== null) {
      // Here nobody waits for the answer of what was cancelled, as over HTTP the request does.
      for (const [reply, owed] of this.#owed) if (owed === id) reply.silence();
      call.withdraw(message);
    } else this.#withdrawModern(message);
    taken();
    return null;
  }

  #withdrawModern(message: Message): void {
    const id = cancelledId(message);
    if (id === null) return;
    for (const [reply, owed] of this.#owed) if (owed === id) reply.leave();
  }

  /** From now on the client hears what comes unasked; not before it is ready for it. */
  #listen({ conversation, endpoint }: Session): void {
    if (this.#isListening) return;
    this.#isListening = true;
    const reply = new ChannelReply(this.#deps.channel, { done: () => undefined, ended: () => this.#finish() });
    endpoint.listen(() => {
      if (!conversation.ended) conversation.listen(reply, null);
    });
  }

  #reply(id: RequestId | null, listing: Message | null = null): ChannelReply {
    const { channel } = this.#deps;
    const reply = new ChannelReply(channel, {
      answered: (answer) => {
        if (listing !== null) this.#params.learn(listing, answer);
      },
      done: (over) => {
        this.#owed.delete(over);
        if (this.#ending && this.#owed.size === 0) channel.close('the session has ended');
      },
      ended: () => undefined,
    });
    this.#owed.set(reply, id);
    return reply;
  }

  /** The session has ended: so does the channel, once the calls that ended with it are answered. */
  #finish(): void {
    const { channel } = this.#deps;
    if (this.#ending) return;
    this.#ending = true;
    if (this.#owed.size === 0) return channel.close('the session has ended');
    setTimeout(() => channel.close('the session has ended'), lastAnswers).unref();
  }

  #refuse(message: Message, failure: Failure, taken: () => void): Failure | null {
    if (message.kind !== 'request') return failure;
    taken();
    this.#deps.channel.send(failureError(message, failure));
    return null;
  }

  /** Whatever goes wrong at the beginning, the client gets an answer. */
  #guarded(core: Core, message: Message, reply: ChannelReply, work: () => void): void {
    try {
      work();
    } catch (error) {
      core.host.log.error({ err: error }, 'a request on a channel failed for a reason that is a bug');
      reply.answer(failureError(message, new Failure('internal', 'something went wrong inside MCPVault')));
    }
  }
}

function cancelledId(message: Message): RequestId | null {
  const { requestId } = message.marks;
  const id = requestId === null ? null : message.scalarAt(requestId);
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
