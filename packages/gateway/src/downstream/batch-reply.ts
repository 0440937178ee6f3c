import type { Reply } from './reply.ts';

/**
 * The answer to a batch: one array of all answers, or a stream on which each comes as its own event as soon as anything has
 * to be said before the last of them.
 */
export class BatchReply {
  readonly #reply: Reply;
  #left: number;
  #answers: Buffer[] = [];

  /** `requests` is how many parts will answer. */
  constructor(reply: Reply, requests: number) {
    this.#reply = reply;
    this.#left = requests;
  }

  /** Where one request of the batch is answered. */
  part(): Reply {
    const reply = this.#reply;
    return {
      get takesEvents() {
        return reply.takesEvents;
      },
      get gone() {
        return reply.gone;
      },
      get streaming() {
        return reply.streaming;
      },
      header: (name, value) => reply.header(name, value),
      onGone: (callback) => reply.onGone(callback),
      onClosed: (callback) => reply.onClosed(callback),
      cut: () => reply.cut(),
      open: () => this.#open(),
      beat: () => reply.beat(),
      event: (data, id) => {
        this.#open();
        reply.event(data, id);
      },
      prime: (id) => {
        this.#open();
        reply.prime(id);
      },
      answer: (data, _status, id) => this.#answer(data, id),
      empty: () => this.#one(),
      end() {},
      hasRoom: () => reply.hasRoom(),
      onRoom: (resume) => reply.onRoom(resume),
    };
  }

  #open(): void {
    if (this.#reply.streaming) return;
    this.#reply.open();
    const early = this.#answers;
    this.#answers = [];
    for (const answer of early) this.#reply.event(answer, null);
  }

  #answer(data: Buffer, id: string | null): void {
    if (this.#reply.streaming) this.#reply.event(data, id);
    else this.#answers.push(data);
    this.#one();
  }

  #one(): void {
    if (--this.#left > 0) return;
    if (this.#reply.streaming) return this.#reply.end();
    const parts = this.#answers.flatMap((answer, index) => (index === 0 ? [answer] : [comma, answer]));
    this.#reply.answer(Buffer.concat([open, ...parts, close]), 200, null);
  }
}

const open = Buffer.from('[');
const comma = Buffer.from(',');
const close = Buffer.from(']');
