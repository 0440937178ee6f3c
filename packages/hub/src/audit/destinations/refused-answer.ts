// Why an HTTP receiver did not take what it was sent, by its status and headers alone.
import { Undelivered } from './receiver.ts';

/** For an answer that is no 2xx. */
export function refusedAnswer({ status, headers }: Pick<Response, 'status' | 'headers'>, now: number): Undelivered {
  const why = `the receiver answered ${status}`;
  if (status === 410) return new Undelivered(why, 'It wants nothing any more: it was turned off.', { isFinal: true });
  if (status >= 300 && status < 400) return new Undelivered(why, 'Give the address that it sends on to.');
  const waitMs = waitOf(headers.get('retry-after'), now);
  if (status === 401 || status === 403) {
    return new Undelivered(why, 'Give the receiver the secret it checks signatures with, or look at what it demands.', {
      waitMs,
    });
  }
  if (status === 404) return new Undelivered(why, 'Correct the path of the address.', { waitMs });
  const isContent = status === 400 || status === 413 || status === 422;
  return new Undelivered(why, status < 500 ? 'Look at the log of the receiver.' : null, { waitMs, isContent });
}

const longestWait = 3_600_000;

/** Of `Retry-After`: seconds or a date; null for nonsense. */
function waitOf(given: string | null, now: number): number | null {
  if (given === null) return null;
  const wait = /^\d{1,9}$/.test(given) ? Number(given) * 1000 : Date.parse(given) - now;
  return Number.isFinite(wait) && wait > 0 ? Math.min(wait, longestWait) : null;
}
