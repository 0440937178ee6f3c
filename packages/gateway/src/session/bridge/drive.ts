// One request of a legacy client to a modern server: as many rounds as the server has questions, each answered by the
// client in a real request, up to a bound.
import { Failure } from '@mcpvault/domain/failure';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import type { Call, CallSink, Outbound } from '../../upstream/link.ts';
import { downgradedQuestion } from './downgrade.ts';
import { cannotAnswer, type ClientFacts } from './envelope.ts';
import { limits } from './limits.ts';
import { speaksOurs, toolError } from './results.ts';
import { errorIn, resultIn } from './words.ts';

export interface Question {
  readonly method: string;
  readonly params: ObjectText;
}

/** What a round says beside the request itself, as JSON texts. */
export interface Round {
  readonly answers: ObjectText | null;
  readonly state: string | null;
}

/** The way to the server. */
export interface Hop {
  /** A request under an id of this hop. */
  request(method: string, params: ObjectText, more: More): Outbound;
  send(outbound: Outbound, sink: CallSink): Call;
  /** What cannot be read of what the server sent costs this call only. */
  guarded(sink: CallSink, work: () => void): void;
}

export interface More {
  readonly round?: Round | null;
  /** Whether a task may be the answer. */
  readonly tasks?: boolean;
}

/** Who waits for the client's answer to a question. */
export interface Asking {
  told(answer: Message): void;
}

export interface DriveDeps {
  readonly hop: Hop;
  readonly method: string;
  readonly params: ObjectText;
  /** For messages to people. */
  readonly server: string;
  readonly client: ClientFacts;
  readonly revision: string;
  readonly sink: CallSink;
  /** Whether a task may be the answer. */
  readonly tasks: boolean;
  /** Asks the client; returns the id of the question. */
  ask(question: Question): string;
  /** The question waits no more. */
  asked(id: string): void;
  /** The server's last word; `result` is null for an error. */
  deliver(answer: Message, result: ObjectText | null): void;
  /** A page of the server's tools, read again. */
  relisted(result: ObjectText): void;
  /** A last word of our own: JSON text of a result. */
  answerWith(result: string): void;
  fail(code: number, text: string): void;
  guarded(work: () => void): void;
}

/** Of tools that are read again. */
const mostPages = 20;
const headerMismatch = -32020;
const missingCapability = -32021;
const unsupportedVersion = -32022;

export class Drive implements Call, CallSink, Asking {
  readonly #deps: DriveDeps;
  #call: Call | null = null;
  #rounds = 0;
  #relisted = false;
  #again = false;
  #done = false;
  /** The questions of this round: its keys by the ids under which they were asked. */
  #open: Map<string, string> | null = null;
  #answers = ObjectText.of(null);
  #state: string | null = null;

  constructor(deps: DriveDeps) {
    this.#deps = deps;
  }

  begin(): void {
    this.#send(null);
  }

