// One request of a modern client to a legacy server. A question of the server ends the client's request with
// `input_required` while the server's own stays open; the client comes back with answers, and finds it where it was.
import { Failure } from '@mcpvault/domain/failure';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { metaKeys } from '@mcpvault/protocol/mcp/revision';
import type { Call, CallSink } from '../../upstream/link.ts';
import { callLife, type CallEvent, type CallState } from './call-life.ts';
import { bare, cannotAnswer, type ClientFacts } from './envelope.ts';
import { limits } from './limits.ts';
import { decorated, modernError, toolError } from './results.ts';
import { flatTask, isOver, pollAfter, taskParams } from './task-words.ts';
import { errorIn, errorOf, errorTextOf, notificationOf, paramsOf, requestOf, resultIn, resultOf } from './words.ts';

/** One request of the client, which asks or comes back. */
export interface Front {
  readonly sink: CallSink;
  /** JSON text. */
  readonly id: string;
  /** JSON text of the client's progress token; null where it wants to hear of none. */
  readonly token: string | null;
  /** The least level of log messages that it wants to hear; null for none. */
  readonly level: string | null;
  readonly facts: ClientFacts;
}

/** What a call needs of the session that it is part of. */
export interface CallSession {
  /** For messages to people. */
  readonly serverName: string;
  /** Milliseconds without another question after which those that are there are put. */
  readonly gather: number;
  /** JSON text of the server's own name; null where it gave none. */
  readonly serverInfo: string | null;
  /** Sends a request under an id of this hop. */
  send(call: SessionCall, request: Message): Call;
  nextId(): number;
  /** Answers a request of the server. */
  reply(answer: Message): void;
  /** Keeps the call for a client that comes back, and returns the state by which it is found. */
  park(call: SessionCall): string;
  /** The call has had its last word. */
  done(call: SessionCall): void;
  /** The call made a task, which needs the session for as long as it lives. */
  madeTask(task: ObjectText): void;
  /** A page of the server's tools went by. */
  listed(result: ObjectText): void;
  /** A request of our own; rejects with a `Failure`. */
  query(method: string, params: ObjectText): Promise<Message>;
  /** Something that belongs to no certain call. */
  unsolicited(message: Message): void;
  asked(request: Message, of: SessionCall): void;
  /** The server has forgotten the session. */
  forgotten(failure: Failure): void;
}

/** What a call asks of the server. */
export interface Request {
  readonly method: string;
  readonly params: ObjectText;
  /** Whether the server may ask the client something meanwhile. */
  readonly askable: boolean;
  readonly asTask: AsTask;
}

interface Question {
  readonly method: string;
  readonly params: ObjectText;
  /** JSON text of the id of the server's request; null where the request itself is sent again. */
  readonly of: string | null;
}

/** Whether the call is sent as a task, and then whether the client takes the task or waits for what comes of it. */
export type AsTask = 'no' | 'give' | 'hold';

export const levels = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const urlRequired = -32042;
const lostTask = new Failure('internal', 'something went wrong inside MCPVault');

export class SessionCall implements CallSink, Call {
  readonly #session: CallSession;
  readonly method: string;
  readonly params: ObjectText;
  readonly askable: boolean;
  readonly #asTask: AsTask;
  /** The task that the client waits for without knowing of it. */
  #held: string | null = null;
  #timer: NodeJS.Timeout | null = null;
  #front: Front | null;
  #call: Call | null = null;
  /** Its latest id on this hop. */
  id = 0;
  /** All that it has had: progress is told under the first. */
  readonly ids: number[] = [];
  readonly #questions = new Map<string, Question>();
  #asked = 0;
  #rounds = 0;
  #flushing: NodeJS.Timeout | null = null;
  /** What came while the client was away. */
  #kept: Message | Failure | null = null;
  #state: CallState;

  constructor(session: CallSession, asked: Request, front: Front | null) {
    this.#session = session;
    this.method = asked.method;
    this.params = asked.params;
    this.askable = asked.askable;
    this.#asTask = asked.asTask;
    this.#front = front;
    this.#state = front === null ? 'parked' : 'under-way';
  }

