// Who did what. Entries are only ever added; what `detail` says has been stripped of secrets by whoever adds it.
import type { AuditEntryId, OrganizationId } from '@mcpvault/domain/ids';
import type { Selectable } from 'kysely';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';
import { storable } from './storable.ts';

export interface AuditEntry {
  readonly id: AuditEntryId;
  readonly organization: OrganizationId;
  readonly at: number;
  /** A member's id, or `system`. */
  readonly actor: string;
  /** The operation's name, such as `servers.create`. */
  readonly action: string;
  /** The id of what it was done to. */
  readonly subject: string | null;
  readonly outcome: 'done' | 'refused';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** An entry with the name a person knows the actor by. */
export interface DescribedAuditEntry extends AuditEntry {
  /** The member's e-mail address, or the actor as written. */
  readonly actorLabel: string;
}

export interface AuditStore {
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
      await executor
        .insertInto('audit_entries')
        .values({
          ...entry,
          at: new Date(entry.at),
          detail: JSON.stringify(entry.detail, (_key, value) => (typeof value === 'string' ? storable(value) : value)),
        })
        .execute();
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
      return page.close(rows, (row) => ({ at: row.at.getTime(), id: row.id }), toEntry);
    },
  };
}

function toEntry(row: Selectable<Schema['audit_entries']> & { email: string | null }): DescribedAuditEntry {
  const { email, at, ...entry } = row;
  return { ...entry, at: at.getTime(), actorLabel: email ?? entry.actor };
}
