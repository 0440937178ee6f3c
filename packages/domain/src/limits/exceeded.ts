// What whoever runs into a limit is told, and the headers that say how limits stand.
import type { Limit, LimitId } from './limit.ts';
import type { Standing } from './meter.ts';

/** A limit that applies to a call, and how it stands before it. */
export interface LimitState {
  readonly limit: Limit;
  readonly standing: Standing;
}

/** For people. */
export function exceededText({ limit, standing }: LimitState): string {
  const { name, calls, per, burst } = limit;
  const atOnce = burst === null || burst === calls ? '' : `, ${burst} at once`;
  const amount = `${calls} ${calls === 1 ? 'call' : 'calls'} ${per === 'hour' ? 'an' : 'a'} ${per}${atOnce}`;
  return `the limit “${name}” allows ${amount}; try again in ${spanText(standing.wait)}`;
}

/** For machines. */
export function exceededDetails({ limit, standing }: LimitState): {
  readonly limit: LimitId;
  readonly retryAfter: number;
} {
  return { limit: limit.id, retryAfter: seconds(standing.wait) };
}

/**
 * `RateLimit-Policy` and `RateLimit` as draft-ietf-httpapi-ratelimit-headers has them, and `Retry-After` (RFC 9110) where
 * there is no room. Limits are named by their ids.
 */
export function limitHeaders(states: readonly LimitState[], isTaken: boolean): readonly (readonly [string, string])[] {
  const policies = states.map(
    ({ limit, standing }) => `"${limit.id}";q=${standing.most};w=${seconds(standing.window)}`,
  );
  const standings = states.map(({ limit, standing }) => {
    const left = Math.max(0, standing.left - (isTaken ? 1 : 0));
    return `"${limit.id}";r=${left};t=${seconds(standing.full)}`;
  });
  const wait = Math.max(0, ...states.map(({ standing }) => standing.wait));
  const headers: (readonly [string, string])[] = [
    ['ratelimit-policy', policies.join(', ')],
    ['ratelimit', standings.join(', ')],
  ];
  return wait === 0 ? headers : [...headers, ['retry-after', String(seconds(wait))]];
}

/** Whole ones, never too few. */
function seconds(milliseconds: number): number {
  return Math.ceil(milliseconds / 1000 - 1e-6);
}

function spanText(milliseconds: number): string {
  const whole = Math.max(1, seconds(milliseconds));
  if (whole < 120) return whole === 1 ? 'a second' : `${whole} seconds`;
  if (whole < 2 * 3600) return `${Math.ceil(whole / 60)} minutes`;
  if (whole < 2 * 86_400) return `${Math.ceil(whole / 3600)} hours`;
  return `${Math.ceil(whole / 86_400)} days`;
}
