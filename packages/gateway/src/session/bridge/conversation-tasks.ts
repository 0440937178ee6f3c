// The tasks of a legacy session whose server speaks the modern era: made when the client asks for one, whether or not the
// server makes one of it, and looked after until the client has its result.
import type { Clock, Ids } from '@mcpvault/domain/ambient';
import type { Failure } from '@mcpvault/domain/failure';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import type { Call, CallSink } from '../../upstream/link.ts';
import type { Asking, Hop, Question } from './drive.ts';
import { coreTask, isOver, pollAfter, resultOfTask, taskParams } from './task-words.ts';
import { errorIn, errorOf, idOf, nobody, type RpcError, resultIn, resultOf } from './words.ts';

export interface ConversationTasksDeps {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly hop: Hop;
  /** The server's question as the client gets it; a text says why it cannot be asked. */
  questionsIn(result: ObjectText): readonly (readonly [string, Question])[] | string;
  ask(question: Question, sink: CallSink, asking: Asking): string;
  asked(id: string): void;
  /** A result in the words of the client's revision. */
  plain(result: ObjectText): ObjectText;
}

interface KnownTask {
  /** As the client knows it. */
  core: ObjectText;
  /** What a server answered that made no task of the call; null where the server runs it. */
  readonly answer: Message | null;
}

const mostTasks = 1_000;
const unknownTask: RpcError = { code: -32602, message: 'there is no such task' };

export class ConversationTasks {
  readonly #deps: ConversationTasksDeps;
  readonly #tasks = new Map<string, KnownTask>();

  constructor(deps: ConversationTasksDeps) {
    this.#deps = deps;
  }

  /** The result of a call that was to be a task. */
  made(answer: Message): ObjectText {
    const result = resultIn(answer);
    const isTask = result.string('resultType') === 'task';
    const core = isTask ? coreTask(result) : this.#finished(answer);
    const id = core.string('taskId');
    if (id !== null) this.#keep(id, { core, answer: isTask ? null : answer });
    return ObjectText.of(null).set('task', core.toString());
  }

