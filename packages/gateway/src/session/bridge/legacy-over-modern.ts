// A legacy client's way to a server that speaks the modern era only. What a session says once is kept here and said again
// in each request; what the server wants to know first is asked of the client in real requests.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { MalformedMessage, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { latestLegacy, latestModern, legacyRevisions } from '@mcpvault/protocol/mcp/revision';
import type { GatewaySettings, Log } from '../../ports.ts';
import type { Call, CallSink, Link, Listener, Outbound } from '../../upstream/link.ts';
import { actionFor } from './cells.ts';
import { ConversationTasks } from './conversation-tasks.ts';
import { downgradedResult } from './downgrade.ts';
import { type Asking, Drive, type Hop, type More, type Question, questionsIn } from './drive.ts';
import { type ClientFacts, enveloped, factsOfGreeting } from './envelope.ts';
import type { MirroredParams } from './mirrored-params.ts';
import { initializeResult, legacyError, speaksOurs, stripped, unsaid } from './results.ts';
import { SharedListen } from './shared-listen.ts';
import { tasksExtension, withTaskSupport } from './task-words.ts';
import { asSent, errorIn, errorOf, idOf, nobody, paramsOf, reading, requestOf, resultIn, resultOf } from './words.ts';

export interface LegacyOverModernDeps {
  readonly ambient: Ambient;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly server: ServerEntry;
  /** Of this version of the server, for all its conversations. */
  readonly mirrored: MirroredParams;
  /** Opens the server's own link, in the modern era. May throw a `Failure`. */
  open(listener: Listener): Link;
  /** The server did not speak as it was thought to. */
  doubt(): void;
}

const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const methodNotFound = -32601;

export class LegacyOverModern implements Link, Hop {
  readonly #deps: LegacyOverModernDeps;
  /** null until it is needed, and after it was lost: nothing that the session said lies in it. */
  #inner: Link | null = null;
  readonly #listen: SharedListen;
  #client: ClientFacts = factsOfGreeting(ObjectText.of(null));
  #revision: string = latestLegacy;
  #level: string | null = null;
  #ids = 0;
  /** Those that wait for the client, by the id of the question. */
  readonly #asking = new Map<string, Asking>();
  readonly #tasks: ConversationTasks;
  #offersTasks = false;

