// Settings that change while the hub runs. Values are small JSON documents; who reads one checks its shape.
import type { OrganizationId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';

/** `organization: null` means the hub as a whole. */
export interface SettingsStore {
  get(organization: OrganizationId | null, name: string): Promise<unknown>;
  set(organization: OrganizationId | null, name: string, value: unknown, at: number): Promise<void>;
  remove(organization: OrganizationId | null, name: string): Promise<void>;
  all(organization: OrganizationId | null): Promise<ReadonlyMap<string, unknown>>;
}

export function createSettingsStore(executor: Executor): SettingsStore {
  const owner = (organization: OrganizationId | null) =>
    sql<boolean>`organization is not distinct from ${organization}::text`;

  return {
    async get(organization, name) {
      const row = await executor
        .selectFrom('settings')
        .select('value')
        .where(owner(organization))
        .where('name', '=', name)
        .executeTakeFirst();
      return row?.value;
    },

    async set(organization, name, value, at) {
      const change = { value: JSON.stringify(value), updated_at: new Date(at) };
      await executor
        .insertInto('settings')
        .values({ organization, name, ...change })
        .onConflict((conflict) => conflict.constraint('settings_key').doUpdateSet(change))
        .execute();
    },

    async remove(organization, name) {
      await executor.deleteFrom('settings').where(owner(organization)).where('name', '=', name).execute();
    },

    async all(organization) {
      const rows = await executor.selectFrom('settings').select(['name', 'value']).where(owner(organization)).execute();
      return new Map(rows.map((row) => [row.name, row.value]));
    },
  };
}