  /** Answers a request about tasks. */
  answer(message: Message, params: ObjectText, sink: CallSink): Call {
    const call = new TaskCall();
    const id = idOf(message);
    const say = (said: ObjectText | RpcError): void => {
      if (call.cancelled) return;
      sink.answer(said instanceof ObjectText ? resultOf(id, said) : errorOf(id, said), 200);
    };
    const task = params.string('taskId');
    const known = task === null ? undefined : this.#tasks.get(task);
    if (message.method === 'tasks/list') queueMicrotask(() => say(this.#list()));
    else if (task === null || known === undefined) queueMicrotask(() => say(unknownTask));
    else if (message.method === 'tasks/result') this.#result(task, known, { call, sink, say, id });
    else if (message.method === 'tasks/cancel') this.#cancel(task, known, { call, sink, say, id });
    else this.#look(task, known, { call, sink, say, id }, (core) => say(core));
    return call;
  }

  #finished(answer: Message): ObjectText {
    const { clock, ids } = this.#deps;
    const now = JSON.stringify(new Date(clock.now()).toISOString());
    const failed = resultIn(answer).get('isError') === 'true';
    return ObjectText.of(null)
      .set('taskId', JSON.stringify(ids.next('task')))
      .set('status', failed ? '"failed"' : '"completed"')
      .set('createdAt', now)
      .set('lastUpdatedAt', now)
      .set('ttl', 'null');
  }

  #keep(id: string, task: KnownTask): void {
    this.#tasks.set(id, task);
    if (this.#tasks.size <= mostTasks) return;
    for (const oldest of this.#tasks.keys()) return void this.#tasks.delete(oldest);
  }

  #list(): ObjectText {
    const tasks = [...this.#tasks.values()].map(({ core }) => core.toString());
    return ObjectText.of(null).set('tasks', `[${tasks.join(',')}]`);
  }

  /** Asks the server for the state of a task that it runs. */
  #look(
    task: string,
    known: KnownTask,
    asked: AskedAbout,
    then: (core: ObjectText, detailed: ObjectText) => void,
  ): void {
    if (known.answer !== null || known.core.string('status') === 'cancelled') {
      return queueMicrotask(() => then(known.core, ObjectText.of(null)));
    }
    this.#send('tasks/get', taskParams(task), asked, (answer) => {
      if (answer.kind === 'error') return asked.say(errorIn(answer));
      const detailed = resultIn(answer);
      known.core = coreTask(detailed);
      then(known.core, detailed);
    });
  }

  #result(task: string, known: KnownTask, asked: AskedAbout): void {
    const { plain } = this.#deps;
    if (known.answer !== null) {
      const { answer } = known;
      const said = resultOfTask(plain(resultIn(answer)), task);
      return queueMicrotask(() => asked.say(said));
    }
    this.#look(task, known, asked, (core, detailed) => {
      switch (core.string('status')) {
        case 'completed':
          return asked.say(resultOfTask(plain(detailed.inner('result')), task));
        case 'failed':
          return asked.say((detailed.value('error') as RpcError | undefined) ?? failed);
        case 'cancelled':
          return asked.say(cancelled);
        case 'input_required':
          return this.#ask(task, known, asked, detailed);
        default:
          return this.#later(task, known, asked, detailed);
      }
    });
  }

  #later(task: string, known: KnownTask, asked: AskedAbout, detailed: ObjectText): void {
    asked.call.timer = setTimeout(() => {
      asked.sink.alive?.();
      this.#result(task, known, asked);
    }, pollAfter(detailed));
    asked.call.timer.unref();
  }

  #ask(task: string, known: KnownTask, asked: AskedAbout, detailed: ObjectText): void {
    const questions = this.#deps.questionsIn(detailed);
    if (typeof questions === 'string') return asked.say({ code: -32603, message: questions });
    const fresh = questions.filter(([key]) => !asked.call.answered.has(key));
    if (fresh.length === 0) return this.#later(task, known, asked, detailed);
    const answers = ObjectText.of(null);
    const open = new Map<string, string>();
    const told = (answer: Message): void => {
      const id = String(answer.id);
      const key = open.get(id);
      if (key === undefined || asked.call.cancelled) return;
      open.delete(id);
      this.#deps.asked(id);
      if (answer.kind === 'error') {
        const why = errorIn(answer).message.slice(0, 300);
        return asked.say({ code: -32603, message: `the client could not answer the server's question: ${why}` });
      }
      asked.call.answered.add(key);
      answers.set(key, answer.result === null ? 'null' : answer.textAt(answer.result));
      if (open.size > 0) return;
      const params = taskParams(task).set('inputResponses', answers.toString());
      this.#send('tasks/update', params, asked, () => this.#result(task, known, asked));
    };
    for (const [key, question] of fresh) open.set(this.#deps.ask(question, asked.sink, { told }), key);
  }

  #cancel(task: string, known: KnownTask, asked: AskedAbout): void {
    if (isOver(known.core.string('status'))) {
      return queueMicrotask(() => asked.say({ code: -32602, message: 'the task has come to its end already' }));
    }
    this.#send('tasks/cancel', taskParams(task), asked, (answer) => {
      if (answer.kind === 'error') return asked.say(errorIn(answer));
      // The server only said that it heard; what it still makes of the task is not asked for any more.
      known.core.set('status', '"cancelled"');
      asked.say(known.core);
    });
  }

  #send(method: string, params: ObjectText, { call, sink }: AskedAbout, then: (answer: Message) => void): void {
    const { hop } = this.#deps;
    call.inner = hop.send(hop.request(method, params, { tasks: true }), {
      ...nobody,
      answer: (answer) => {
        if (!call.cancelled) hop.guarded(sink, () => then(answer));
      },
      fail: (failure: Failure) => {
        if (!call.cancelled) sink.fail(failure);
      },
    });
  }
}

const failed: RpcError = { code: -32603, message: 'the task failed without saying why' };
const cancelled: RpcError = { code: -32603, message: 'the task was cancelled' };

interface AskedAbout {
  readonly call: TaskCall;
  readonly sink: CallSink;
  readonly id: string;
  say(said: ObjectText | RpcError): void;
}

class TaskCall implements Call {
  inner: Call | null = null;
  timer: NodeJS.Timeout | null = null;
  cancelled = false;
  /** Questions that were answered: the server may not have taken note yet. */
  readonly answered = new Set<string>();

  cancel(reason: string): void {
    this.cancelled = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.inner?.cancel(reason);
  }
}
