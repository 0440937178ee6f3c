// Roles that organizations made. The built-in ones are the code's: no row here, and the same everywhere.
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Id } from '@mcpvault/domain/ids';
import type { Permission } from '@mcpvault/domain/identity/permission';
import { permissionsFrom, type Role } from '@mcpvault/domain/identity/role';
import { type Selectable, sql } from 'kysely';
import type { Executor, Schema } from './schema.ts';

export type OwnRoleId = Id<'role'>;

export interface OwnRole extends Role {
  readonly id: OwnRoleId;
  readonly organization: OrganizationId;
}

export interface RoleDraft {
  /** Unique in the organization, without regard to case. */
  readonly name: string;
  readonly description: string;
  readonly permissions: readonly Permission[];
}

export interface RolesStore {
  /** Throws `conflict` when the name is taken. */
  create(organization: OrganizationId, id: OwnRoleId, draft: RoleDraft, at: number): Promise<void>;
  byId(organization: OrganizationId, id: string): Promise<OwnRole | null>;
  /** All of them, by name. */
  list(organization: OrganizationId): Promise<readonly OwnRole[]>;
  /** How many members have each role, built-in ones too; roles without members are not named. */
  holders(organization: OrganizationId): Promise<ReadonlyMap<string, number>>;
  /** False when there is no such role. Throws `conflict` when the name is taken. */
  update(organization: OrganizationId, id: OwnRoleId, draft: RoleDraft, at: number): Promise<boolean>;
  /** Takes grants to the role back as well. False when there is no such role; a role that somebody has is kept. */
  remove(organization: OrganizationId, id: OwnRoleId): Promise<boolean>;
}

export function createRolesStore(executor: Executor): RolesStore {
  const own = (organization: OrganizationId) =>
    executor.selectFrom('roles').selectAll().where('organization', '=', organization);

  return {
    async create(organization, id, draft, at) {
      await executor
        .insertInto('roles')
        .values({ id, organization, ...columns(draft), created_at: new Date(at), updated_at: new Date(at) })
        .execute();
    },

    async byId(organization, id) {
      const row = await own(organization)
        .where('id', '=', id as OwnRoleId)
        .executeTakeFirst();
      return row ? toRole(row) : null;
    },

    async list(organization) {
      const rows = await own(organization).orderBy(sql`lower(name)`).execute();
      return rows.map(toRole);
    },

    async holders(organization) {
      const rows = await executor
        .selectFrom('members')
        .select((eb) => ['role', eb.fn.countAll<number>().as('members')])
        .where('organization', '=', organization)
        .where('removed_at', 'is', null)
        .groupBy('role')
        .execute();
      return new Map(rows.map(({ role, members }) => [role, members]));
    },

    async update(organization, id, draft, at) {
      const result = await executor
        .updateTable('roles')
        .set({ ...columns(draft), updated_at: new Date(at) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async remove(organization, id) {
      // Those who were removed keep what they did, not their role.
      await executor
        .updateTable('members')
        .set({ role: 'member' })
        .where('organization', '=', organization)
        .where('role', '=', id)
        .where('removed_at', 'is not', null)
        .execute();
      const result = await executor
        .deleteFrom('roles')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

function columns({ name, description, permissions }: RoleDraft) {
  return { name, description, permissions: [...permissions] };
}

function toRole({ id, organization, name, description, permissions }: Selectable<Schema['roles']>): OwnRole {
  return { id, organization, name, description, permissions: permissionsFrom(permissions) };
}