  constructor(deps: LegacyOverModernDeps, listener: Listener) {
    this.#deps = deps;
    this.#listen = new SharedListen({
      hop: this,
      settings: deps.settings,
      heard: (message) => listener.unsolicited(message),
    });
    this.#tasks = new ConversationTasks({
      clock: deps.ambient.clock,
      ids: deps.ambient.ids,
      hop: this,
      questionsIn: (result) => questionsIn(result, this.#client, this.#revision),
      ask: (question, sink, asking) => this.#ask(question, sink, asking),
      asked: (id) => void this.#asking.delete(id),
      plain: (result) => downgradedResult('tools/call', stripped(result), this.#revision),
    });
  }

  call(request: Outbound, _modern: null, sink: CallSink): Call {
    return reading(() => this.#begin(asSent(request), sink));
  }

  #begin(message: Message, sink: CallSink): Call {
    const params = paramsOf(message);
    const method = message.method ?? '';
    switch (actionFor('legacyOverModern', method)) {
      case 'open':
        return this.#open(message, params, sink);
      case 'answer-here':
        return this.#answerLater(message, sink);
      case 'keep-level':
        return this.#keepLevel(message, params, sink);
      case 'watch':
      case 'unwatch':
        return this.#watch(message, params, sink);
      case 'task':
        if (this.#offersTasks) return this.#tasks.answer(message, params, sink);
        return this.#refuseLater(message, methodNotFound, 'the server runs no tasks', sink);
      case 'refuse':
        return this.#refuseLater(message, methodNotFound, `the server has no ${method.slice(0, 100)}`, sink);
      default:
        return this.#drive(message, params, sink);
    }
  }

  tell(outbound: Outbound, taken?: () => void): void {
    if (taken !== undefined) queueMicrotask(taken);
    const { message } = outbound;
    if (message.kind !== 'result' && message.kind !== 'error') return;
    const asking = typeof message.id === 'string' ? this.#asking.get(message.id) : undefined;
    asking?.told(asSent(outbound));
  }

  listen(ready?: () => void): void {
    this.#listen.open(ready);
  }

  close(): void {
    this.#listen.close();
    this.#inner?.close();
    this.#inner = null;
  }

  request(method: string, params: ObjectText, { round = null, tasks = false }: More): Outbound {
    const own = enveloped(params.copy(), this.#client, { level: this.#level, tasks });
    if (round !== null) {
      const { answers, state } = round;
      own.set('inputResponses', answers === null ? null : answers.toString()).set('requestState', state);
    }
    return { message: requestOf(String(++this.#ids), method, own), edits: [] };
  }

  send(outbound: Outbound, sink: CallSink): Call {
    const { message } = outbound;
    const tool = message.method === 'tools/call' ? message.target : null;
    const params = tool === null ? {} : this.#deps.mirrored.headersFor(tool, message);
    this.#inner ??= this.#deps.open({ unsolicited() {}, lost: () => (this.#inner = null) });
    return this.#inner.call(outbound, { version: latestModern, params }, sink);
  }

  #open(message: Message, params: ObjectText, sink: CallSink): Call {
    this.#client = factsOfGreeting(params);
    const asked = params.string('protocolVersion');
    this.#revision = legacyRevisions.find((revision) => revision === asked) ?? latestLegacy;
    const opened = (discovered: ObjectText): void => {
      const capabilities = discovered.inner('capabilities');
      this.#listen.offered(capabilities);
      this.#offersTasks = capabilities.inner('extensions').has(tasksExtension) && this.#revision >= '2025-11-25';
      const result = initializeResult(discovered, this.#revision, this.#deps.server.name);
      sink.answer(resultOf(idOf(message), result), 200);
    };
    return this.#discover(message, sink, opened, true);
  }

  #discover(message: Message, sink: CallSink, opened: (discovered: ObjectText) => void, again: boolean): Call {
    const call = new Cancellable();
    call.inner = this.send(this.request('server/discover', ObjectText.of(null), {}), {
      ...nobody,
      fail: (failure) => {
        if (failure.code === 'upstream_invalid') this.#deps.doubt();
        sink.fail(failure);
      },
      answer: (answer) =>
        this.guarded(sink, () => {
          if (answer.kind === 'result') return opened(resultIn(answer));
          const error = errorIn(answer);
          if (again && speaksOurs(error)) {
            call.inner = this.#discover(message, sink, opened, false);
            return;
          }
          if (error.code === methodNotFound) return opened(ObjectText.of(unsaid));
          sink.answer(errorOf(idOf(message), error), 200);
        }),
    });
    return call;
  }

  #drive(message: Message, params: ObjectText, sink: CallSink): Call {
    const { server } = this.#deps;
    const method = message.method ?? '';
    const uri = params.string('uri');
    const tasks = method === 'tools/call' && this.#offersTasks && params.has('task');
    params.without('inputResponses', 'requestState', 'task');
    const drive: Drive = new Drive({
      hop: this,
      tasks,
      method,
      params,
      server: server.name,
      client: this.#client,
      revision: this.#revision,
      sink,
      ask: (question) => this.#ask(question, sink, drive),
      asked: (id) => void this.#asking.delete(id),
      deliver: (answer, result) => {
        if (tasks && answer.kind === 'result')
          return sink.answer(resultOf(idOf(message), this.#tasks.made(answer)), 200);
        if (result === null) {
          return sink.answer(errorOf(idOf(message), legacyError(errorIn(answer), method, uri)), 200);
        }
        stripped(result);
        if (method === 'tools/list') this.#learnTools(result);
        if (method === 'tools/list' && this.#offersTasks) withTaskSupport(result);
        sink.answer(resultOf(idOf(message), downgradedResult(method, result, this.#revision)), 200);
      },
      relisted: (result) => this.#learnTools(result),
      answerWith: (result) => sink.answer(resultOf(idOf(message), result), 200),
      fail: (code, text) => sink.answer(errorOf(idOf(message), { code, message: text }), 200),
      guarded: (work) => this.guarded(sink, work),
    });
    drive.begin();
    return drive;
  }

  #learnTools(result: ObjectText): void {
    const { log, server, mirrored } = this.#deps;
    if (server.transport.type !== 'streamable-http') return;
    const dropped = mirrored.learn(result);
    if (dropped.length > 0) {
      log.warn({ server: server.name, dropped }, 'tools whose header marks break the rules were left out');
    }
  }

  #keepLevel(message: Message, params: ObjectText, sink: CallSink): Call {
    const level = params.string('level');
    if (level === null || !levels.includes(level)) {
      return this.#refuseLater(message, -32602, `a level is one of ${levels.join(', ')}`, sink);
    }
    this.#level = level;
    return this.#answerLater(message, sink);
  }

  #watch(message: Message, params: ObjectText, sink: CallSink): Call {
    const uri = params.string('uri');
    if (uri === null) return this.#refuseLater(message, -32602, 'params.uri must be a string', sink);
    const call = new Cancellable();
    const done = (why: string | null): void =>
      call.run(() => {
        if (why === null) sink.answer(resultOf(idOf(message), '{}'), 200);
        else sink.answer(errorOf(idOf(message), { code: methodNotFound, message: why }), 200);
      });
    if (message.method === 'resources/subscribe') this.#listen.watch(uri, done);
    else this.#listen.unwatch(uri, done);
    return call;
  }

  #answerLater(message: Message, sink: CallSink): Call {
    const call = new Cancellable();
    queueMicrotask(() => call.run(() => sink.answer(resultOf(idOf(message), '{}'), 200)));
    return call;
  }

  #refuseLater(message: Message, code: number, text: string, sink: CallSink): Call {
    const call = new Cancellable();
    queueMicrotask(() => call.run(() => sink.answer(errorOf(idOf(message), { code, message: text }), 200)));
    return call;
  }

  #ask({ method, params }: Question, sink: CallSink, asking: Asking): string {
    const id = this.#deps.ambient.ids.next('ask');
    this.#asking.set(id, asking);
    if (params.string('mode') === 'url') params.set('elicitationId', JSON.stringify(id));
    sink.related(requestOf(JSON.stringify(id), method, params));
    return id;
  }

  guarded(sink: CallSink, work: () => void): void {
    try {
      work();
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      const text = `the server "${this.#deps.server.name}" sent something unreadable: ${error.message}`;
      sink.fail(new Failure('upstream_invalid', text));
    }
  }
}

/** A call that is answered here. */
class Cancellable implements Call {
  inner: Call | null = null;
  #cancelled = false;

  cancel(reason: string): void {
    this.#cancelled = true;
    this.inner?.cancel(reason);
  }

  run(work: () => void): void {
    if (!this.#cancelled) work();
  }
}
