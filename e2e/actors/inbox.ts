// Collects the notifications that reached a client, and waits for those still on their way.

import { patienceMs } from './eventually.ts';

export interface Received {
  readonly method: string;
  readonly params?: Readonly<Record<string, unknown>>;
}

export interface Inbox {
  /** All so far, in order of arrival. */
  readonly received: readonly Received[];
  put(notification: Received): void;
  /** The first with this method that arrives or has arrived and was not waited for before; fails after a minute. */
  next(method: string): Promise<Received>;
}

export function createInbox(): Inbox {
  const received: Received[] = [];
  const taken = new Set<Received>();
  const waiting = new Set<() => void>();

  function take(method: string): Received | undefined {
    const found = received.find((notification) => notification.method === method && !taken.has(notification));
    if (found) taken.add(found);
    return found;
  }

  return {
    received,
    put(notification) {
      received.push(notification);
      for (const look of waiting) look();
    },
    next(method) {
      const early = take(method);
      if (early) return Promise.resolve(early);
      const { promise, resolve, reject } = Promise.withResolvers<Received>();
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`No ${method} within ${patienceMs} ms.`));
      }, patienceMs);
      const look = () => {
        const found = take(method);
        if (!found) return;
        clearTimeout(timer);
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      return promise;
    },
  };
}
