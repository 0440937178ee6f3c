import type { Reply } from '../downstream/reply.ts';
import { eventId } from './stream-log.ts';

/** What an outlet asks of its conversation. */
export interface Streams {
  /** A new stream for this outlet; null where nothing is kept for later. */
  openStream(outlet: Outlet): number | null;
  /** Keeps an event of the stream; returns its number. */
  keep(stream: number, data: Buffer): number;
  closeStream(stream: number): void;
  /** Says it on the stream for what belongs to no call. */
  say(data: Buffer): void;
  /** False for clients so old that an event without data breaks them. */
  readonly takesPriming: boolean;
}

/** Where one call's messages go: a reply that may be lost, and taken up again by another. */
export class Outlet {
  readonly #streams: Streams;
  #reply: Reply;
  #stream: number | null = null;

  constructor(streams: Streams, reply: Reply) {
    this.#streams = streams;
    this.#reply = reply;
  }

  get reply(): Reply {
    return this.#reply;
  }

  /** The client came back for this stream: what is said from now on goes there. */
  attach(reply: Reply): void {
    this.#reply.end();
    this.#reply = reply;
  }

  event(data: Buffer): void {
    if (!this.#reply.takesEvents) return this.#streams.say(data);
    this.#stream ??= this.#streams.openStream(this);
    if (this.#stream === null) return this.#reply.event(data, null);
    const kept = Buffer.from(data);
    this.#reply.event(kept, eventId(this.#stream, this.#streams.keep(this.#stream, kept)));
  }

  /** The answer takes long: shows that somebody is at it, and lets the client resume. */
  reassure(): void {
    if (!this.#reply.takesEvents) return;
    if (this.#reply.streaming) return this.#reply.beat();
    this.#stream ??= this.#streams.openStream(this);
    this.#reply.open();
    if (this.#stream !== null && this.#streams.takesPriming) this.#reply.prime(eventId(this.#stream, 0));
    else this.#reply.beat();
  }

  answer(data: Buffer, status: number): void {
    if (this.#stream === null) return this.#reply.answer(data, status, null);
    const kept = Buffer.from(data);
    const id = eventId(this.#stream, this.#streams.keep(this.#stream, kept));
    this.#streams.closeStream(this.#stream);
    this.#reply.answer(kept, status, id);
  }
}
