import type { MemberId, OrganizationId, TeamId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { lockHierarchy } from './hierarchy-lock.ts';
import type { Found, Part } from './members-store.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface Team {
  readonly id: TeamId;
  readonly organization: OrganizationId;
  /** Unique in the organization. */
  readonly name: string;
  readonly createdAt: number;
  /** The team that it lies in. */
  readonly parent: { readonly id: TeamId; readonly name: string } | null;
  readonly members: readonly TeamMember[];
  /** They supervise its members, and those of the teams in it, and need not belong to it. */
  readonly leads: readonly TeamMember[];
  /** Whether an identity provider keeps it; else it was made by hand. */
  readonly isProvisioned: boolean;
  readonly externalId: string | null;
}

export interface TeamMember {
  readonly id: MemberId;
  readonly email: string;
  readonly name: string;
}

export interface NewTeam {
  readonly id: TeamId;
  readonly organization: OrganizationId;
  readonly name: string;
  readonly createdAt: number;
  readonly parent?: TeamId | null | undefined;
  readonly isProvisioned?: boolean;
  readonly externalId?: string | null;
}

export interface TeamChanges {
  readonly name?: string | undefined;
  readonly parent?: TeamId | null | undefined;
  readonly externalId?: string | null | undefined;
  readonly isProvisioned?: boolean | undefined;
}

/** All that are given must be the same; the name without regard to case. */
export interface TeamMatch {
  readonly id?: string | undefined;
  readonly externalId?: string | undefined;
  readonly name?: string | undefined;
  /** Belongs to it. */
  readonly member?: string | undefined;
}

export interface TeamsStore {
  /** Throws `conflict` when the name is taken. */
  create(team: NewTeam): Promise<void>;
  byId(organization: OrganizationId, id: TeamId): Promise<Team | null>;
  list(organization: OrganizationId, page: PageRequest): Promise<Page<Team>>;
  /** Throws `conflict` when the name is taken; false when there is no such team. */
  update(organization: OrganizationId, id: TeamId, changes: TeamChanges): Promise<boolean>;
  /** Of each team, the one it lies in. Locks the organization's hierarchy until the transaction ends. */
  parents(organization: OrganizationId): Promise<ReadonlyMap<TeamId, TeamId | null>>;
  /** Makes exactly these the members. Throws `not_found` when the team or a member is not of this organization. */
  setMembers(organization: OrganizationId, id: TeamId, members: readonly MemberId[]): Promise<void>;
  /** False when they belong to it already, or when team or member is none of this organization. */
  join(organization: OrganizationId, id: TeamId, member: MemberId): Promise<boolean>;
  /** False when they did not belong to it. */
  leave(organization: OrganizationId, id: TeamId, member: MemberId): Promise<boolean>;
  addMembers(organization: OrganizationId, id: TeamId, members: readonly MemberId[]): Promise<void>;
  removeMembers(organization: OrganizationId, id: TeamId, members: readonly MemberId[]): Promise<void>;
  /** Makes exactly these the leads. Throws `not_found` when the team or a member is not of this organization. */
  setLeads(organization: OrganizationId, id: TeamId, leads: readonly MemberId[]): Promise<void>;
  /** Those that an identity provider keeps, oldest first; and how many there are in all. */
  find(organization: OrganizationId, match: TeamMatch, part: Part): Promise<Found<Team>>;
  provisionedIds(organization: OrganizationId): Promise<ReadonlySet<TeamId>>;
  /** How many an identity provider keeps. */
  countProvisioned(organization: OrganizationId): Promise<number>;
  /** How many service accounts the team owns. */
  owned(organization: OrganizationId, id: TeamId): Promise<number>;
  /**
   * Removes the team with the grants it had; the teams in it move up to where it was. False when there is no such team.
   * Throws `not_found` when it owns service accounts: ask `owned` first.
   */
  remove(organization: OrganizationId, id: TeamId): Promise<boolean>;
}

