// Which routes tell of a notification, and from when on.
import type { Notification } from '@mcpvault/domain/alerts/notification';
import { isWantedBy } from '@mcpvault/domain/alerts/route';
import type { AlertRoute, DueDelivery } from '@mcpvault/store/alerts/routes-store';

const minute = 60_000;

/** When it is due, in milliseconds since the epoch; null where this route does not tell of it. */
export function dueOn(
  { filter, afterMinutes }: Pick<AlertRoute, 'filter' | 'afterMinutes'>,
  told: Notification,
): number | null {
  if (!isWantedBy(filter, told)) return null;
  if (afterMinutes === 0) return told.at;
  // Waiting is for somebody to take an alert on; that one is over needs nobody.
  return told.type === 'alert.raised' ? told.at + afterMinutes * minute : null;
}

/** Why it need not be sent any more; null when it is to be sent. */
export function isNeedless(
  { afterMinutes }: Pick<AlertRoute, 'afterMinutes'>,
  { alertState, told, madeAt }: Pick<DueDelivery, 'alertState' | 'told' | 'madeAt'>,
  now: number,
): string | null {
  if (now - madeAt > tooOldMs) return 'it waited for three days, and is not sent any more';
  if (afterMinutes === 0 || told.alert === null || alertState === 'open') return null;
  return alertState === null ? 'the alert is forgotten' : `the alert was ${alertState} in time`;
}

const tooOldMs = 3 * 86_400_000;
