// What people are told of, whichever way it reaches them: self-contained, and without a value of any message.
import type { Id, MemberId, OrganizationId, PolicyId, ServerId } from '../ids.ts';
import type { Severity } from '../policy/policy.ts';
import type { AlertId } from './alert.ts';

export type NotificationId = Id<'ntf'>;

export const notificationTypes = [
  'alert.raised',
  'alert.resolved',
  'approval.asked',
  'approval.answered',
  'run.finished',
  'run.failed',
  'notice',
  'test',
] as const;
export type NotificationType = (typeof notificationTypes)[number];

export interface Notification {
  readonly id: NotificationId;
  readonly organization: OrganizationId;
  readonly type: NotificationType;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly severity: Severity;
  /** One line. */
  readonly title: string;
  /** Plain text, a few lines; empty where the title says it all. */
  readonly text: string;
  readonly policy: { readonly id: PolicyId; readonly name: string } | null;
  readonly server: { readonly id: ServerId; readonly name: string } | null;
  /** It is not sent any more once this alert is taken care of, where a route waits for that. */
  readonly alert: AlertId | null;
  /** Whom it concerns: routes may send it to them in person. Empty for whoever the routes are for. */
  readonly people: readonly MemberId[];
  /** Where the console shows more, from its first slash on. */
  readonly link: string | null;
  /** For machines. No secrets. */
  readonly data: Readonly<Record<string, unknown>>;
}