  cancel(reason: string): void {
    if (this.#done) return;
    this.#end();
    this.#call?.cancel(reason);
  }

  related(message: Message): void {
    if (!this.#done && message.kind === 'notification') this.#deps.sink.related(message);
  }

  answer(message: Message): void {
    if (!this.#done) this.#deps.guarded(() => this.#answered(message));
  }

  fail(failure: Failure): void {
    if (this.#done) return;
    this.#end();
    this.#deps.sink.fail(failure);
  }

  hasRoom(): boolean {
    return this.#deps.sink.hasRoom();
  }

  onRoom(resume: () => void): void {
    this.#deps.sink.onRoom(resume);
  }

  /** The client's answer to one of the questions. */
  told(answer: Message): void {
    const id = String(answer.id);
    const key = this.#open?.get(id);
    if (key === undefined || this.#done) return;
    this.#open?.delete(id);
    this.#deps.asked(id);
    if (answer.kind === 'error') {
      const why = errorIn(answer).message.slice(0, 300);
      return this.#refuse(`the client could not answer the server's question: ${why}`);
    }
    this.#answers.set(key, answer.result === null ? 'null' : answer.textAt(answer.result));
    if (this.#open?.size === 0) this.#send(this.#answers);
  }

  #send(answers: ObjectText | null): void {
    const { hop, method, params } = this.#deps;
    const round = answers === null && this.#state === null ? null : { answers, state: this.#state };
    try {
      this.#call = hop.send(hop.request(method, params, { round, tasks: this.#deps.tasks }), this);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      queueMicrotask(() => this.fail(error));
    }
  }

  #answered(message: Message): void {
    if (message.kind === 'error') return this.#refused(message);
    const result = resultIn(message);
    const type = result.string('resultType') ?? 'complete';
    switch (type === 'task' && this.#deps.tasks ? 'complete' : type) {
      case 'complete':
        this.#end();
        return this.#deps.deliver(message, result);
      case 'input_required':
        return this.#nextRound(result);
      default: {
        const said = `the server "${this.#deps.server}" answered with the result type "${type.slice(0, 100)}"`;
        return this.fail(new Failure('upstream_invalid', said));
      }
    }
  }

  #nextRound(result: ObjectText): void {
    if (++this.#rounds > limits.rounds) return this.#refuse(`the server asked in more than ${limits.rounds} rounds`);
    const questions = questionsIn(result, this.#deps.client, this.#deps.revision);
    if (typeof questions === 'string') return this.#refuse(questions);
    this.#state = result.get('requestState');
    this.#answers = ObjectText.of(null);
    if (questions.length === 0) {
      if (this.#state !== null) return this.#send(null);
      return this.#refuse('the server asked for input without saying which');
    }
    this.#open ??= new Map();
    for (const [key, question] of questions) this.#open.set(this.#deps.ask(question), key);
  }

  #refused(message: Message): void {
    const error = errorIn(message);
    const { method, server } = this.#deps;
    switch (error.code) {
      case headerMismatch:
        // Its tools may have changed since they were listed.
        if (method === 'tools/call' && !this.#relisted) return this.#relist();
        return this.fail(
          new Failure('upstream_invalid', `the server "${server}" did not take our headers: ${error.message}`),
        );
      case unsupportedVersion:
        if (!this.#again && speaksOurs(error)) {
          this.#again = true;
          return this.#send(this.#rounds === 0 ? null : this.#answers);
        }
        return this.fail(
          new Failure('upstream_invalid', `the server "${server}" speaks no revision that MCPVault speaks`),
        );
      case missingCapability:
        return this.#refuse(`the server needs a client that can do more: ${error.message.slice(0, 300)}`);
      default:
        this.#end();
        this.#deps.deliver(message, null);
    }
  }

  /** Reads the tools anew, then sends the request again. */
  #relist(cursor: string | null = null, pages = 1): void {
    this.#relisted = true;
    const { hop } = this.#deps;
    const params = ObjectText.of(null).set('cursor', cursor);
    this.#call = hop.send(hop.request('tools/list', params, {}), {
      related() {},
      answer: (answer) =>
        this.#deps.guarded(() => {
          if (this.#done) return;
          const result = resultIn(answer);
          this.#deps.relisted(result);
          const next = result.get('nextCursor');
          if (next !== null && pages < mostPages) this.#relist(next, pages + 1);
          else this.#send(this.#rounds === 0 ? null : this.#answers);
        }),
      fail: (failure) => this.fail(failure),
      hasRoom: () => true,
      onRoom() {},
    });
  }

  /** Says readably why there is no answer: to the model where it called a tool, else as an error. */
  #refuse(why: string): void {
    if (this.#done) return;
    this.#end();
    if (this.#deps.method === 'tools/call') this.#deps.answerWith(toolError(why));
    else this.#deps.fail(-32603, why);
  }

  #end(): void {
    this.#done = true;
    for (const id of this.#open?.keys() ?? []) this.#deps.asked(id);
    this.#open = null;
  }
}

/** The questions by their keys; a text says why the client cannot be asked. */
export function questionsIn(
  result: ObjectText,
  client: ClientFacts,
  revision: string,
): readonly (readonly [string, Question])[] | string {
  const questions: [string, Question][] = [];
  for (const [key, text] of result.inner('inputRequests').entries()) {
    const request = ObjectText.of(text);
    const method = request.string('method') ?? '';
    const params = request.inner('params');
    const cannot = cannotAnswer(client, method, params);
    if (cannot !== null) return `the server needs an answer from the client that it cannot give: ${cannot}`;
    const downgraded = downgradedQuestion(method, params, revision);
    if (typeof downgraded === 'string') return downgraded;
    questions.push([key, { method, params: downgraded }]);
  }
  return questions.length <= limits.questions
    ? questions
    : `the server asked more than ${limits.questions} questions at once`;
}
