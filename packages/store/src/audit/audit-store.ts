// Who did what. Entries are only ever added, each tied to all before it (`domain/audit/log`), in the transaction of what it
// tells of; what `detail` says has been stripped of secrets by whoever adds it.
import { callsAction } from '@mcpvault/domain/audit/calls';
import { append, type AuditEntry } from '@mcpvault/domain/audit/log';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { CompiledQuery, type Selectable, sql } from 'kysely';
import { openPage, type Page, type PageRequest } from '../page.ts';
import type { Executor, Schema } from '../schema.ts';
import { storable } from '../storable.ts';
import { type Ask, lockHead, writeEntry } from './log-end.ts';

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
  /** What the log tells of messages that passed without being written down; `last` in milliseconds. */
  lost(organization: OrganizationId): Promise<{ readonly messages: number; readonly last: number | null }>;
  list(
    organization: OrganizationId,
    page: PageRequest & {
      readonly action?: string | undefined;
      readonly actor?: string | undefined;
      readonly subject?: string | undefined;
    },
  ): Promise<Page<DescribedAuditEntry>>;
}

/** The action of an entry that tells of messages which passed without being written down. */
export const lostAction = 'messages.lost';

export function createAuditStore(executor: Executor): AuditStore {
  return {
    async append(entry) {
      const kept = asKept(entry);
      const work = async (own: Executor) => {
        const ask: Ask = async ({ text, values }) => (await own.executeQuery(CompiledQuery.raw(text, values))).rows;
        const head = await lockHead(ask, kept.organization);
        if (head === null) throw new Error(`there is no organization ${kept.organization}`);
        await writeEntry(ask, kept, append(head, kept));
      };
      await (executor.isTransaction ? work(executor) : executor.transaction().execute(work));
    },

    async lost(organization) {
      const row = await executor
        .selectFrom('audit_entries')
        .select([sql<number>`coalesce(sum((detail->>'messages')::bigint), 0)::float8`.as('messages')])
        .select(({ fn }) => fn.max('at').as('last'))
        .where('organization', '=', organization)
        .where('action', '=', lostAction)
        .executeTakeFirst();
      return { messages: row?.messages ?? 0, last: row?.last?.getTime() ?? null };
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
      // What people did would drown among the entries that stand for calls: those have a list of their own.
      query = query.where('audit_entries.action', action === undefined ? '<>' : '=', action ?? callsAction);
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
