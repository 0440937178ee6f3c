// People of an organization. A removed member loses everything they could act with, but their name stays with what they
// did: rows are marked, not erased, and no read in here returns them again.
import type { MemberId, OrganizationId, TeamId } from '@mcpvault/domain/ids';
import type { Permission } from '@mcpvault/domain/identity/permission';
import { builtInRoles, isBuiltIn, permissionsFrom, type RoleId } from '@mcpvault/domain/identity/role';
import { type Selectable, type SqlBool, sql, type Updateable } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { containing } from './containing.ts';
import { dateOrNull, dates } from './dates.ts';
import { lockHierarchy } from './hierarchy-lock.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface Member {
  readonly id: MemberId;
  readonly organization: OrganizationId;
  /** As it was written; compared without regard to case, and unique over the whole hub. */
  readonly email: string;
  readonly name: string;
  readonly role: RoleId;
  readonly roleName: string;
  readonly permissions: ReadonlySet<Permission>;
  /** False for an invited member who has not chosen a password yet. */
  readonly hasPassword: boolean;
  /** An authenticator or a passkey. */
  readonly hasSecondFactor: boolean;
  readonly hasAuthenticator: boolean;
  readonly passkeys: number;
  /** Whether they are somebody at an identity provider. */
  readonly isLinked: boolean;
  /** A `service` never signs in: it has keys, and an owner. */
  readonly kind: MemberKind;
  readonly disabledAt: number | null;
  readonly expiresAt: number | null;
  /**
   * From when on they may do nothing: when they expire, or their owner, with whom a service account may end; 0 for who is
   * disabled, or whose owner is. null: nothing of it is foreseen.
   */
  readonly endsAt: number | null;
  readonly supervisor: Person | null;
  /** Of a service account; null for people. */
  readonly owner: Owner | null;
  readonly provisioning: Provisioning;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  /** Those they were put into. */
  readonly teams: readonly { readonly id: TeamId; readonly name: string }[];
  /** These, and all teams that these lie in: what is granted to one of them is granted to the member. */
  readonly reach: readonly TeamId[];
}

export type MemberKind = 'person' | 'service';

export interface Person {
  readonly id: MemberId;
  readonly email: string;
  readonly name: string;
}

export type Owner = {
  /** Their name, or the team's. */
  readonly label: string;
  /** Whether the service account stops working with its owner: a person who is disabled, expired or removed. */
  readonly endsWithOwner: boolean;
} & ({ readonly type: 'member'; readonly id: MemberId } | { readonly type: 'team'; readonly id: TeamId });

/** What an identity provider says of a member. */
export interface Provisioning {
  /** Whether one keeps this member; else it was made by hand. */
  readonly isKept: boolean;
  /** Whether it was the provider who disabled the member: whom an admin disabled, no provider enables again. */
  readonly isDisabledThere: boolean;
  readonly externalId: string | null;
  /** As the provider writes it; null where it is the e-mail address. */
  readonly userName: string | null;
  /** Further attributes of SCIM, kept as they came. */
  readonly profile: Readonly<Record<string, unknown>>;
}

/** Whether the member may do anything now. `now` in milliseconds since the epoch. */
export function isActive({ endsAt }: Pick<Member, 'endsAt'>, now: number): boolean {
  return endsAt === null || endsAt > now;
}

export interface NewMember {
  readonly id: MemberId;
  readonly organization: OrganizationId;
  readonly email: string;
  readonly name: string;
  readonly role: RoleId;
  /** As the password hasher wrote it; null for an invited member. */
  readonly passwordHash: string | null;
  readonly createdAt: number;
  readonly expiresAt?: number | null | undefined;
  /** Makes it a service account. */
  readonly owner?: Pick<Owner, 'type' | 'id' | 'endsWithOwner'> | undefined;
  readonly provisioning?: Provisioning | undefined;
}

export interface MemberChanges {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly role?: RoleId | undefined;
  /** A time disables, null enables again. */
  readonly disabledAt?: number | null | undefined;
  readonly expiresAt?: number | null | undefined;
  readonly supervisor?: MemberId | null | undefined;
  readonly owner?: Pick<Owner, 'type' | 'id' | 'endsWithOwner'> | undefined;
  readonly provisioning?: Provisioning | undefined;
}

export interface MemberQuery extends PageRequest {
  /** Looked for in names and e-mail addresses. */
  readonly q?: string | undefined;
  readonly kind?: MemberKind | undefined;
  readonly supervisor?: MemberId | undefined;
  /** Service accounts that this member owns, alone or as the lead of the team that does. */
  readonly ownedBy?: MemberId | undefined;
}

