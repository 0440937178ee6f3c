// The data keys of organizations, wrapped by the hub's master key. Nothing here can be read without that.
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Selectable } from 'kysely';
import type { Executor, Schema } from './schema.ts';

export interface WrappedKey {
  readonly id: string;
  readonly organization: OrganizationId;
  /** Nonce (12 bytes), ciphertext, tag (16 bytes). */
  readonly wrapped: Buffer;
  /** The one that new originals are sealed with; exactly one per organization. */
  readonly active: boolean;
  readonly createdAt: number;
}

export interface KeysStore {
  of(organization: OrganizationId): Promise<readonly WrappedKey[]>;
  all(): Promise<readonly WrappedKey[]>;
  /** Stores the key as the active one unless the organization has one already; of two hubs, one wins. */
  createFirst(key: Omit<WrappedKey, 'active'>): Promise<void>;
}

export function createKeysStore(executor: Executor): KeysStore {
  return {
    async of(organization) {
      const rows = await executor
        .selectFrom('data_keys')
        .selectAll()
        .where('organization', '=', organization)
        .orderBy('created_at')
        .execute();
      return rows.map(toKey);
    },

    async all() {
      const rows = await executor.selectFrom('data_keys').selectAll().orderBy('created_at').execute();
      return rows.map(toKey);
    },

    async createFirst({ id, organization, wrapped, createdAt }) {
      await executor
        .insertInto('data_keys')
        .values({ id, organization, wrapped, active: true, created_at: new Date(createdAt) })
        .onConflict((conflict) => conflict.column('organization').where('active', '=', true).doNothing())
        .execute();
    },
  };
}

function toKey(row: Selectable<Schema['data_keys']>): WrappedKey {
  return {
    id: row.id,
    organization: row.organization,
    wrapped: row.wrapped,
    active: row.active,
    createdAt: row.created_at.getTime(),
  };
}