export function createTeamsStore(executor: Executor): TeamsStore {
  const people = (table: 'team_members' | 'team_leads') =>
    jsonArrayFrom(
      executor
        .selectFrom('members')
        .select(['members.id', 'members.email', 'members.name'])
        .where(sql<boolean>`members.id in (select member from ${sql.table(table)} where team = teams.id)`)
        .where('members.removed_at', 'is', null)
        .orderBy('members.email'),
    );

  const whole = (organization: OrganizationId) =>
    executor
      .selectFrom('teams')
      .leftJoin('teams as parents', 'parents.id', 'teams.parent')
      .selectAll('teams')
      .select('parents.name as parent_name')
      .select([people('team_members').as('members'), people('team_leads').as('leads')])
      .where('teams.organization', '=', organization);

  const add = async (
    table: 'team_members' | 'team_leads',
    organization: OrganizationId,
    team: TeamId,
    members: readonly MemberId[],
  ) => {
    if (members.length === 0) return;
    const rows = [...new Set(members)].map((member) => ({ organization, team, member }));
    await executor
      .insertInto(table)
      .values(rows)
      .onConflict((conflict) => conflict.columns(['team', 'member']).doNothing())
      .execute();
  };

  const replace = async (
    table: 'team_members' | 'team_leads',
    organization: OrganizationId,
    team: TeamId,
    members: readonly MemberId[],
  ) => {
    await executor.deleteFrom(table).where('organization', '=', organization).where('team', '=', team).execute();
    await add(table, organization, team, members);
  };

  return {
    async create({ id, organization, name, createdAt, parent, isProvisioned, externalId }) {
      await executor
        .insertInto('teams')
        .values({
          id,
          organization,
          name,
          created_at: new Date(createdAt),
          parent: parent ?? null,
          provisioned: isProvisioned ?? false,
          external_id: externalId ?? null,
        })
        .execute();
    },

    async byId(organization, id) {
      const row = await whole(organization).where('teams.id', '=', id).executeTakeFirst();
      return row ? toTeam(row) : null;
    },

    async list(organization, request) {
      const page = openPage(request);
      const rows = await whole(organization)
        .where(page.after('teams.created_at', 'teams.id'))
        .orderBy('teams.created_at', 'desc')
        .orderBy('teams.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toTeam);
    },

    async update(organization, id, { name, parent, externalId, isProvisioned }) {
      const changes = {
        ...(name !== undefined && { name }),
        ...(parent !== undefined && { parent }),
        ...(externalId !== undefined && { external_id: externalId }),
        ...(isProvisioned !== undefined && { provisioned: isProvisioned }),
      };
      if (Object.keys(changes).length === 0) return (await this.byId(organization, id)) !== null;
      const result = await executor
        .updateTable('teams')
        .set(changes)
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async parents(organization) {
      await lockHierarchy(executor, organization);
      const rows = await executor
        .selectFrom('teams')
        .select(['id', 'parent'])
        .where('organization', '=', organization)
        .execute();
      return new Map(rows.map((row) => [row.id, row.parent]));
    },

    setMembers: (organization, id, members) => replace('team_members', organization, id, members),
    addMembers: (organization, id, members) => add('team_members', organization, id, members),

    async removeMembers(organization, id, members) {
      if (members.length === 0) return;
      await executor
        .deleteFrom('team_members')
        .where('organization', '=', organization)
        .where('team', '=', id)
        .where('member', 'in', members)
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

    setLeads: (organization, id, leads) => replace('team_leads', organization, id, leads),

    async find(organization, { id, externalId, name, member }, { offset, limit }) {
      let query = whole(organization).where('teams.provisioned', '=', true);
      if (id !== undefined) query = query.where('teams.id', '=', id as TeamId);
      if (externalId !== undefined) query = query.where('teams.external_id', '=', externalId);
      if (name !== undefined) query = query.where(sql<boolean>`lower(teams.name) = ${name.toLowerCase()}`);
      if (member !== undefined) {
        query = query.where(sql<boolean>`teams.id in (select team from team_members where member = ${member})`);
      }
      const { total } = await executor
        .selectFrom(query.as('found'))
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const rows = await query.orderBy('teams.created_at').orderBy('teams.id').offset(offset).limit(limit).execute();
      return { items: rows.map(toTeam), total };
    },

    async provisionedIds(organization) {
      const rows = await executor
        .selectFrom('teams')
        .select('id')
        .where('organization', '=', organization)
        .where('provisioned', '=', true)
        .execute();
      return new Set(rows.map((row) => row.id));
    },

    async countProvisioned(organization) {
      const row = await executor
        .selectFrom('teams')
        .select((eb) => eb.fn.countAll<number>().as('teams'))
        .where('organization', '=', organization)
        .where('provisioned', '=', true)
        .executeTakeFirstOrThrow();
      return row.teams;
    },

    async owned(organization, id) {
      const row = await executor
        .selectFrom('members')
        .select((eb) => eb.fn.countAll<number>().as('owned'))
        .where('organization', '=', organization)
        .where('owner_team', '=', id)
        .where('removed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return row.owned;
    },

    async remove(organization, id) {
      await sql`update teams set parent = gone.parent from teams gone
        where gone.id = ${id} and gone.organization = ${organization} and teams.parent = gone.id`.execute(executor);
      // Of service accounts that were removed only what they did stays; they need no owner any more.
      await sql`update members set owner_team = null, owner_member = id
        where owner_team = ${id} and organization = ${organization} and removed_at is not null`.execute(executor);
      const result = await executor
        .deleteFrom('teams')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

type TeamRow = Omit<Selectable<Schema['teams']>, 'members'> & {
  readonly parent_name: string | null;
  readonly members: readonly TeamMember[];
  readonly leads: readonly TeamMember[];
};

function toTeam(row: TeamRow): Team {
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    createdAt: row.created_at.getTime(),
    parent: row.parent && { id: row.parent, name: row.parent_name ?? '' },
    members: row.members,
    leads: row.leads,
    isProvisioned: row.provisioned,
    externalId: row.external_id,
  };
}
