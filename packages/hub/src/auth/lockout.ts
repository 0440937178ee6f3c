// Guessing gets slow: after a few failures in a row an e-mail address, and after more of them a network address, has to
// wait, each time longer. Whether anybody has the e-mail address makes no difference, so the wait reveals nothing. Nobody can
// keep a member out by guessing in their name: from where they signed in before, only what fails there counts, and what they
// do once signed in counts by itself.
import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import type { AttemptsStore } from '@mcpvault/store/attempts-store';

export interface LockoutRule {
  /** Failures in a row that cost nothing. */
  readonly free: number;
  /** Milliseconds of the first wait; each further failure doubles it. */
  readonly firstWait: number;
  readonly longestWait: number;
}

export const emailRule: LockoutRule = { free: 5, firstWait: 2_000, longestWait: 300_000 };
export const addressRule: LockoutRule = { free: 50, firstWait: 2_000, longestWait: 300_000 };

/** A place that nobody signed in from for this long, in milliseconds, is strange again. */
export const placesFor = 90 * 86_400_000;

/** Without another failure for this long, in milliseconds, the count begins anew. */
export const forgetAfter = 3_600_000;

export function emailKey(email: string): Buffer {
  return createHash('sha256').update(`email:${email.trim().toLowerCase()}`).digest();
}

export function addressKey(address: string): Buffer {
  return createHash('sha256')
    .update(`address:${networkOf(address)}`)
    .digest();
}

/** An e-mail address at a network that its member signed in from before: a count, and a mark, of its own. */
export function placeKey(email: string, address: string): Buffer {
  return createHash('sha256')
    .update(`place:${email.trim().toLowerCase()} ${networkOf(address)}`)
    .digest();
}

/** For what somebody signed in gets wrong. */
export function memberKey(member: MemberId): Buffer {
  return createHash('sha256').update(`member:${member}`).digest();
}

/** For what somebody with a one-time link gets wrong. */
export function linkKey(link: string): Buffer {
  return createHash('sha256').update(`link:${link}`).digest();
}

/** Whoever has one IPv6 address has the 2^64 of its network. */
function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.toLowerCase().replace(/%.*$/, '').split('::');
  if (/\d\.\d/.test(address)) return address.replace(/^.*:/, '');
  const first = head === '' ? [] : head.split(':');
  const last = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - first.length - last.length;
  const groups = [...first, ...new Array<string>(Math.max(0, zeros)).fill('0'), ...last];
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':');
}

/** Throws `too_many_attempts` while the key has to wait. */
export async function demandPatience(attempts: AttemptsStore, key: Buffer, now: number): Promise<void> {
  const until = (await attempts.of(key))?.blockedUntil ?? 0;
  if (until <= now) return;
  const seconds = Math.ceil((until - now) / 1000);
  throw new Failure('too_many_attempts', 'There were too many failed attempts.', {
    retryAfter: seconds,
    fix: `Wait ${seconds} seconds and try again. If the password is lost, an admin can make a link for a new one.`,
  });
}

/**
 * Counts one failure, and makes the key wait once it has had too many. Call it in a transaction and before the password is
 * looked at: the first write holds the row, so that of many guesses at once each waits for what the one before it caused.
 * Throws `too_many_attempts` while the key has to wait.
 */
export async function countFailure(
  attempts: AttemptsStore,
  key: Buffer,
  rule: LockoutRule,
  now: number,
): Promise<void> {
  const failures = await attempts.fail(key, now, now - forgetAfter);
  await demandPatience(attempts, key, now);
  const beyond = failures - rule.free;
  if (beyond < 0) return;
  await attempts.block(key, now + Math.min(rule.firstWait * 2 ** Math.min(beyond, 30), rule.longestWait));
}
