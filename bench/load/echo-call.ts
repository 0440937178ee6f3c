import type { Answer } from './answer-reader.ts';
import type { Connection } from './connection.ts';
import { filler } from './filler.ts';

/** One repeatable piece of load. `done` is called once, with the error when the answer was not the right one. */
export interface Load {
  run(done: (error: Error | null) => void): void;
}

/** Whoever can call a tool, of either era. */
export interface Caller {
  readonly connection: Connection;
  /** The whole request as bytes. `args` is JSON text. */
  toolCall(id: number, tool: string, args: string): Buffer;
}

const firstId = 10_000_000;
const ids = 80_000_000;
const place = '<00000000-00000000>';

/**
 * Calls the tool `echo` over and over as one client. Each call carries a place of its own, the client's number and the
 * call's, and is right only when that very place comes back: crossed answers are errors.
 */
export class EchoCall implements Load {
  readonly #connection: Connection;
  readonly #request: Buffer;
  readonly #idAt: number;
  readonly #placeAt: number;
  readonly #expected = Buffer.from(place);
  #count = 0;

  constructor(caller: Caller, tool: string, number: number, bytes: number) {
    const text = place.replace('00000000', padded(number)) + filler(Math.max(0, bytes - place.length));
    this.#request = caller.toolCall(firstId, tool, `{"message":"${text}"}`);
    this.#connection = caller.connection;
    this.#idAt = this.#request.indexOf(`"id":${firstId}`) + 5;
    this.#placeAt = this.#request.indexOf(`"message":"<`) + 11;
  }

  run(done: (error: Error | null) => void): void {
    const count = ++this.#count;
    this.#request.write(String(firstId + (count % ids)), this.#idAt, 'latin1');
    this.#request.write(padded(count), this.#placeAt + 10, 'latin1');
    this.#request.copy(this.#expected, 0, this.#placeAt, this.#placeAt + place.length);
    this.#connection.exchange(this.#request, (error, answer) => done(error ?? this.#judge(answer)));
  }

  #judge(answer: Answer | null): Error | null {
    if (answer?.status === 200 && answer.body.includes(this.#expected)) return null;
    return new Error(`HTTP ${answer?.status}, not the right answer: ${answer?.body.toString('utf8', 0, 200)}`);
  }
}

function padded(number: number): string {
  return String(number % 100_000_000).padStart(8, '0');
}
