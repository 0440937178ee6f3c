// Who did what. Entries are only ever added, each tied to all before it (`domain/audit/log`), in the transaction of what it
// tells of; what `detail` says has been stripped of secrets by whoever adds it.
import { type Appended, append, type AuditEntry, emptyLog, type LogHead } from '@mcpvault/domain/audit/log';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import { openPage, type Page, type PageRequest } from '../page.ts';
import type { Executor, Schema } from '../schema.ts';
import { storable } from '../storable.ts';
import { packHashes, unpackHashes } from './packed-hashes.ts';

/** An entry with the name a person knows the actor by. */
export interface DescribedAuditEntry extends AuditEntry {
  /** The member's e-mail address, or the actor as written. */
  readonly actorLabel: string;
  /** Its place in the organization's log, counted from 0. */
  readonly sequence: number;
}

export interface AuditStore {
  /** Entries of one organization wait for each other, until the transaction of the one before has ended. */
  append(entry: AuditEntry): Promise<void>;
  list(
    organization: OrganizationId,
    page: PageRequest & {
      readonly action?: string | undefined;
      readonly actor?: string | undefined;
      readonly subject?: string | undefined;
    },
  ): Promise<Page<DescribedAuditEntry>>;
}

export function createAuditStore(executor: Executor): AuditStore {
  return {
    async append(entry) {
      const kept = asKept(entry);
      const work = async (own: Executor) => {
        const head = await lockHead(own, kept.organization);
        await write(own, kept, append(head, kept));
      };
      await (executor.isTransaction ? work(executor) : executor.transaction().execute(work));
    },

    async list(organization, request) {
      const page = openPage(request);
      const { action, actor, subject } = request;
      let query = executor
        .selectFrom('audit_entries')
        .leftJoin('members', 'members.id', 'audit_entries.actor')
        .selectAll('audit_entries')
        .select('members.email')
        .where('audit_entries.organization', '=', organization);
      if (action !== undefined) query = query.where('audit_entries.action', '=', action);
      if (actor !== undefined) query = query.where('audit_entries.actor', '=', actor);
      if (subject !== undefined) query = query.where('audit_entries.subject', '=', subject);
      const rows = await query
        .where(page.after('audit_entries.at', 'audit_entries.id'))
        .orderBy('audit_entries.at', 'desc')
        .orderBy('audit_entries.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(
        rows,
        (row) => ({ at: row.at.getTime(), id: row.id }),
        (row) => ({ ...toEntry(row), sequence: row.sequence, actorLabel: row.email ?? row.actor }),
      );
    },
  };
}

export function toEntry(row: Selectable<Schema['audit_entries']>): AuditEntry {
  const { id, organization, at, actor, action, subject, outcome, detail } = row;
  return { id, organization, at: at.getTime(), actor, action, subject, outcome, detail };
}

/** As the database will give it back: the hash is taken of what is kept, not of what was handed in. */
function asKept(entry: AuditEntry): AuditEntry {
  const detail = JSON.stringify(entry.detail, (_key, value) => (typeof value === 'string' ? storable(value) : value));
  return { ...entry, detail: JSON.parse(detail) };
}

async function lockHead(executor: Executor, organization: OrganizationId): Promise<LogHead> {
  const row = await executor
    .selectFrom('audit_heads')
    .select(['size', 'peaks', 'chain'])
    .where('organization', '=', organization)
    .forUpdate()
    .executeTakeFirst();
  if (row) return { frontier: { size: row.size, peaks: unpackHashes(row.peaks) }, chain: row.chain };
  const { frontier, chain } = emptyLog;
  await executor
    .insertInto('audit_heads')
    .values({ organization, size: frontier.size, peaks: packHashes(frontier.peaks), chain })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  return lockHead(executor, organization);
}

async function write(executor: Executor, entry: AuditEntry, { head, sequence, leaf, full }: Appended): Promise<void> {
  const { id, organization, at, actor, action, subject, outcome, detail } = entry;
  await sql`
    with entry as (
      insert into audit_entries (id, organization, at, actor, action, subject, outcome, detail, sequence, leaf, chain)
      values (${id}, ${organization}, ${new Date(at)}, ${actor}, ${action}, ${subject}, ${outcome},
        ${JSON.stringify(detail)}::jsonb, ${sequence}, ${leaf}, ${head.chain})
    ), nodes as (
      insert into audit_nodes (organization, level, index, hash)
      select ${organization}, * from unnest(${full.map(({ level }) => level)}::int[],
        ${full.map(({ index }) => index)}::bigint[], ${full.map(({ hash }) => hash)}::bytea[])
    )
    update audit_heads set size = ${head.frontier.size}, peaks = ${packHashes(head.frontier.peaks)}, chain = ${head.chain}
    where organization = ${organization}`.execute(executor);
}
