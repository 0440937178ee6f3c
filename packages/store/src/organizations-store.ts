import { sql } from 'kysely';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor } from './schema.ts';

export interface Organization {
  readonly id: OrganizationId;
  readonly name: string;
  readonly createdAt: number;
  /** Since then nobody in it may do anything; null while it works. */
  readonly suspendedAt: number | null;
  /** Its admins make and suspend the others. There is one at most, and it is never suspended. */
  readonly runsHub: boolean;
}

/** Times are milliseconds since the epoch, here and in every store. */
export interface OrganizationsStore {
  create(organization: Pick<Organization, 'id' | 'name' | 'createdAt'> & Partial<Organization>): Promise<void>;
  byId(id: OrganizationId): Promise<Organization | null>;
  /** Every organization of this database, oldest first. */
  all(): Promise<readonly Organization[]>;
  /** Newest first, with how many people are in each. */
  list(request: PageRequest): Promise<Page<Organization & { readonly people: number }>>;
  /** False when there is none of that id. */
  rename(id: OrganizationId, name: string): Promise<boolean>;
  /** `at` null takes the suspension back. */
  suspend(id: OrganizationId, at: number | null): Promise<void>;
}

export function createOrganizationsStore(executor: Executor): OrganizationsStore {
  return {
    async create({ id, name, createdAt, runsHub = false }) {
      await executor
        .insertInto('organizations')
        .values({ id, name, created_at: new Date(createdAt), runs_hub: runsHub })
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

    async list(request) {
      const page = openPage(request);
      const rows = await executor
        .selectFrom('organizations')
        .selectAll()
        .select(
          sql<number>`(select count(*)::int from members where members.organization = organizations.id
            and members.removed_at is null and members.kind = 'person')`.as('people'),
        )
        .where(page.after('created_at', 'id'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(
        rows,
        (row) => ({ at: row.created_at.getTime(), id: row.id }),
        (row) => ({ ...toOrganization(row), people: row.people }),
      );
    },

    async rename(id, name) {
      const result = await executor.updateTable('organizations').set({ name }).where('id', '=', id).executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async suspend(id, at) {
      await executor
        .updateTable('organizations')
        .set({ suspended_at: at === null ? null : new Date(at) })
        .where('id', '=', id)
        .execute();
    },
  };
}

interface Row {
  readonly id: OrganizationId;
  readonly name: string;
  readonly created_at: Date;
  readonly suspended_at: Date | null;
  readonly runs_hub: boolean;
}

function toOrganization({ id, name, created_at, suspended_at, runs_hub }: Row): Organization {
  return {
    id,
    name,
    createdAt: created_at.getTime(),
    suspendedAt: suspended_at?.getTime() ?? null,
    runsHub: runs_hub,
  };
}