/** All that are given must be the same; texts without regard to case, but for the two ids. */
export interface MemberMatch {
  readonly id?: string | undefined;
  readonly externalId?: string | undefined;
  /** The user name, or the e-mail address of whom no provider gave one. */
  readonly userName?: string | undefined;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly enabled?: boolean | undefined;
}

export interface Part {
  readonly offset: number;
  readonly limit: number;
}

export interface Found<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

export interface MembersStore {
  /** Throws `conflict` when the e-mail address is taken, in whichever organization. */
  create(member: NewMember): Promise<void>;
  byId(organization: OrganizationId, id: MemberId): Promise<Member | null>;
  /** Over all organizations, for signing in: whoever asks is not known yet. */
  byEmail(email: string): Promise<{ readonly member: Member; readonly passwordHash: string | null } | null>;
  passwordHash(organization: OrganizationId, id: MemberId): Promise<string | null>;
  /** People by how an identity provider knows them, oldest first; and how many there are in all. */
  find(organization: OrganizationId, match: MemberMatch, part: Part): Promise<Found<Member>>;
  list(organization: OrganizationId, query: MemberQuery): Promise<Page<Member>>;
  /** False when there is no such member. Throws `conflict` when the e-mail address is taken. */
  update(organization: OrganizationId, id: MemberId, changes: MemberChanges): Promise<boolean>;
  setPassword(organization: OrganizationId, id: MemberId, passwordHash: string): Promise<boolean>;
  /** Remembers when members were last seen; never moves a time back. */
  touch(seen: ReadonlyMap<MemberId, number>): Promise<void>;
  /** Of each member who has one, the supervisor. Locks the organization's hierarchy until the transaction ends. */
  supervisors(organization: OrganizationId): Promise<ReadonlyMap<MemberId, MemberId | null>>;
  /** Whether one supervises the other: directly, through others, or as the lead of a team that the other belongs to. */
  supervises(organization: OrganizationId, supervisor: MemberId, member: MemberId): Promise<boolean>;
  /** Ids of the service accounts that end when this member does. */
  dependents(organization: OrganizationId, owner: MemberId): Promise<readonly MemberId[]>;
  /**
   * Takes the member's tokens, sign-ins, passkeys, identities, links, grants and team memberships away for good and hides the member.
   * The e-mail address becomes free again.
   */
  remove(organization: OrganizationId, id: MemberId, at: number): Promise<boolean>;
  /**
   * How many admins could sign in, for good, were it not for `except`. Locks their rows until the transaction ends, so that two
   * admins cannot remove each other at once.
   */
  countOtherAdmins(organization: OrganizationId, except: MemberId): Promise<number>;
  /** Of these ids, those of people of this organization. */
  peopleAmong(organization: OrganizationId, ids: readonly string[]): Promise<ReadonlySet<MemberId>>;
  /** How many an identity provider keeps. */
  countProvisioned(organization: OrganizationId): Promise<number>;
  /** How many members this database holds, over all organizations: zero means the hub is not set up. */
  countAll(): Promise<number>;
}

/**
 * When a member's access ends or has ended; `owners` is the member who owns it. Who is disabled is so from the beginning of
 * time: clocks of several hubs never agree, and none of them is to be waited for. So is everybody of an organization that is
 * suspended.
 */
export const endsAt = sql<Date | null>`case
  when members.disabled_at is not null then to_timestamp(0)
  when exists (
    select from organizations where organizations.id = members.organization and organizations.suspended_at is not null
  ) then to_timestamp(0)
  when not members.ends_with_owner then members.expires_at
  when owners.disabled_at is not null or owners.removed_at is not null then to_timestamp(0)
  else least(members.expires_at, owners.expires_at) end`;

/** The union leaves out what was seen, so that it ends whatever the teams look like. */
const reach = sql<TeamId[]>`array(
  with recursive up (id) as (
    select team from team_members where team_members.member = members.id
    union select teams.parent from up join teams on teams.id = up.id where teams.parent is not null
  ) select id from up)`;

