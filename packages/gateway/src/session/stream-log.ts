// What a legacy client may ask for again: the events of its streams, numbered, in bounded memory. Nothing is kept for a
// conversation that never streams.

export interface LoggedEvent {
  /** Counts up from 1 within its stream. */
  readonly number: number;
  readonly data: Buffer;
}

interface LoggedStream {
  readonly events: LoggedEvent[];
  last: number;
  /** Milliseconds since the epoch; null while more may come. */
  closedAt: number | null;
}

/** The stream for what belongs to no call: it is there from the beginning and is never closed. */
export const unaskedStream = 0;
/** Streams that have ended are kept for a client that comes back late, so many at most and so many milliseconds. */
const mostClosed = 64;
const keptClosed = 300_000;

export class StreamLog {
  readonly #limit: number;
  readonly #streams = new Map<number, LoggedStream>();
  #bytes = 0;
  #closed = 0;
  #nextStream = unaskedStream + 1;

  /** `limit` in bytes of data. */
  constructor(limit: number) {
    this.#limit = limit;
    this.#streams.set(unaskedStream, { events: [], last: 0, closedAt: null });
  }

  open(): number {
    const stream = this.#nextStream++;
    this.#streams.set(stream, { events: [], last: 0, closedAt: null });
    return stream;
  }

  /** Keeps an event, which must be the log's own from now on, and numbers it. */
  append(stream: number, data: Buffer): LoggedEvent {
    const log = this.#streams.get(stream);
    if (log === undefined || log.closedAt !== null) throw new Error('the stream is not open');
    const event = { number: ++log.last, data };
    log.events.push(event);
    this.#bytes += data.length;
    this.#shrink();
    return event;
  }

  close(stream: number, now: number): void {
    const log = this.#streams.get(stream);
    if (log === undefined || log.closedAt !== null) return;
    log.closedAt = now;
    this.#closed++;
    if (this.#closed > mostClosed) this.#forgetClosed(1);
  }

  /** What is kept of a stream behind an event; null when nothing is known of the stream. */
  after(stream: number, number: number): { readonly closed: boolean; readonly events: readonly LoggedEvent[] } | null {
    const log = this.#streams.get(stream);
    if (log === undefined) return null;
    return { closed: log.closedAt !== null, events: log.events.filter((event) => event.number > number) };
  }

  /** Forgets what nobody has come back for. */
  sweep(now: number): void {
    for (const [stream, { closedAt }] of this.#streams)
      if (closedAt !== null && closedAt + keptClosed < now) this.#forget(stream);
  }

  /** Whole streams that have ended go first, then the oldest events of those that go on. */
  #shrink(): void {
    while (this.#bytes > this.#limit && this.#closed > 0) this.#forgetClosed(1);
    for (const { events } of this.#streams.values()) {
      while (this.#bytes > this.#limit) {
        const dropped = events.shift();
        if (dropped === undefined) break;
        this.#bytes -= dropped.data.length;
      }
    }
  }

  #forgetClosed(count: number): void {
    let left = count;
    for (const [stream, { closedAt }] of this.#streams) {
      if (left === 0) return;
      if (closedAt === null) continue;
      this.#forget(stream);
      left--;
    }
  }

  #forget(stream: number): void {
    const log = this.#streams.get(stream);
    if (log === undefined) return;
    for (const { data } of log.events) this.#bytes -= data.length;
    if (log.closedAt !== null) this.#closed--;
    this.#streams.delete(stream);
  }
}

export function eventId(stream: number, number: number): string {
  return `${stream}-${number}`;
}

/** null when the text is no event id of ours. */
export function readEventId(id: string): { readonly stream: number; readonly number: number } | null {
  const match = /^(\d{1,9})-(\d{1,9})$/.exec(id);
  return match === null ? null : { stream: Number(match[1]), number: Number(match[2]) };
}
