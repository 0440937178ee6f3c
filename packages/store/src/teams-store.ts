import type { MemberId, OrganizationId, TeamId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor } from './schema.ts';

export interface Team {
  readonly id: TeamId;
  readonly organization: OrganizationId;
  /** Unique in the organization. */
  readonly name: string;
  readonly createdAt: number;
  readonly members: readonly { readonly id: MemberId; readonly email: string; readonly name: string }[];
}

export interface TeamsStore {
  /** Throws `conflict` when the name is taken. */
  create(team: Omit<Team, 'members'>): Promise<void>;
  byId(organization: OrganizationId, id: TeamId): Promise<Team | null>;
  list(organization: OrganizationId, page: PageRequest): Promise<Page<Team>>;
  /** Throws `conflict` when the name is taken; false when there is no such team. */
  rename(organization: OrganizationId, id: TeamId, name: string): Promise<boolean>;
  /** Makes exactly these the members. Throws `not_found` when the team or a member is not of this organization. */
  setMembers(organization: OrganizationId, id: TeamId, members: readonly MemberId[]): Promise<void>;
  /** False when they belong to it already, or when team or member is none of this organization. */
  join(organization: OrganizationId, id: TeamId, member: MemberId): Promise<boolean>;
  /** False when they did not belong to it. */
  leave(organization: OrganizationId, id: TeamId, member: MemberId): Promise<boolean>;
  /** Removes the team with the grants it had; false when there is no such team. */
  remove(organization: OrganizationId, id: TeamId): Promise<boolean>;
}

export function createTeamsStore(executor: Executor): TeamsStore {
  const withMembers = (organization: OrganizationId) =>
    executor
      .selectFrom('teams')
      .selectAll('teams')
      .select((eb) =>
        jsonArrayFrom(
          eb
            .selectFrom('team_members')
            .innerJoin('members', 'members.id', 'team_members.member')
            .select(['members.id', 'members.email', 'members.name'])
            .whereRef('team_members.team', '=', 'teams.id')
            .orderBy('members.email'),
        ).as('members'),
      )
      .where('teams.organization', '=', organization);

  return {
    async create({ id, organization, name, createdAt }) {
      await executor
        .insertInto('teams')
        .values({ id, organization, name, created_at: new Date(createdAt) })
        .execute();
    },

    async byId(organization, id) {
      const row = await withMembers(organization).where('teams.id', '=', id).executeTakeFirst();
      return row ? toTeam(row) : null;
    },

    async list(organization, request) {
      const page = openPage(request);
      const rows = await withMembers(organization)
        .where(page.after('teams.created_at', 'teams.id'))
        .orderBy('teams.created_at', 'desc')
        .orderBy('teams.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toTeam);
    },

    async rename(organization, id, name) {
      const result = await executor
        .updateTable('teams')
        .set({ name })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async setMembers(organization, id, members) {
      await executor
        .deleteFrom('team_members')
        .where('organization', '=', organization)
        .where('team', '=', id)
        .execute();
      if (members.length === 0) return;
      await executor
        .insertInto('team_members')
        .values([...new Set(members)].map((member) => ({ organization, team: id, member })))
        .execute();
    },

    async join(organization, id, member) {
      const result = await sql`
        insert into team_members (organization, team, member)
        select teams.organization, teams.id, members.id from teams join members using (organization)
        where teams.organization = ${organization} and teams.id = ${id} and members.id = ${member}
        on conflict do nothing`.execute(executor);
      return (result.numAffectedRows ?? 0n) > 0n;
    },

    async leave(organization, id, member) {
      const result = await executor
        .deleteFrom('team_members')
        .where('organization', '=', organization)
        .where('team', '=', id)
        .where('member', '=', member)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },

    async remove(organization, id) {
      const result = await executor
        .deleteFrom('teams')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

type TeamRow = Pick<Team, 'id' | 'organization' | 'name' | 'members'> & { created_at: Date };

function toTeam(row: TeamRow): Team {
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    createdAt: row.created_at.getTime(),
    members: row.members,
  };
}
