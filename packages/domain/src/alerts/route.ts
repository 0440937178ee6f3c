// Over which route people are told of what: where to, which of it, when not, and only when nobody was at it in time.
import type { PolicyId, ServerId } from '../ids.ts';
import { type Severity, severities } from '../policy/policy.ts';
import type { Notification, NotificationType } from './notification.ts';

export type RouteTransport =
  /** Signed as Standard Webhooks have it. */
  | { readonly type: 'webhook'; readonly url: string }
  /** An incoming webhook of Slack, or of what takes the same. Its address is a secret; only the host is kept in plain. */
  | { readonly type: 'slack'; readonly host: string }
  /** Any chat that takes a JSON object with a text in one member. */
  | { readonly type: 'chat'; readonly host: string; readonly field: string }
  | {
      readonly type: 'email';
      readonly to: readonly string[];
      /** Also to those whom it concerns in person, such as the approvers of a call. */
      readonly people: boolean;
    };

export interface RouteFilter {
  /** null: of everything. */
  readonly types: readonly NotificationType[] | null;
  /** This severe or more. */
  readonly severity: Severity;
  /** null: of all, and of what is about none. */
  readonly policies: readonly PolicyId[] | null;
  readonly servers: readonly ServerId[] | null;
}

/** In these hours nothing is sent: it waits until they are over. */
export interface QuietHours {
  /** Of the IANA list, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** `HH:MM`; where `to` is not after `from`, it is on the next day. */
  readonly from: string;
  readonly to: string;
  /** The days on which they begin, 0 is Sunday; null: every day. */
  readonly days: readonly number[] | null;
  /** What is this severe is sent all the same; null: nothing is. */
  readonly unless: Severity | null;
}

export function isWantedBy({ types, severity, policies, servers }: RouteFilter, told: Notification): boolean {
  if (types !== null && !types.includes(told.type)) return false;
  if (rank(told.severity) < rank(severity)) return false;
  if (policies !== null && (told.policy === null || !policies.includes(told.policy.id))) return false;
  return servers === null || (told.server !== null && servers.includes(told.server.id));
}

/** When what is this severe may be sent, in milliseconds since the epoch; null: now. */
export function quietUntil(quiet: QuietHours | null, severity: Severity, at: number): number | null {
  if (quiet === null || (quiet.unless !== null && rank(severity) >= rank(quiet.unless))) return null;
  const [from, to] = [minutesOf(quiet.from), minutesOf(quiet.to)];
  const { day, minutes } = localTime(quiet.timeZone, at);
  const overnight = to <= from;
  const begins = (of: number) => quiet.days === null || quiet.days.includes((of + 7) % 7);
  const sinceToday = minutes >= from && (overnight || minutes < to) && begins(day);
  const sinceYesterday = overnight && minutes < to && begins(day - 1);
  if (!sinceToday && !sinceYesterday) return null;
  const left = to > minutes ? to - minutes : to + dayMinutes - minutes;
  return corrected(quiet.timeZone, Math.floor(at / minute) * minute + left * minute, to, at);
}

/** null for what is no time zone. */
export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

const minute = 60_000;
const dayMinutes = 24 * 60;

function rank(severity: Severity): number {
  return severities.indexOf(severity);
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Where clocks were changed in between, it is an hour earlier or later; never before now. */
function corrected(timeZone: string, end: number, to: number, at: number): number {
  const off = localTime(timeZone, end).minutes - to;
  const near = off > dayMinutes / 2 ? off - dayMinutes : off < -dayMinutes / 2 ? off + dayMinutes : off;
  return Math.max((Math.floor(at / minute) + 1) * minute, end - near * minute);
}

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const clocks = new Map<string, Intl.DateTimeFormat>();

function localTime(timeZone: string, at: number): { readonly day: number; readonly minutes: number } {
  let clock = clocks.get(timeZone);
  if (clock === undefined) {
    clock = new Intl.DateTimeFormat('en', {
      ...{ timeZone, weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
    });
    clocks.set(timeZone, clock);
  }
  const parts = new Map(clock.formatToParts(at).map(({ type, value }) => [type, value]));
  const minutes = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
  return { day: days.indexOf(parts.get('weekday') ?? ''), minutes };
}
