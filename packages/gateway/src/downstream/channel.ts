import type { Reply } from './reply.ts';

/** A connection on which everything for one client is said, whatever carries it: an old HTTP+SSE stream, or a WebSocket. */
export interface Channel {
  /** True when the client can no longer read what is said. */
  readonly gone: boolean;
  /** Says one message. */
  send(message: Buffer): void;
  /** Shows that somebody is still there, and looks whether the client is. Called every fifteen seconds. */
  beat(): void;
  /** Ends it once what was said has left. */
  close(why: string): void;
  /** Breaks it off. */
  cut(): void;
  hasRoom(): boolean;
  onRoom(resume: () => void): void;
}

/** What a reply on a channel tells the client's side of it. */
export interface ChannelReplyEvents {
  /** The answer, as it is about to be said. */
  answered?(answer: Buffer): void;
  /** The last word was said, or is not wanted any more. */
  done(reply: ChannelReply): void;
  /** The stream that this reply stands for has ended, and the conversation with it. */
  ended(): void;
}

/** One request's answer, or what is said unasked, on a channel that carries others as well. */
export class ChannelReply implements Reply {
  readonly takesEvents = true;
  readonly streaming = false;
  readonly #channel: Channel;
  readonly #events: ChannelReplyEvents;
  #over = false;
  #left = false;
  #onGone: (() => void)[] | null = null;
  #onClosed: (() => void)[] | null = null;

  constructor(channel: Channel, events: ChannelReplyEvents) {
    this.#channel = channel;
    this.#events = events;
  }

  get gone(): boolean {
    return this.#left || this.#channel.gone;
  }

  /** The client wants no answer any more, or is gone: nothing is said, and whoever works for it hears so. */
  leave(): void {
    if (this.#over || this.#left) return;
    this.#left = true;
    for (const callback of this.#onGone ?? []) callback();
    this.#close();
  }

  /** As `leave`, but whoever works for it goes on: in the legacy era the call itself is cancelled. */
  silence(): void {
    this.#left = true;
    this.#close();
  }

  header(): void {}

  onGone(callback: () => void): void {
    (this.#onGone ??= []).push(callback);
  }

  onClosed(callback: () => void): void {
    (this.#onClosed ??= []).push(callback);
  }

  cut(): void {
    this.#channel.cut();
  }

  open(): void {}

  beat(): void {}

  event(data: Buffer): void {
    if (!this.#over && !this.gone) this.#channel.send(data);
  }

  prime(): void {}

  answer(data: Buffer): void {
    if (this.#over || this.gone) return;
    this.#events.answered?.(data);
    this.#channel.send(data);
    this.#close();
  }

  empty(): void {
    this.#close();
  }

  end(): void {
    this.#close();
    this.#events.ended();
  }

  hasRoom(): boolean {
    return this.gone || this.#channel.hasRoom();
  }

  onRoom(resume: () => void): void {
    this.#channel.onRoom(resume);
  }

  #close(): void {
    if (this.#over) return;
    this.#over = true;
    this.#events.done(this);
    for (const callback of this.#onClosed ?? []) callback();
  }
}
