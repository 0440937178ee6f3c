// A connection to a server that carries messages both ways for one conversation, whatever carries it: an old HTTP+SSE
// session, or a WebSocket. It frames and bounds; it knows no ids.
import type { Failure } from '@mcpvault/domain/failure';

export interface Wire {
  /**
   * Sends one message; before the connection is there it waits. `taken` is called once the server has it, or never will;
   * `failed` instead of it when it cannot be delivered while the connection goes on. Neither synchronously.
   */
  send(message: Buffer, taken: () => void, failed: (failure: Failure) => void): void;
  /** The client reads slower than the server writes: nothing more is read until `resume`. */
  pause(): void;
  resume(): void;
  /** Ends it; nothing is told any more. */
  close(): void;
}

export interface WireEvents {
  /** The buffer is the receiver's own. */
  message(bytes: Buffer): void;
  /** Once, last: the connection could not be made, or is gone. */
  lost(failure: Failure): void;
}

/** What waits for the connection is bounded: messages, and bytes of them. */
export const mostWaiting = { messages: 1_000, bytes: 64 * 1024 * 1024 } as const;
