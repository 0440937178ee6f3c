// A modern client's way to a server that speaks the legacy era only: each message finds the session that is kept with the
// server for its principal, and a call that waits for answers is found again by its state.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { metaKeys } from '@mcpvault/protocol/mcp/revision';
import type { Log } from '../../ports.ts';
import type { Call, CallSink, Link, ModernHeaders, Outbound } from '../../upstream/link.ts';
import { refusedEnvelope } from '../modern-envelope.ts';
import { actionFor } from './cells.ts';
import { factsOfEnvelope, takesTasks } from './envelope.ts';
import type { LegacySession } from './legacy-session.ts';
import type { LegacySessions } from './legacy-sessions.ts';
import { discoverResult } from './results.ts';
import { type AsTask, type Front, levels, SessionCall } from './session-call.ts';
import { SessionListen } from './session-listen.ts';
import { answerAboutTask } from './session-tasks.ts';
import { needsTasks } from './task-words.ts';
import { asSent, errorOf, idOf, paramsOf, reading, resultOf } from './words.ts';

export interface ModernOverLegacyDeps {
  readonly log: Log;
  readonly server: ServerEntry;
  readonly caller: Pick<Caller, 'organization' | 'member'>;
  readonly sessions: LegacySessions;
}

export class ModernOverLegacy implements Link {
  readonly #deps: ModernOverLegacyDeps;

  constructor(deps: ModernOverLegacyDeps) {
    this.#deps = deps;
  }

  call(request: Outbound, modern: ModernHeaders | null, sink: CallSink): Call {
    const message = asSent(request);
    const refused = refusedEnvelope(message, modern?.version ?? '');
    if (refused !== null) {
      const answer = parseMessage(refused.answer, { maxDepth: 100, check: 'structure' });
      return this.#later(sink, () => sink.answer(answer, refused.status));
    }
    return this.#later(sink, (call) => this.#begin(message, sink, call));
  }

  tell(_message: Outbound, taken?: () => void): void {
    if (taken !== undefined) queueMicrotask(taken);
  }

  /** What comes unasked comes by subscriptions. */
  listen(ready?: () => void): void {
    ready?.();
  }

  /** The session outlives the message that needed it. */
  close(): void {}