  begin(): void {
    this.id = this.#session.nextId();
    this.ids.push(this.id);
    const token = this.#front?.token == null ? null : String(this.id);
    const params = bare(this.params.copy(), token);
    if (this.#asTask !== 'no') params.set('task', '{}');
    this.#call = this.#session.send(this, requestOf(String(this.id), this.method, params));
  }

  /** The questions that wait for the client, by their keys, as a modern server puts them. */
  get waiting(): ObjectText {
    const requests = ObjectText.of(null);
    for (const [key, { method, params }] of this.#questions) {
      requests.set(key, `{"method":${JSON.stringify(method)},"params":${params.toString()}}`);
    }
    return requests;
  }

  get front(): Front | null {
    return this.#front;
  }

  /** The client has come back with answers, some or all. */
  resume(front: Front, answers: ObjectText): void {
    if (!this.#move('came-back')) return;
    this.#front = front;
    const again = this.pass(answers);
    const kept = this.#kept;
    this.#kept = null;
    if (kept instanceof Failure) return this.fail(kept);
    if (kept !== null) return this.#deliver(kept, front);
    if (again.includes(false)) return this.#refuse('the user did not go to the web page that the server asked for');
    if (this.#questions.size > 0) return this.#flushSoon();
    if (again.length > 0) this.begin();
  }

  /** Passes answers on to the server. Returns, for each that the server did not itself ask for, whether it is a yes. */
  pass(answers: ObjectText): readonly boolean[] {
    const again: boolean[] = [];
    for (const [key, { of, method }] of this.#questions) {
      const answer = answers.get(key);
      if (answer === null || !isAnswer(method, answer)) continue;
      this.#questions.delete(key);
      if (of === null) again.push(ObjectText.of(answer).string('action') === 'accept');
      else this.#session.reply(resultOf(of, answer));
    }
    return again;
  }

  /** Puts a request of the server to the client, in the answer that it gets next. */
  ask(request: Message): void {
    const of = request.idSpan === null ? null : request.textAt(request.idSpan);
    if (of === null || !this.#move('asked')) return;
    if (this.#questions.size >= limits.questions) {
      const message = 'the client has too many questions to answer already';
      return this.#session.reply(errorOf(of, { code: -32603, message }));
    }
    const params = paramsOf(request).without('elicitationId', 'task');
    this.#put({ method: request.method ?? '', params, of });
    this.#flushSoon();
  }

  /** The server takes a question back, by the JSON text of its id. */
  withdraw(of: string): boolean {
    for (const [key, question] of this.#questions) if (question.of === of) return this.#questions.delete(key);
    return false;
  }

  /** Nobody comes back any more. */
  expire(reason: string): void {
    if (this.#move('expired')) this.#abandon(reason);
  }

  cancel(reason: string): void {
    if (this.#move('given-up')) this.#abandon(reason);
  }

  #abandon(reason: string): void {
    this.#end();
    this.#call?.cancel(reason);
    if (this.#held !== null) this.#session.query('tasks/cancel', taskParams(this.#held)).catch(() => undefined);
  }

  related(message: Message): void {
    if (this.#state === 'over') return;
    if (message.kind === 'request') this.#session.asked(message, this);
    else this.heard(message);
  }

  heard(message: Message): void {
    const front = this.#front;
    switch (message.method) {
      case 'notifications/progress':
        if (front?.token == null) return;
        return front.sink.related(notificationOf(message.method, paramsOf(message).set('progressToken', front.token)));
      case 'notifications/message': {
        if (front?.level == null) return;
        const level = levels.indexOf(paramsOf(message).string('level') ?? '');
        return level >= levels.indexOf(front.level) ? front.sink.related(message) : undefined;
      }
      default:
        return this.#session.unsolicited(message);
    }
  }

  answer(message: Message): void {
    if (!this.#move('answered')) return;
    this.#call = null;
    if (this.#front === null) this.#kept = message;
    else this.#deliver(message, this.#front);
  }

  fail(failure: Failure): void {
    if (!this.#move('answered')) return;
    if (failure.code === 'session_not_found') this.#session.forgotten(failure);
    if (this.#front === null) {
      this.#kept = failure;
      return;
    }
    const { sink } = this.#front;
    this.#over();
    sink.fail(failure);
  }

  hasRoom(): boolean {
    return this.#front?.sink.hasRoom() ?? true;
  }

  onRoom(resume: () => void): void {
    if (this.#front === null) queueMicrotask(resume);
    else this.#front.sink.onRoom(resume);
  }

  #put(question: Question): void {
    this.#questions.set(`question-${++this.#asked}`, question);
  }

  /** Questions that come together are put together. */
  #flushSoon(): void {
    if (this.#flushing !== null) clearTimeout(this.#flushing);
    this.#flushing = setTimeout(() => {
      this.#flushing = null;
      if (this.#questions.size > 0) this.#flush();
    }, this.#session.gather);
  }

  #flush(): void {
    const front = this.#front;
    if (front === null || callLife[this.#state].put === null) return;
    if (++this.#rounds > limits.rounds) {
      this.#call?.cancel('too many questions');
      return this.#refuse(`the server asked in more than ${limits.rounds} rounds`);
    }
    const state = this.#session.park(this);
    const result = ObjectText.of(null)
      .set('resultType', '"input_required"')
      .set('inputRequests', this.waiting.toString())
      .set('requestState', JSON.stringify(state));
    const { serverInfo } = this.#session;
    if (serverInfo !== null) result.set('_meta', ObjectText.of(null).set(metaKeys.serverInfo, serverInfo).toString());
    this.#move('put');
    this.#front = null;
    front.sink.answer(resultOf(front.id, result), 200);
  }

  #deliver(message: Message, front: Front): void {
    if (message.kind === 'error') return this.#deliverError(message, front);
    const result = resultIn(message);
    if (this.method === 'tools/list') this.#session.listed(result);
    const task = this.#asTask === 'no' || this.#held !== null ? null : result.get('task');
    if (task !== null) return this.#becameTask(ObjectText.of(task), front);
    this.#finish(result, '"complete"', front);
  }

  #finish(result: ObjectText, type: string, front: Front): void {
    const said = decorated(this.method, result, this.#session.serverInfo).set('resultType', type);
    this.#over();
    front.sink.answer(resultOf(front.id, said), 200);
  }

  #becameTask(task: ObjectText, front: Front): void {
    this.#session.madeTask(task);
    if (this.#asTask === 'give') return this.#finish(flatTask(task), '"task"', front);
    const id = task.string('taskId');
    if (id === null)
      return this.fail(
        new Failure('upstream_invalid', `the server "${this.#session.serverName}" made a task without an id`),
      );
    this.#held = id;
    this.#look(id, task);
  }

  /** Looks after a task until there is a result to fetch, or a question that comes with it. */
  #look(id: string, task: ObjectText): void {
    const status = task.string('status');
    if (isOver(status) || status === 'input_required') {
      this.id = this.#session.nextId();
      this.ids.push(this.id);
      this.#call = this.#session.send(this, requestOf(String(this.id), 'tasks/result', taskParams(id)));
      return;
    }
    this.#timer = setTimeout(() => {
      this.#session
        .query('tasks/get', taskParams(id))
        .then((answer) => {
          if (this.#state === 'over') return;
          this.#front?.sink.alive?.();
          this.#look(id, resultIn(answer));
        })
        .catch((error: unknown) => this.fail(error instanceof Failure ? error : lostTask));
    }, pollAfter(task));
    this.#timer.unref();
  }

  #deliverError(message: Message, front: Front): void {
    const error = errorIn(message);
    if (error.code === urlRequired && this.askable) return this.#askForPages(error.data, front);
    const told = modernError(error, this.params.string('uri'));
    this.#over();
    const text = message.error === null || told !== error ? JSON.stringify(told) : message.textAt(message.error);
    front.sink.answer(errorTextOf(front.id, text), 200);
  }

  /** The server wants its user to have been somewhere first; then the same request is sent again. */
  #askForPages(data: unknown, { facts }: Front): void {
    const pages = (data as { elicitations?: unknown } | undefined)?.elicitations;
    const params = (Array.isArray(pages) ? pages : [])
      .slice(0, limits.questions)
      .map((page: unknown) => ObjectText.of(JSON.stringify(page)).without('elicitationId').set('mode', '"url"'));
    const [first] = params;
    const cannot = first === undefined ? 'it was not told which' : cannotAnswer(facts, 'elicitation/create', first);
    if (cannot !== null) return this.#refuse(`the server wants its user to open a web page first: ${cannot}`);
    for (const each of params) this.#put({ method: 'elicitation/create', params: each, of: null });
    this.#flush();
  }

  #refuse(why: string): void {
    const front = this.#front;
    if (front === null) return;
    this.#over();
    if (this.method === 'tools/call') {
      const result = decorated(this.method, ObjectText.of(toolError(why)), this.#session.serverInfo);
      return front.sink.answer(resultOf(front.id, result), 200);
    }
    front.sink.answer(errorOf(front.id, { code: -32603, message: why }), 200);
  }

  /** False where the event changes nothing. */
  #move(event: CallEvent): boolean {
    const next = callLife[this.#state][event];
    if (next === null) return false;
    this.#state = next;
    return true;
  }

  #over(): void {
    if (this.#move('delivered')) this.#end();
  }

  #end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    if (this.#flushing !== null) clearTimeout(this.#flushing);
    this.#questions.clear();
    this.#session.done(this);
  }
}

/** Whether an answer has the shape that the question asks for; any other is no answer. */
function isAnswer(method: string, json: string): boolean {
  if (!json.startsWith('{')) return false;
  const answer = ObjectText.of(json);
  switch (method) {
    case 'elicitation/create':
      return ['accept', 'decline', 'cancel'].includes(answer.string('action') ?? '');
    case 'sampling/createMessage':
      return answer.has('content') && answer.has('role');
    default:
      return answer.get('roots')?.startsWith('[') === true;
  }
}
