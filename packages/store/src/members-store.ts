// People of an organization. A removed member loses everything they could act with, but their name stays with what they
// did: rows are marked, not erased, and no read in here returns them again.
import type { MemberId, OrganizationId, TeamId } from '@mcpvault/domain/ids';
import type { Permission } from '@mcpvault/domain/identity/permission';
import { builtInRoles, isBuiltIn, permissionsFrom, type RoleId } from '@mcpvault/domain/identity/role';
import { type Selectable, sql, type Updateable } from 'kysely';
import { jsonArrayFrom } from 'kysely/helpers/postgres';
import { containing } from './containing.ts';
import { dates } from './dates.ts';
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
  readonly disabledAt: number | null;
  readonly createdAt: number;
  readonly lastSeenAt: number | null;
  readonly teams: readonly { readonly id: TeamId; readonly name: string }[];
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
}

export interface MemberChanges {
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly role?: RoleId | undefined;
  /** A time disables, null enables again. */
  readonly disabledAt?: number | null | undefined;
}

export interface MembersStore {
  /** Throws `conflict` when the e-mail address is taken, in whichever organization. */
  create(member: NewMember): Promise<void>;
  byId(organization: OrganizationId, id: MemberId): Promise<Member | null>;
  /** Over all organizations, for signing in: whoever asks is not known yet. */
  byEmail(email: string): Promise<{ readonly member: Member; readonly passwordHash: string | null } | null>;
  passwordHash(organization: OrganizationId, id: MemberId): Promise<string | null>;
  /** `q` is looked for in names and e-mail addresses. */
  list(organization: OrganizationId, page: PageRequest & { readonly q?: string | undefined }): Promise<Page<Member>>;
  /** False when there is no such member. Throws `conflict` when the e-mail address is taken. */
  update(organization: OrganizationId, id: MemberId, changes: MemberChanges): Promise<boolean>;
  setPassword(organization: OrganizationId, id: MemberId, passwordHash: string): Promise<boolean>;
  /** Remembers when members were last seen; never moves a time back. */
  touch(seen: ReadonlyMap<MemberId, number>): Promise<void>;
  /**
   * Takes the member's tokens, sign-ins, passkeys, identities, links, grants and team memberships away for good and hides the member.
   * The e-mail address becomes free again.
   */
  remove(organization: OrganizationId, id: MemberId, at: number): Promise<boolean>;
  /**
   * How many admins could sign in were it not for `except`. Locks their rows until the transaction ends, so that two
   * admins cannot remove each other at once.
   */
  countOtherAdmins(organization: OrganizationId, except: MemberId): Promise<number>;
  /** How many members this database holds, over all organizations: zero means the hub is not set up. */
  countAll(): Promise<number>;
}

export function createMembersStore(executor: Executor): MembersStore {
  const present = () =>
    executor
      .selectFrom('members')
      .leftJoin('roles', 'roles.id', 'members.own_role')
      .selectAll('members')
      .leftJoin('second_factors', 'second_factors.member', 'members.id')
      .select(['roles.name as role_name', 'roles.permissions as role_permissions'])
      .select('second_factors.confirmed_at as factor_confirmed_at')
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

    async list(organization, request) {
      const page = openPage(request);
      const { q } = request;
      let query = present().where('members.organization', '=', organization);
      if (q) {
        const pattern = containing(q);
        query = query.where((eb) =>
          eb.or([eb('members.name', 'ilike', pattern), eb('members.email', 'ilike', pattern)]),
        );
      }
      const rows = await query
        .where(page.after('members.created_at', 'members.id'))
        .orderBy('members.created_at', 'desc')
        .orderBy('members.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toMember);
    },

    async update(organization, id, { email, name, role, disabledAt }) {
      const changes = {
        ...(email !== undefined && { email }),
        ...(name !== undefined && { name }),
        ...(role !== undefined && { role }),
        ...(disabledAt !== undefined && { disabled_at: disabledAt === null ? null : new Date(disabledAt) }),
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
      await executor.deleteFrom('grants').where('subject_member', '=', id).execute();
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

interface MemberRow extends Selectable<Schema['members']> {
  readonly teams: readonly { readonly id: TeamId; readonly name: string }[];
  readonly role_name: string | null;
  readonly role_permissions: readonly string[] | null;
  readonly factor_confirmed_at: Date | null;
  readonly passkeys: number | null;
  readonly is_linked: unknown;
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
    disabledAt: row.disabled_at?.getTime() ?? null,
    createdAt: row.created_at.getTime(),
    lastSeenAt: row.last_seen_at?.getTime() ?? null,
    teams: row.teams,
  };
}
