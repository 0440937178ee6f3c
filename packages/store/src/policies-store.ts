// Policies. A removed one is hidden, not erased: messages still name the policy that changed them.
import type { MemberId, OrganizationId, PolicyId } from '@mcpvault/domain/ids';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { Selectable } from 'kysely';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, PolicyDefinition, Schema } from './schema.ts';

export interface StoredPolicy extends Policy {
  readonly organization: OrganizationId;
  /** null: made by MCPVault itself, as an example. */
  readonly createdBy: MemberId | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface PoliciesStore {
  create(policy: StoredPolicy): Promise<void>;
  byId(organization: OrganizationId, id: PolicyId): Promise<StoredPolicy | null>;
  list(organization: OrganizationId, page: PageRequest): Promise<Page<StoredPolicy>>;
  /** Replaces everything but its id and origin; false when there is no such policy. */
  update(organization: OrganizationId, policy: Policy, at: number): Promise<boolean>;
  /** False when there is no such policy. */
  remove(organization: OrganizationId, id: PolicyId, at: number): Promise<boolean>;
  /** Names by id, of removed ones too. */
  names(organization: OrganizationId, ids: readonly PolicyId[]): Promise<ReadonlyMap<PolicyId, string>>;
}

export function createPoliciesStore(executor: Executor): PoliciesStore {
  const present = (organization: OrganizationId) =>
    executor
      .selectFrom('policies')
      .selectAll()
      .where('organization', '=', organization)
      .where('removed_at', 'is', null);

  return {
    async create(policy) {
      await executor
        .insertInto('policies')
        .values({
          id: policy.id,
          organization: policy.organization,
          ...changeable(policy),
          created_by: policy.createdBy,
          created_at: new Date(policy.createdAt),
          updated_at: new Date(policy.updatedAt),
        })
        .execute();
    },

    async byId(organization, id) {
      const row = await present(organization).where('id', '=', id).executeTakeFirst();
      return row ? toStoredPolicy(row) : null;
    },

    async list(organization, request) {
      const page = openPage(request);
      const rows = await present(organization)
        .where(page.after('created_at', 'id'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toStoredPolicy);
    },

    async update(organization, policy, at) {
      const result = await executor
        .updateTable('policies')
        .set({ ...changeable(policy), updated_at: new Date(at) })
        .where('organization', '=', organization)
        .where('id', '=', policy.id)
        .where('removed_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async remove(organization, id, at) {
      const result = await executor
        .updateTable('policies')
        .set({ removed_at: new Date(at), enabled: false })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('removed_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async names(organization, ids) {
      if (ids.length === 0) return new Map();
      const rows = await executor
        .selectFrom('policies')
        .select(['id', 'name'])
        .where('organization', '=', organization)
        .where('id', 'in', [...ids])
        .execute();
      return new Map(rows.map((row) => [row.id, row.name]));
    },
  };
}

function changeable(policy: Policy) {
  const { name, reason, enabled, detectors, directions, servers, action, threshold } = policy;
  const definition: PolicyDefinition = { detectors, directions, servers, action, threshold };
  return { name, reason, enabled, definition: JSON.stringify(definition) };
}

export function toStoredPolicy(row: Selectable<Schema['policies']>): StoredPolicy {
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    reason: row.reason,
    enabled: row.enabled,
    ...row.definition,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}
