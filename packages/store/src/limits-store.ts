import type { Limit, LimitId, LimitSubject } from '@mcpvault/domain/limits/limit';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import type { Executor, Schema } from './schema.ts';

export interface StoredLimit extends Limit {
  readonly organization: OrganizationId;
  readonly createdBy: MemberId | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A limit with the words a person knows its parts by. */
export interface DescribedLimit extends StoredLimit {
  /** The team's name, the member's e-mail address or the token's name; null where it is of no one in particular. */
  readonly subjectLabel: string | null;
  readonly serverName: string | null;
}

export interface LimitsStore {
  /** Throws `not_found` when its server is not of this organization. */
  create(limit: StoredLimit): Promise<void>;
  byId(organization: OrganizationId, id: LimitId): Promise<DescribedLimit | null>;
  /** Switched off ones too, oldest first. An organization has few. */
  all(organization: OrganizationId): Promise<readonly DescribedLimit[]>;
  /** False when there is no such limit. */
  update(
    organization: OrganizationId,
    id: LimitId,
    change: Partial<Pick<Limit, 'name' | 'calls' | 'burst' | 'enabled'>>,
    at: number,
  ): Promise<boolean>;
  /** False when there is no such limit. */
  remove(organization: OrganizationId, id: LimitId): Promise<boolean>;
}

export function createLimitsStore(executor: Executor): LimitsStore {
  const described = (organization: OrganizationId) =>
    executor
      .selectFrom('limits')
      .leftJoin('servers', 'servers.id', 'limits.server')
      .selectAll('limits')
      .select('servers.name as server_name')
      .select(
        sql<string | null>`case limits.subject_type
          when 'team' then (select name from teams where id = limits.subject_id)
          when 'member' then (select email from members where id = limits.subject_id)
          when 'token' then (select name from tokens where id = limits.subject_id) end`.as('subject_label'),
      )
      .where('limits.organization', '=', organization);

  return {
    async create({ subject, createdBy, createdAt, updatedAt, tools, ...limit }) {
      await executor
        .insertInto('limits')
        .values({
          ...limit,
          subject_type: subject.type,
          subject_id: subject.id,
          tools: tools === null ? null : [...tools],
          created_by: createdBy,
          created_at: new Date(createdAt),
          updated_at: new Date(updatedAt),
        })
        .execute();
    },

    async byId(organization, id) {
      const row = await described(organization).where('limits.id', '=', id).executeTakeFirst();
      return row ? toDescribed(row) : null;
    },

    async all(organization) {
      const rows = await described(organization).orderBy('limits.created_at').orderBy('limits.id').execute();
      return rows.map(toDescribed);
    },

    async update(organization, id, change, at) {
      const result = await executor
        .updateTable('limits')
        .set({ ...change, updated_at: new Date(at) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async remove(organization, id) {
      const result = await executor
        .deleteFrom('limits')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

type Row = Selectable<Schema['limits']> & { server_name: string | null; subject_label: string | null };

function toDescribed(row: Row): DescribedLimit {
  const { id, organization, name, server, tools, calls, per, burst, enabled } = row;
  const subject = { type: row.subject_type, id: row.subject_id } as LimitSubject;
  return {
    ...{ id, organization, name, subject, server, tools, calls, per, burst, enabled },
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
    subjectLabel: row.subject_label,
    serverName: row.server_name,
  };
}
