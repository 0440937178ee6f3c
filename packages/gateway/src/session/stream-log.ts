// What a legacy client may ask for again: the events of its streams, with ids, in bounded memory. Nothing is kept for a
// conversation that never streams.

export interface LoggedEvent {
  readonly id: string;
  readonly data: Buffer;
}

interface LoggedStream {
  readonly events: LoggedEvent[];
  bytes: number;
  next: number;
}

export class StreamLog {
  readonly #limit: number;
  readonly #streams = new Map<number, LoggedStream>();
  #bytes = 0;
  #nextStream = 1;

  constructor(limit: number) {
    this.#limit = limit;
  }

  open(): number {
    const stream = this.#nextStream++;
    this.#streams.set(stream, { events: [], bytes: 0, next: 1 });
    return stream;
  }

  /** Keeps an event of a stream and gives it its id. */
  append(stream: number, data: Buffer): LoggedEvent {
    const log = this.#streams.get(stream);
    if (log === undefined) return { id: `${stream}-0`, data };
    const event = { id: `${stream}-${log.next++}`, data };
    log.events.push(event);
    log.bytes += data.length;
    this.#bytes += data.length;
    this.#shrink();
    return event;
  }

  /** The stream that an event id belongs to and what came after it there; null when the id means nothing here. */
  after(id: string): { readonly stream: number; readonly events: readonly LoggedEvent[] } | null {
    const match = /^(\d{1,12})-(\d{1,12})$/.exec(id);
    if (match === null) return null;
    const stream = Number(match[1]);
    const log = this.#streams.get(stream);
    if (log === undefined) return null;
    const seen = Number(match[2]);
    return { stream, events: log.events.filter((event) => Number(event.id.slice(event.id.indexOf('-') + 1)) > seen) };
  }

  forget(stream: number): void {
    const log = this.#streams.get(stream);
    if (log === undefined) return;
    this.#bytes -= log.bytes;
    this.#streams.delete(stream);
  }

  #shrink(): void {
    for (const log of this.#streams.values()) {
      while (this.#bytes > this.#limit && log.events.length > 0) {
        const dropped = log.events.shift();
        const size = dropped?.data.length ?? 0;
        log.bytes -= size;
        this.#bytes -= size;
      }
      if (this.#bytes <= this.#limit) return;
    }
  }
}
