// A list of all servers in pages, where it is too long for one. A cursor says after which entry of which server the next
// page begins, so that it holds whatever has changed since.
import { Failure } from '@mcpvault/domain/failure';
import type { Share } from './merged-lists.ts';

export interface Page {
  /** The elements' JSON texts with commas between. */
  readonly bytes: Buffer;
  readonly nextCursor: string | null;
}

interface Place {
  readonly server: string;
  readonly after: string;
}

const comma = Buffer.from(',');

/** `shares` by server; `most` is how many bytes a page may have, though every page has an entry. */
export function pageOf(shares: readonly Share[], cursor: string | null, most: number): Page {
  const place = cursor === null ? null : placeIn(cursor);
  const parts: Buffer[] = [];
  let bytes = 0;
  for (const share of shares) {
    if (place !== null && share.server < place.server) continue;
    const begin = place?.server === share.server ? share.placeOf(place.after) + 1 : 0;
    let at = begin;
    while (at < share.size && (bytes === 0 || bytes + share.sizeOf(at) <= most)) bytes += share.sizeOf(at++) + 1;
    if (at > begin) parts.push(...(parts.length === 0 ? [] : [comma]), share.slice(begin, at));
    if (at === share.size) continue;
    return { bytes: Buffer.concat(parts), nextCursor: cursorAfter(shares, share, at) };
  }
  return { bytes: Buffer.concat(parts), nextCursor: null };
}

/** All entries, however many bytes they are. */
export function wholeOf(shares: readonly Share[]): Buffer {
  const [first] = shares;
  if (first !== undefined && shares.length === 1) return first.bytes;
  return Buffer.concat(shares.flatMap(({ bytes }, at) => (at === 0 ? [bytes] : [comma, bytes])));
}

/** The last entry that was shown, which may be the last of a server before. */
function cursorAfter(shares: readonly Share[], share: Share, at: number): string {
  const before = at === 0 ? shares[shares.indexOf(share) - 1] : share;
  const after = at === 0 ? before?.shown.at(-1) : share.shown[at - 1];
  return Buffer.from(JSON.stringify([before?.server ?? '', after ?? ''])).toString('base64url');
}

/** Throws a `Failure` for a cursor that is none of ours. */
function placeIn(cursor: string): Place {
  try {
    const said: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(said) && typeof said[0] === 'string' && typeof said[1] === 'string') {
      return { server: said[0], after: said[1] };
    }
  } catch {
    // Falls through: it is no cursor of ours.
  }
  throw new Failure('invalid_params', 'the cursor is none that MCPVault gave; list again from the beginning');
}
