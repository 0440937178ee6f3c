import type { Reading } from '../inspection/injection/find-injections.ts';
import type { Exchange } from './exchange.ts';
import { isListing } from './is-listing.ts';

/** What of a message a model reads or wrote; null when there is nothing of the kind in it. */
export function readingOf(exchange: Exchange): Reading | null {
  const { direction, message } = exchange;
  const { params, result, error } = message;
  const span = result ?? error ?? (direction === 'call' ? (message.marks.arguments ?? params) : params);
  if (span === null) return null;
  return { channel: isListing(exchange) ? 'description' : direction === 'call' ? 'prompt' : 'result', ...span };
}
