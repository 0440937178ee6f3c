// Policies. A removed one is hidden, not erased: messages still name the policy that changed them.
import type { MemberId, OrganizationId, PolicyId } from '@mcpvault/domain/ids';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { type Selectable, sql } from 'kysely';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, PolicyDefinition, PolicyExtras, Schema } from './schema.ts';

export interface StoredPolicy extends Policy, PolicyExtras {
  readonly organization: OrganizationId;
  /** null: made by MCPVault itself, as an example. */
  readonly createdBy: MemberId | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A policy as it was before or is now. */
export interface PolicyVersion extends Policy, PolicyExtras {
  readonly madeBy: MemberId | null;
  readonly madeAt: number;
}

export interface PoliciesStore {
  create(policy: StoredPolicy): Promise<void>;
  byId(organization: OrganizationId, id: PolicyId): Promise<StoredPolicy | null>;
  list(organization: OrganizationId, page: PageRequest): Promise<Page<StoredPolicy>>;
  /** Those that enforce within a budget, of all organizations. */
  budgeted(): Promise<readonly StoredPolicy[]>;
  /** Of this name, unless it was removed; of several, the oldest. */
  byName(organization: OrganizationId, name: string): Promise<StoredPolicy | null>;
  /** Replaces everything but its id and origin, and counts its version; false when there is no such policy. */
  update(
    organization: OrganizationId,
    policy: Policy & PolicyExtras,
    at: number,
    by: MemberId | null,
  ): Promise<boolean>;
  /** Newest first, of removed ones too. */
  versions(organization: OrganizationId, id: PolicyId): Promise<readonly PolicyVersion[]>;
  /** As it was then, by id and version. */
  versionsNamed(
    organization: OrganizationId,
    named: readonly { readonly policy: PolicyId; readonly version: number }[],
  ): Promise<readonly PolicyVersion[]>;
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

  const keepVersion = async (
    organization: OrganizationId,
    policy: Policy & PolicyExtras,
    version: number,
    by: MemberId | null,
    at: number,
  ): Promise<void> => {
    const { enabled: _, ...kept } = changeable(policy);
    const made = { made_by: by, made_at: new Date(at) };
    await executor
      .insertInto('policy_versions')
      .values({ policy: policy.id, version, organization, ...kept, ...made })
      .execute();
  };

  return {
    async create(policy) {
      await executor
        .insertInto('policies')
        .values({
          id: policy.id,
          organization: policy.organization,
          ...changeable(policy),
          created_by: policy.createdBy,
          version: policy.version,
          created_at: new Date(policy.createdAt),
          updated_at: new Date(policy.updatedAt),
        })
        .execute();
      await keepVersion(policy.organization, policy, policy.version, policy.createdBy, policy.createdAt);
    },

    async budgeted() {
      const rows = await executor
        .selectFrom('policies')
        .selectAll()
        .where('removed_at', 'is', null)
        .where('enabled', '=', true)
        .where(sql<boolean>`definition ->> 'mode' = 'enforce' and jsonb_typeof(definition -> 'budget') = 'object'`)
        .execute();
      return rows.map(toStoredPolicy);
    },

    async byName(organization, name) {
      const row = await present(organization)
        .where('name', '=', name)
        .orderBy('created_at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst();
      return row ? toStoredPolicy(row) : null;
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

    async update(organization, policy, at, by) {
      const changed = await executor
        .updateTable('policies')
        .set((set) => ({ ...changeable(policy), version: set('version', '+', 1), updated_at: new Date(at) }))
        .where('organization', '=', organization)
        .where('id', '=', policy.id)
        .where('removed_at', 'is', null)
        .returning('version')
        .executeTakeFirst();
      if (changed === undefined) return false;
      await keepVersion(organization, policy, changed.version, by, at);
      return true;
    },

    async versions(organization, id) {
      const rows = await executor
        .selectFrom('policy_versions')
        .selectAll()
        .where('organization', '=', organization)
        .where('policy', '=', id)
        .orderBy('version', 'desc')
        .limit(mostVersions)
        .execute();
      return rows.map(toVersion);
    },

    async versionsNamed(organization, named) {
      if (named.length === 0) return [];
      const rows = await executor
        .selectFrom('policy_versions')
        .selectAll()
        .where('organization', '=', organization)
        .where('policy', 'in', [...new Set(named.map(({ policy }) => policy))])
        .where('version', 'in', [...new Set(named.map(({ version }) => version))])
        .execute();
      return rows.map(toVersion);
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

const mostVersions = 500;

function changeable({ id: _, name, reason, version: __, ...rest }: Policy & PolicyExtras) {
  const {
    owner,
    severity,
    mode,
    percentage,
    directions,
    scope,
    detectors,
    patterns,
    threshold,
    condition,
    actions,
    tests,
  } = rest;
  const { pilot = null, budget = null, note = '', source = null, fellBack = null } = rest;
  const definition: PolicyDefinition = {
    owner,
    severity,
    mode,
    percentage,
    pilot,
    budget,
    directions,
    scope,
    detectors,
    patterns,
    threshold,
    condition,
    actions,
    tests,
    note,
    source,
    fellBack,
  };
  return { name, reason, enabled: mode !== 'draft', definition: JSON.stringify(definition) };
}

export function toStoredPolicy(row: Selectable<Schema['policies']>): StoredPolicy {
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    reason: row.reason,
    ...row.definition,
    version: row.version,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}

function toVersion(row: Selectable<Schema['policy_versions']>): PolicyVersion {
  return {
    id: row.policy,
    name: row.name,
    reason: row.reason,
    ...row.definition,
    version: row.version,
    madeBy: row.made_by,
    madeAt: row.made_at.getTime(),
  };
}
