import type { Grant, GrantSubject } from '@mcpvault/domain/identity/access';
import type { GrantId, MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import { dateOrNull } from './dates.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface NewGrant extends Grant {
  readonly organization: OrganizationId;
  readonly createdBy: MemberId | null;
  readonly createdAt: number;
}

/** A grant with the words a person knows its parts by. */
export interface DescribedGrant extends NewGrant {
  /** The member's e-mail address, the team's name, or the role. */
  readonly subjectLabel: string;
  readonly serverName: string;
}

export interface GrantsStore {
  /** Throws `not_found` when the server, member or team is not of this organization. */
  create(grant: NewGrant): Promise<void>;
  byId(organization: OrganizationId, id: GrantId): Promise<DescribedGrant | null>;
  /** `member` narrows to grants that name the member directly. Expired grants are listed too. */
  list(
    organization: OrganizationId,
    page: PageRequest & { readonly server?: ServerId | undefined; readonly member?: MemberId | undefined },
  ): Promise<Page<DescribedGrant>>;
  /** False when there is no such grant. */
  remove(organization: OrganizationId, id: GrantId): Promise<boolean>;
}

export function createGrantsStore(executor: Executor): GrantsStore {
  const described = (organization: OrganizationId) =>
    executor
      .selectFrom('grants')
      .innerJoin('servers', 'servers.id', 'grants.server')
      .leftJoin('members', 'members.id', 'grants.subject_member')
      .leftJoin('teams', 'teams.id', 'grants.subject_team')
      .leftJoin('roles', 'roles.id', 'grants.subject_role')
      .selectAll('grants')
      .select('servers.name as server_name')
      .select(sql<string>`coalesce(members.email, teams.name, roles.name, grants.subject_id)`.as('subject_label'))
      .where('grants.organization', '=', organization);

  return {
    async create(grant) {
      await executor
        .insertInto('grants')
        .values({
          id: grant.id,
          organization: grant.organization,
          subject_type: grant.subject.type,
          subject_id: grant.subject.id,
          server: grant.server,
          effect: grant.effect,
          tools: grant.tools === null ? null : [...grant.tools],
          prompts: grant.prompts === null ? null : [...grant.prompts],
          resources: grant.resources === null ? null : [...grant.resources],
          condition: grant.condition,
          reason: grant.reason,
          expires_at: dateOrNull(grant.expiresAt),
          created_by: grant.createdBy,
          created_at: new Date(grant.createdAt),
        })
        .execute();
    },

    async byId(organization, id) {
      const row = await described(organization).where('grants.id', '=', id).executeTakeFirst();
      return row ? toDescribed(row) : null;
    },

    async list(organization, request) {
      const page = openPage(request);
      const { server, member } = request;
      let query = described(organization);
      if (server !== undefined) query = query.where('grants.server', '=', server);
      if (member !== undefined) query = query.where('grants.subject_member', '=', member);
      const rows = await query
        .where(page.after('grants.created_at', 'grants.id'))
        .orderBy('grants.created_at', 'desc')
        .orderBy('grants.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toDescribed);
    },

    async remove(organization, id) {
      const result = await executor
        .deleteFrom('grants')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

type GrantRow = Pick<
  Selectable<Schema['grants']>,
  | 'id'
  | 'effect'
  | 'subject_type'
  | 'subject_id'
  | 'server'
  | 'tools'
  | 'prompts'
  | 'resources'
  | 'condition'
  | 'reason'
  | 'expires_at'
>;

export function toGrant(row: GrantRow): Grant {
  const { id, effect, server, tools, prompts, resources, condition, reason } = row;
  const subject = { type: row.subject_type, id: row.subject_id } as GrantSubject;
  const expiresAt = row.expires_at?.getTime() ?? null;
  return { id, effect, subject, server, tools, prompts, resources, condition, reason, expiresAt };
}

function toDescribed(
  row: Selectable<Schema['grants']> & { server_name: string; subject_label: string },
): DescribedGrant {
  return {
    ...toGrant(row),
    organization: row.organization,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    subjectLabel: row.subject_label,
    serverName: row.server_name,
  };
}
