// The end of an organization's log, where entries are added: by operations in their transaction, and by the way from the
// journal in its own. Whoever holds the head adds; everybody else waits until that transaction has ended.
import { type Appended, type AuditEntry, emptyLog, type LogHead } from '@mcpvault/domain/audit/log';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { packHashes, unpackHashes } from './packed-hashes.ts';

/** One statement of a transaction; resolves to its rows. */
export type Ask = (statement: {
  readonly name: string;
  readonly text: string;
  readonly values: unknown[];
}) => Promise<readonly unknown[]>;

/** null where there is no such organization. */
export async function lockHead(ask: Ask, organization: OrganizationId): Promise<LogHead | null> {
  const [held] = await ask({ ...lock, values: [organization] });
  if (held !== undefined) return toHead(held as HeadRow);
  const { frontier, chain } = emptyLog;
  await ask({ ...begin, values: [organization, frontier.size, packHashes(frontier.peaks), chain] });
  const [begun] = await ask({ ...lock, values: [organization] });
  return begun === undefined ? null : toHead(begun as HeadRow);
}

/** `entry` is as the database will give it back. */
export async function writeEntry(ask: Ask, entry: AuditEntry, { head, sequence, leaf, full }: Appended): Promise<void> {
  const { id, organization, at, actor, action, subject, outcome, detail } = entry;
  const { frontier, chain } = head;
  const values = [
    ...[id, organization, new Date(at), actor, action, subject, outcome, JSON.stringify(detail), sequence, leaf, chain],
    ...[full.map(({ level }) => level), full.map(({ index }) => index), full.map(({ hash }) => hash)],
    ...[frontier.size, packHashes(frontier.peaks)],
  ];
  await ask({ ...write, values });
}

interface HeadRow {
  readonly size: number;
  readonly peaks: Buffer;
  readonly chain: Buffer;
}

function toHead({ size, peaks, chain }: HeadRow): LogHead {
  return { frontier: { size: Number(size), peaks: unpackHashes(peaks) }, chain };
}

const lock = {
  name: 'audit-lock',
  text: 'select size, peaks, chain from audit_heads where organization = $1 for update',
};

const begin = {
  name: 'audit-begin',
  text: `insert into audit_heads (organization, size, peaks, chain)
    select id, $2::bigint, $3::bytea, $4::bytea from organizations where id = $1 on conflict do nothing`,
};

const write = {
  name: 'audit-write',
  text: `
    with entry as (
      insert into audit_entries (id, organization, at, actor, action, subject, outcome, detail, sequence, leaf, chain)
      values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9, $10, $11)
    ), nodes as (
      insert into audit_nodes (organization, level, index, hash)
      select $2, * from unnest($12::int[], $13::bigint[], $14::bytea[])
    )
    update audit_heads set size = $15, peaks = $16, chain = $11 where organization = $2`,
};
