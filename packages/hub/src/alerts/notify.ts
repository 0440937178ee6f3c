// The one way to have people told of something: it is written down in the transaction of what it tells of, and goes from there
// to the organization's routes. Whoever calls it neither waits for a receiver nor knows of any.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { Notification } from '@mcpvault/domain/alerts/notification';
import type { Stores } from '@mcpvault/store/stores';

/** `stores` are those of the transaction. What is told must hold no secret and no value of a message. */
export type Notify = (stores: Pick<Stores, 'notifications'>, told: Told) => Promise<void>;

export type Told = Omit<Notification, 'id' | 'at'>;

export function createNotify({ ids, clock }: Pick<Ambient, 'ids' | 'clock'>): Notify {
  return (stores, told) => stores.notifications.add({ ...told, id: ids.next('ntf'), at: clock.now() });
}
