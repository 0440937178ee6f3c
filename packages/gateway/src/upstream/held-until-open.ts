import { Failure } from '@mcpvault/domain/failure';
import { mostWaiting } from './wire.ts';

export interface HeldMessage {
  readonly bytes: Buffer;
  readonly taken: () => void;
  readonly failed: (failure: Failure) => void;
}

/** Messages that wait until their connection is open, in order and within bounds. */
export class HeldUntilOpen {
  #held: HeldMessage[] | null = [];
  #bytes = 0;

  /** False once it is open: then the message is the caller's to send. */
  hold(message: HeldMessage): boolean {
    if (this.#held === null) return false;
    if (this.#held.length >= mostWaiting.messages || this.#bytes + message.bytes.length > mostWaiting.bytes) {
      const full = new Failure('busy', 'too much waits for the connection to this server already; try again');
      queueMicrotask(() => message.failed(full));
      return true;
    }
    this.#held.push(message);
    this.#bytes += message.bytes.length;
    return true;
  }

  /** What has waited; from now on nothing does. */
  release(): readonly HeldMessage[] {
    const held = this.#held ?? [];
    this.#held = null;
    return held;
  }
}
