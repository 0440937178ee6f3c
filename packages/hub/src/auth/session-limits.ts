// How long a sign-in lasts: what the hub is set up for, and what its organization demands, whichever is shorter.
import type { SignInLifetimes } from '../services.ts';
import type { Security } from '../security-settings.ts';

/** In milliseconds. */
export interface SessionLimits {
  /** Of an access token. */
  readonly access: number;
  /** Of a refresh token, which is how long a sign-in may lie unused. */
  readonly idle: number;
  /** Of the sign-in as a whole. */
  readonly whole: number;
}

const minute = 60_000;

export function sessionLimits(
  { access, refresh }: SignInLifetimes,
  { idleMinutes, sessionHours }: Pick<Security, 'idleMinutes' | 'sessionHours'>,
): SessionLimits {
  const whole = sessionHours === null ? refresh : Math.min(refresh, sessionHours * 60 * minute);
  const idle = idleMinutes === null ? refresh : Math.min(refresh, idleMinutes * minute);
  return { access: Math.min(access, idle, whole), idle, whole };
}
