// The audit log as what can be proven: where it stands, its entries in order with their hashes, and the tree over them.
import type { SignedCheckpoint } from '@mcpvault/domain/audit/checkpoint';
import { entryLine, type EntryLine, type RemovedLine } from '@mcpvault/domain/audit/export-lines';
import { emptyLog, type LogHead } from '@mcpvault/domain/audit/log';
import { type Hash, hashOfPart, nodesOf, type Part } from '@mcpvault/domain/audit/merkle';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import type { Executor, Schema } from '../schema.ts';
import { toEntry } from './audit-store.ts';
import { unpackHashes } from './packed-hashes.ts';

export interface AuditLogView {
  head(organization: OrganizationId): Promise<LogHead>;
  /** How the log stood when it had `size` entries; no more than it has now. */
  headAt(organization: OrganizationId, size: number): Promise<LogHead>;
  /** Place of the first entry that was made at this time or later; the size of the log when there is none. */
  firstSince(organization: OrganizationId, at: number): Promise<number>;
  /** The entries from `from` to before `to`, in order, of some of which only the hash may be left. */
  lines(organization: OrganizationId, from: number, to: number): Promise<readonly (EntryLine | RemovedLine)[]>;
  placeOf(organization: OrganizationId, entry: string): Promise<{ sequence: number; leaf: Hash } | null>;
  /** The hashes of a proof's parts, in their order. */
  proof(organization: OrganizationId, parts: readonly Part[]): Promise<readonly Hash[]>;
  keepCheckpoint(checkpoint: SignedCheckpoint): Promise<void>;
  lastCheckpoint(organization: OrganizationId): Promise<SignedCheckpoint | null>;
  /** Those that stand for themselves and cover more than `after` and at most `to` entries, by size. */
  checkpoints(organization: OrganizationId, after: number, to: number): Promise<readonly SignedCheckpoint[]>;
}

export function createAuditLogView(executor: Executor): AuditLogView {
  const head: AuditLogView['head'] = async (organization) => {
    const row = await executor
      .selectFrom('audit_heads')
      .select(['size', 'peaks', 'chain'])
      .where('organization', '=', organization)
      .executeTakeFirst();
    return row ? { frontier: { size: row.size, peaks: unpackHashes(row.peaks) }, chain: row.chain } : emptyLog;
  };

  async function hashes(organization: OrganizationId, places: ReturnType<typeof nodesOf>): Promise<readonly Hash[]> {
    const { rows } = await sql<{ hash: Buffer | null }>`
      select hash from unnest(${places.map(({ level }) => level)}::int[], ${places.map(({ index }) => index)}::bigint[])
        with ordinality as wanted (level, index, position)
      left join audit_nodes on audit_nodes.organization = ${organization}
        and audit_nodes.level = wanted.level and audit_nodes.index = wanted.index
      order by position`.execute(executor);
    // A node that somebody deleted stands for nothing: what is proven with it will not hold.
    return rows.map(({ hash }) => hash ?? Buffer.alloc(32));
  }

  async function chainAt(organization: OrganizationId, size: number): Promise<Hash> {
    if (size === 0) return emptyLog.chain;
    const { rows } = await sql<{ chain: Buffer }>`
      select chain from audit_entries where organization = ${organization} and sequence = ${size - 1}
      union all select chain from audit_stubs where organization = ${organization} and sequence = ${size - 1}
      limit 1`.execute(executor);
    return rows[0]?.chain ?? Buffer.alloc(32);
  }

  return {
    head,

    async headAt(organization, size) {
      const peaks = await hashes(organization, nodesOf(0, size));
      return { frontier: { size, peaks }, chain: await chainAt(organization, size) };
    },

    async firstSince(organization, at) {
      const row = await executor
        .selectFrom('audit_entries')
        .select('sequence')
        .where('organization', '=', organization)
        .where('at', '>=', new Date(at))
        .orderBy('sequence')
        .limit(1)
        .executeTakeFirst();
      return row?.sequence ?? (await head(organization)).frontier.size;
    },

    async lines(organization, from, to) {
      const entries = await executor
        .selectFrom('audit_entries')
        .selectAll()
        .where('organization', '=', organization)
        .where('sequence', '>=', from)
        .where('sequence', '<', to)
        .execute();
      const stubs = await executor
        .selectFrom('audit_stubs')
        .selectAll()
        .where('organization', '=', organization)
        .where('sequence', '>=', from)
        .where('sequence', '<', to)
        .execute();
      return [...entries.map(showEntry), ...stubs.map(showStub)].sort((a, b) => a.sequence - b.sequence);
    },

    async placeOf(organization, entry) {
      const row = await executor
        .selectFrom('audit_entries')
        .select(['sequence', 'leaf'])
        .where('organization', '=', organization)
        .where('id', '=', entry as Selectable<Schema['audit_entries']>['id'])
        .executeTakeFirst();
      return row ?? null;
    },

    async proof(organization, parts) {
      const places = parts.map(([from, to]) => nodesOf(from, to));
      const found = await hashes(organization, places.flat());
      let next = 0;
      return places.map(({ length }) => {
        next += length;
        return hashOfPart(found.slice(next - length, next));
      });
    },

    async keepCheckpoint({ organization, size, root, chain, at, key, signature }) {
      await executor
        .insertInto('audit_checkpoints')
        .values({ organization, size, root, chain, at: new Date(at), key, signature })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },

    async lastCheckpoint(organization) {
      const row = await executor
        .selectFrom('audit_checkpoints')
        .selectAll()
        .where('organization', '=', organization)
        .orderBy('size', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? showCheckpoint(row) : null;
    },

    async checkpoints(organization, after, to) {
      const rows = await executor
        .selectFrom('audit_checkpoints')
        .selectAll()
        .where('organization', '=', organization)
        .where('size', '>', after)
        .where('size', '<=', to)
        .orderBy('size')
        .execute();
      return rows.map(showCheckpoint);
    },
  };
}

function showEntry(row: Selectable<Schema['audit_entries']>): EntryLine {
  return entryLine(toEntry(row), row.sequence, row.chain);
}

function showStub({ sequence, leaf, chain }: Selectable<Schema['audit_stubs']>): RemovedLine {
  return { type: 'removed', sequence, leaf: leaf.toString('hex'), chain: chain.toString('hex') };
}

function showCheckpoint(row: Selectable<Schema['audit_checkpoints']>): SignedCheckpoint {
  return { ...row, from: null, at: row.at.getTime() };
}
