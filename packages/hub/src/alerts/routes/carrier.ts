// What carries notifications to people: a web address, a chat, a mail server. Each says clearly why it could not.
import type { Notification } from '@mcpvault/domain/alerts/notification';

export interface Carrier {
  /** At most so many are sent at once. */
  readonly atOnce: number;
  /** Milliseconds to leave between two sendings, so that a flood becomes few large ones. */
  readonly pauseMs: number;
  /** Resolves once the other side has them all. Rejects with `Undelivered`, or a `Failure`: then it may have some of them. */
  send(told: readonly Notification[]): Promise<void>;
}