  #begin(message: Message, sink: CallSink, call: LateCall): void {
    const params = reading(() => paramsOf(message));
    const method = message.method ?? '';
    const front = reading(() => frontOf(message, params, sink));
    const action = actionFor('modernOverLegacy', method);
    if (action === 'park' && params.has('requestState')) {
      return this.#comeBack(method, params, front, call);
    }
    if (action === 'refuse') {
      const text = `the modern era has no ${method.slice(0, 100)}`;
      return sink.answer(errorOf(front.id, { code: -32601, message: text }), 404);
    }
    this.#send({ params, method, front, action }, call, true);
  }

  /** A server that has forgotten the session has not done anything with the request: it gets it once more. */
  #send(asked: Asked, call: LateCall, again: boolean): void {
    const { sessions, server, caller } = this.#deps;
    const { front } = asked;
    const fail = (error: unknown): void => {
      if (call.cancelled) return;
      const failure = this.#asFailure(error);
      if (failure.code !== 'session_not_found') return front.sink.fail(failure);
      if (again) return this.#sendAgain(asked, call);
      front.sink.fail(new Failure('upstream_unavailable', failure.message));
    };
    const session = sessions.of(server, caller, front.facts);
    session.ready
      .then((opening) => this.#opened(session, opening, { ...asked, front: failingBy(front, fail) }, call))
      .catch(fail);
  }

  #sendAgain(asked: Asked, call: LateCall): void {
    try {
      this.#send(asked, call, false);
    } catch (error) {
      asked.front.sink.fail(this.#asFailure(error));
    }
  }

  async #opened(session: LegacySession, opening: ObjectText, asked: Asked, call: LateCall): Promise<void> {
    const { params, method, front, action } = asked;
    if (call.cancelled) return;
    switch (action) {
      case 'open':
        return front.sink.answer(resultOf(front.id, discoverResult(opening)), 200);
      case 'task': {
        const said = await answerAboutTask(session, method, params, front.facts);
        if (!call.cancelled) front.sink.answer(said(front.id), 200);
        return;
      }
      case 'listen': {
        const filter = params.inner('notifications');
        if (filter.has('taskIds') && !takesTasks(front.facts)) {
          return front.sink.answer(errorOf(front.id, needsTasks), 200);
        }
        const listen = new SessionListen(session, front.id, front.sink);
        call.call = listen;
        return listen.begin(filter);
      }
      default: {
        if (front.level !== null) await session.say(front.level);
        if (call.cancelled) return;
        const asTask = method === 'tools/call' ? await this.#asTask(session, params.string('name') ?? '', front) : 'no';
        if (call.cancelled) return;
        const sent = new SessionCall(session, { method, params, askable: action === 'park', asTask }, front);
        call.call = sent;
        sent.begin();
      }
    }
  }

  /** In the next turn: a sink is never called synchronously. */
  #later(sink: CallSink, work: (call: LateCall) => void): Call {
    const call = new LateCall();
    queueMicrotask(() => {
      if (call.cancelled) return;
      try {
        work(call);
      } catch (error) {
        sink.fail(this.#asFailure(error));
      }
    });
    return call;
  }

  #asFailure(error: unknown): Failure {
    if (error instanceof Failure) return error;
    const { server, log } = this.#deps;
    if (error instanceof MalformedMessage) {
      return new Failure('upstream_invalid', `the server "${server.name}" sent something unreadable: ${error.message}`);
    }
    log.error({ err: error }, 'a bridged call failed for a reason that is a bug');
    return new Failure('internal', 'something went wrong inside MCPVault');
  }

  /** A tool that wants to be a task is one, also where the client knows nothing of tasks. */
  async #asTask(session: LegacySession, tool: string, { facts }: Front): Promise<AsTask> {
    if (!session.offersTasks) return 'no';
    const support = await session.supportOf(tool);
    if (support === null) return 'no';
    if (takesTasks(facts)) return 'give';
    return support === 'required' ? 'hold' : 'no';
  }

  #comeBack(method: string, params: ObjectText, front: Front, call: LateCall): void {
    const { sessions, server, caller } = this.#deps;
    const waiting = sessions.take(params.string('requestState') ?? '', { server, caller, method, params });
    if (waiting === null) {
      const text = 'this requestState is not known here, or not any more; send the request again without it';
      return front.sink.answer(errorOf(front.id, { code: -32602, message: text }), 200);
    }
    call.call = waiting;
    waiting.resume(front, params.inner('inputResponses'));
  }
}

function failingBy(front: Front, fail: (error: unknown) => void): Front {
  const { sink } = front;
  return {
    ...front,
    sink: {
      related: (message) => sink.related(message),
      answer: (answer, status) => sink.answer(answer, status),
      fail,
      hasRoom: () => sink.hasRoom(),
      onRoom: (resume) => sink.onRoom(resume),
    },
  };
}

interface Asked {
  readonly params: ObjectText;
  readonly method: string;
  readonly front: Front;
  readonly action: ReturnType<typeof actionFor>;
}

function frontOf(message: Message, params: ObjectText, sink: CallSink): Front {
  const level = params.inner('_meta').string(metaKeys.logLevel);
  const { progressToken } = message.marks;
  return {
    sink,
    id: idOf(message),
    token: progressToken === null ? null : message.textAt(progressToken),
    level: level !== null && levels.includes(level) ? level : null,
    facts: factsOfEnvelope(params),
  };
}

/** A call that stands for another one, which is not there yet. */
class LateCall implements Call {
  call: Call | null = null;
  cancelled = false;

  cancel(reason: string): void {
    this.cancelled = true;
    this.call?.cancel(reason);
  }
}
