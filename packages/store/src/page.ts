// Lists are read newest first, a page at a time. A cursor names the last row that was shown, so what is added meanwhile
// neither shifts nor repeats anything. Cursors are opaque to callers and mean nothing outside their list.
import { Failure } from '@mcpvault/domain/failure';
import { type RawBuilder, type SqlBool, sql } from 'kysely';

export interface PageRequest {
  /** 1 to 200; 50 when left out. */
  readonly limit?: number | undefined;
  /** The `next` of the page before. */
  readonly cursor?: string | null | undefined;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Cursor of the page that follows; null on the last one. */
  readonly next: string | null;
}

/** Where a row stands in its list: when it was made, in milliseconds since the epoch, and its id to break ties. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

export interface OpenPage {
  /** How many rows to read: one more than are shown, to know whether another page follows. */
  readonly fetch: number;
  /** The condition for a list ordered by a timestamptz column and an id, both descending. */
  after(timeColumn: string, idColumn: string): RawBuilder<SqlBool>;
  /** The same where the time is a bigint of milliseconds. */
  afterMillis(timeColumn: string, idColumn: string): RawBuilder<SqlBool>;
  close<Row, Item>(rows: readonly Row[], place: (row: Row) => Place, item: (row: Row) => Item): Page<Item>;
}

/** Throws `invalid_params` for a limit out of range and for a cursor that is not one of ours. */
export function openPage(request: PageRequest): OpenPage {
  const limit = request.limit ?? 50;
  if (!Number.isInteger(limit) || limit < 1 || limit > 200) {
    throw new Failure('invalid_params', 'limit must be a whole number from 1 to 200');
  }
  const start = request.cursor == null ? null : readCursor(request.cursor);
  const condition = (time: string, id: string, at: number | Date): RawBuilder<SqlBool> =>
    sql<SqlBool>`(${sql.ref(time)}, ${sql.ref(id)}) < (${at}, ${start?.id})`;
  return {
    fetch: limit + 1,
    after: (time, id) => (start === null ? sql<SqlBool>`true` : condition(time, id, new Date(start.at))),
    afterMillis: (time, id) => (start === null ? sql<SqlBool>`true` : condition(time, id, start.at)),
    close(rows, place, item) {
      const shown = rows.slice(0, limit);
      const last = shown.at(-1);
      return { items: shown.map(item), next: rows.length > limit && last ? writeCursor(place(last)) : null };
    },
  };
}

function writeCursor({ at, id }: Place): string {
  return Buffer.from(`${at}:${id}`).toString('base64url');
}

function readCursor(cursor: string): Place {
  const parts = /^(\d{1,15}):([a-z]+_[0-9a-z]{1,40})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!parts?.[1] || !parts[2]) {
    throw new Failure(
      'invalid_params',
      'cursor is not one that this list gave; leave it out to start at the beginning',
    );
  }
  return { at: Number(parts[1]), id: parts[2] };
}
