import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Executor } from './schema.ts';

export interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly createdAt: number;
}

/** Times are milliseconds since the epoch, here and in every store. */
export interface OrganizationsStore {
  create(organization: Organization): Promise<void>;
  byId(id: OrganizationId): Promise<Organization | null>;
  /** Every organization of this database, oldest first. */
  all(): Promise<readonly Organization[]>;
  /** False when there is none of that id. */
  rename(id: OrganizationId, name: string): Promise<boolean>;
}

export function createOrganizationsStore(executor: Executor): OrganizationsStore {
  return {
    async create({ id, name, createdAt }) {
      await executor
        .insertInto('organizations')
        .values({ id, name, created_at: new Date(createdAt) })
        .execute();
    },

    async byId(id) {
      const row = await executor.selectFrom('organizations').selectAll().where('id', '=', id).executeTakeFirst();
      return row ? toOrganization(row) : null;
    },

    async all() {
      const rows = await executor.selectFrom('organizations').selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map(toOrganization);
    },

    async rename(id, name) {
      const result = await executor.updateTable('organizations').set({ name }).where('id', '=', id).executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function toOrganization(row: { id: OrganizationId; name: string; created_at: Date }): Organization {
  return { id: row.id, name: row.name, createdAt: row.created_at.getTime() };
}