export function createMembersStore(executor: Executor): MembersStore {
  const present = () =>
    executor
      .selectFrom('members')
      .leftJoin('roles', 'roles.id', 'members.own_role')
      .selectAll('members')
      .leftJoin('second_factors', 'second_factors.member', 'members.id')
      .select(['roles.name as role_name', 'roles.permissions as role_permissions'])
      .select('second_factors.confirmed_at as factor_confirmed_at')
      .leftJoin('members as supervisors', 'supervisors.id', 'members.supervisor')
      .leftJoin('members as owners', 'owners.id', 'members.owner_member')
      .leftJoin('teams as owning_teams', 'owning_teams.id', 'members.owner_team')
      .select(['supervisors.email as supervisor_email', 'supervisors.name as supervisor_name'])
      .select(sql<string | null>`coalesce(owners.name, owning_teams.name)`.as('owner_label'))
      .select(endsAt.as('ends_at'))
      .select(reach.as('reach'))
      .select((eb) =>
        eb
          .selectFrom('passkeys')
          .select((count) => count.fn.countAll<number>().as('passkeys'))
          .whereRef('passkeys.member', '=', 'members.id')
          .as('passkeys'),
      )
      .select((eb) =>
        eb
          .exists(
            eb
              .selectFrom('member_identities')
              .select('member_identities.member')
              .whereRef('member_identities.member', '=', 'members.id'),
          )
          .as('is_linked'),
      )
      .select((eb) =>
        jsonArrayFrom(
          eb
            .selectFrom('team_members')
            .innerJoin('teams', 'teams.id', 'team_members.team')
            .select(['teams.id', 'teams.name'])
            .whereRef('team_members.member', '=', 'members.id')
            .orderBy('teams.name'),
        ).as('teams'),
      )
      .where('members.removed_at', 'is', null);

  const changed = async (organization: OrganizationId, id: MemberId, changes: Updateable<Schema['members']>) => {
    const result = await executor
      .updateTable('members')
      .set(changes)
      .where('organization', '=', organization)
      .where('id', '=', id)
      .where('removed_at', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  };

  return {
    async create(member) {
      await executor
        .insertInto('members')
        .values({
          id: member.id,
          organization: member.organization,
          email: member.email,
          name: member.name,
          role: member.role,
          password_hash: member.passwordHash,
          created_at: new Date(member.createdAt),
          expires_at: dateOrNull(member.expiresAt ?? null),
          ...(member.owner && { kind: 'service' as const, ...ownerColumns(member.owner) }),
          ...(member.provisioning && provisioningColumns(member.provisioning)),
        })
        .execute();
    },

    async byId(organization, id) {
      const row = await present()
        .where('members.organization', '=', organization)
        .where('members.id', '=', id)
        .executeTakeFirst();
      return row ? toMember(row) : null;
    },

    async byEmail(email) {
      const row = await present().where(sql<string>`lower(members.email)`, '=', email.toLowerCase()).executeTakeFirst();
      return row ? { member: toMember(row), passwordHash: row.password_hash } : null;
    },

    async passwordHash(organization, id) {
      const row = await present()
        .where('members.organization', '=', organization)
        .where('members.id', '=', id)
        .executeTakeFirst();
      return row?.password_hash ?? null;
    },

    async find(organization, match, { offset, limit }) {
      const query = present()
        .where('members.organization', '=', organization)
        .where('members.kind', '=', 'person')
        .where(matching(match));
      const { total } = await executor
        .selectFrom(query.as('found'))
        .select((eb) => eb.fn.countAll<number>().as('total'))
        .executeTakeFirstOrThrow();
      const rows = await query
        .orderBy('members.created_at')
        .orderBy('members.id')
        .offset(offset)
        .limit(limit)
        .execute();
      return { items: rows.map(toMember), total };
    },

    async list(organization, request) {
      const page = openPage(request);
      const { q, kind, supervisor, ownedBy } = request;
      let query = present().where('members.organization', '=', organization);
      if (q) {
        const pattern = containing(q);
        query = query.where((eb) =>
          eb.or([eb('members.name', 'ilike', pattern), eb('members.email', 'ilike', pattern)]),
        );
      }
      if (kind !== undefined) query = query.where('members.kind', '=', kind);
      if (supervisor !== undefined) query = query.where('members.supervisor', '=', supervisor);
      if (ownedBy !== undefined) {
        query = query.where(sql<SqlBool>`(members.owner_member = ${ownedBy}
          or members.owner_team in (select team from team_leads where member = ${ownedBy}))`);
      }
      const rows = await query
        .where(page.after('members.created_at', 'members.id'))
        .orderBy('members.created_at', 'desc')
        .orderBy('members.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toMember);
    },

    async update(organization, id, given) {
      const { email, name, role, disabledAt, expiresAt, supervisor, owner, provisioning } = given;
      const changes = {
        ...(email !== undefined && { email }),
        ...(name !== undefined && { name }),
        ...(role !== undefined && { role }),
        ...(disabledAt !== undefined && { disabled_at: disabledAt === null ? null : new Date(disabledAt) }),
        ...(disabledAt !== undefined && { disabled_by_provider: false }),
        ...(expiresAt !== undefined && { expires_at: dateOrNull(expiresAt) }),
        ...(supervisor !== undefined && { supervisor }),
        ...(owner !== undefined && ownerColumns(owner)),
        ...(provisioning !== undefined && provisioningColumns(provisioning)),
      };
      if (Object.keys(changes).length === 0) return (await this.byId(organization, id)) !== null;
      return changed(organization, id, changes);
    },

    setPassword: (organization, id, passwordHash) => changed(organization, id, { password_hash: passwordHash }),

    async touch(seen) {
      await sql`
        update members set last_seen_at = greatest(members.last_seen_at, seen.at)
        from unnest(${[...seen.keys()]}::text[], ${dates(seen.values())}::timestamptz[]) as seen (id, at)
        where members.id = seen.id`.execute(executor);
    },

    async supervisors(organization) {
      await lockHierarchy(executor, organization);
      const rows = await executor
        .selectFrom('members')
        .select(['id', 'supervisor'])
        .where('organization', '=', organization)
        .where('supervisor', 'is not', null)
        .execute();
      return new Map(rows.map((row) => [row.id, row.supervisor]));
    },

    async supervises(organization, supervisor, member) {
      const { rows } = await sql<{ supervises: boolean }>`
        with recursive above (id) as (
          select supervisor from members where organization = ${organization} and id = ${member} and removed_at is null
          union select members.supervisor from above join members on members.id = above.id
        ), up (id) as (
          select team from team_members where organization = ${organization} and member = ${member}
          union select teams.parent from up join teams on teams.id = up.id
        )
        select exists (select from above where id = ${supervisor})
          or exists (select from up join team_leads on team_leads.team = up.id and team_leads.member = ${supervisor}
            where not exists (select from team_leads equal where equal.team = up.id and equal.member = ${member}))
          as supervises`.execute(executor);
      return supervisor !== member && rows[0]?.supervises === true;
    },

    async dependents(organization, owner) {
      const rows = await executor
        .selectFrom('members')
        .select('id')
        .where('organization', '=', organization)
        .where('owner_member', '=', owner)
        .where('ends_with_owner', '=', true)
        .execute();
      return rows.map((row) => row.id);
    },

    async remove(organization, id, at) {
      const removed = await changed(organization, id, { removed_at: new Date(at), password_hash: null });
      if (!removed) return false;
      await executor.deleteFrom('tokens').where('member', '=', id).execute();
      await executor.deleteFrom('second_factors').where('member', '=', id).execute();
      await executor.deleteFrom('recovery_codes').where('member', '=', id).execute();
      await executor.deleteFrom('passkeys').where('member', '=', id).execute();
      await executor.deleteFrom('member_identities').where('member', '=', id).execute();
      await executor.deleteFrom('sign_ins').where('member', '=', id).execute();
      await executor.deleteFrom('one_time_links').where('member', '=', id).execute();
      await executor.deleteFrom('team_members').where('member', '=', id).execute();
      await executor.deleteFrom('team_leads').where('member', '=', id).execute();
      await executor.deleteFrom('grants').where('subject_member', '=', id).execute();
      await executor.updateTable('members').set({ supervisor: null }).where('supervisor', '=', id).execute();
      await executor
        .updateTable('impersonations')
        .set({ ended_at: new Date(at) })
        .where((eb) => eb.or([eb('actor', '=', id), eb('subject', '=', id)]))
        .where('ended_at', 'is', null)
        .execute();
      return true;
    },

    async countOtherAdmins(organization, except) {
      const admins = await executor
        .selectFrom('members')
        .select('id')
        .where('organization', '=', organization)
        .where('role', '=', 'admin')
        .where('removed_at', 'is', null)
        .where('disabled_at', 'is', null)
        .where('expires_at', 'is', null)
        .where((eb) =>
          eb.or([
            eb('password_hash', 'is not', null),
            eb.exists(eb.selectFrom('passkeys').select('id').whereRef('passkeys.member', '=', 'members.id')),
            eb.exists(
              eb
                .selectFrom('member_identities')
                .select('member_identities.member')
                .whereRef('member_identities.member', '=', 'members.id'),
            ),
          ]),
        )
        .orderBy('id')
        .forUpdate()
        .execute();
      return admins.filter((admin) => admin.id !== except).length;
    },

    async peopleAmong(organization, ids) {
      const rows = await executor
        .selectFrom('members')
        .select('id')
        .where('organization', '=', organization)
        .where('kind', '=', 'person')
        .where('removed_at', 'is', null)
        .where(sql<SqlBool>`id = any(${[...ids]}::text[])`)
        .execute();
      return new Set(rows.map((row) => row.id));
    },

    async countProvisioned(organization) {
      const row = await executor
        .selectFrom('members')
        .select((eb) => eb.fn.countAll<number>().as('members'))
        .where('organization', '=', organization)
        .where('provisioned', '=', true)
        .where('removed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return row.members;
    },

    async countAll() {
      const row = await executor
        .selectFrom('members')
        .select((eb) => eb.fn.countAll<number>().as('members'))
        .where('removed_at', 'is', null)
        .executeTakeFirstOrThrow();
      return row.members;
    },
  };
}

function matching({ id, externalId, userName, email, name, enabled }: MemberMatch) {
  const all = [sql<SqlBool>`true`];
  if (id !== undefined) all.push(sql`members.id = ${id}`);
  if (externalId !== undefined) all.push(sql`members.external_id = ${externalId}`);
  if (userName !== undefined) {
    all.push(sql`lower(coalesce(members.user_name, members.email)) = ${userName.toLowerCase()}`);
  }
  if (email !== undefined) all.push(sql`lower(members.email) = ${email.toLowerCase()}`);
  if (name !== undefined) all.push(sql`lower(members.name) = ${name.toLowerCase()}`);
  if (enabled !== undefined)
    all.push(enabled ? sql`members.disabled_at is null` : sql`members.disabled_at is not null`);
  return sql<SqlBool>`${sql.join(all, sql` and `)}`;
}

interface MemberRow extends Selectable<Schema['members']> {
  readonly teams: readonly { readonly id: TeamId; readonly name: string }[];
  readonly role_name: string | null;
  readonly role_permissions: readonly string[] | null;
  readonly factor_confirmed_at: Date | null;
  readonly passkeys: number | null;
  readonly is_linked: unknown;
  readonly supervisor_email: string | null;
  readonly supervisor_name: string | null;
  readonly owner_label: string | null;
  readonly ends_at: Date | null;
  readonly reach: readonly TeamId[];
}

function toMember(row: MemberRow): Member {
  const builtIn = isBuiltIn(row.role) ? builtInRoles[row.role] : null;
  const passkeys = row.passkeys ?? 0;
  return {
    id: row.id,
    organization: row.organization,
    email: row.email,
    name: row.name,
    role: row.role,
    roleName: builtIn?.name ?? row.role_name ?? row.role,
    // The same set for all who have a built-in role.
    permissions: builtIn?.permissions ?? permissionsFrom(row.role_permissions ?? []),
    hasPassword: row.password_hash !== null,
    hasSecondFactor: row.factor_confirmed_at !== null || passkeys > 0,
    hasAuthenticator: row.factor_confirmed_at !== null,
    passkeys,
    isLinked: row.is_linked === true,
    kind: row.kind,
    disabledAt: row.disabled_at?.getTime() ?? null,
    expiresAt: row.expires_at?.getTime() ?? null,
    endsAt: row.ends_at?.getTime() ?? null,
    supervisor: row.supervisor && {
      id: row.supervisor,
      email: row.supervisor_email ?? '',
      name: row.supervisor_name ?? '',
    },
    owner: ownerOf(row),
    provisioning: {
      isKept: row.provisioned,
      isDisabledThere: row.disabled_by_provider,
      externalId: row.external_id,
      userName: row.user_name,
      profile: row.profile ?? {},
    },
    createdAt: row.created_at.getTime(),
    lastSeenAt: row.last_seen_at?.getTime() ?? null,
    teams: row.teams,
    reach: row.reach,
  };
}

function ownerOf(row: MemberRow): Owner | null {
  const rest = { label: row.owner_label ?? '', endsWithOwner: row.ends_with_owner };
  if (row.owner_member !== null) return { type: 'member', id: row.owner_member, ...rest };
  return row.owner_team === null ? null : { type: 'team', id: row.owner_team, ...rest };
}

function ownerColumns({ type, id, endsWithOwner }: Pick<Owner, 'type' | 'id' | 'endsWithOwner'>) {
  return {
    owner_member: type === 'member' ? (id as MemberId) : null,
    owner_team: type === 'team' ? (id as TeamId) : null,
    ends_with_owner: endsWithOwner,
  };
}

function provisioningColumns({ isKept, isDisabledThere, externalId, userName, profile }: Provisioning) {
  return {
    provisioned: isKept,
    disabled_by_provider: isDisabledThere,
    external_id: externalId,
    user_name: userName,
    profile: JSON.stringify(profile),
  };
}
