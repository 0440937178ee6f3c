// What people are to be told of. Written in the transaction of what it tells of, so that it is told exactly when that is so.
import type { Notification } from '@mcpvault/domain/alerts/notification';
import type { Executor } from '../schema.ts';
import { askOf } from './alerts-store.ts';
import { addNotification } from './raise-alerts.ts';

export interface NotificationsStore {
  add(notification: Notification): Promise<void>;
}

export function createNotificationsStore(executor: Executor): NotificationsStore {
  return {
    add: (notification) => addNotification(askOf(executor), notification),
  };
}
