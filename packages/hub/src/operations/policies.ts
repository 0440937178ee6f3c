import { Failure } from '@mcpvault/domain/failure';
import type { PolicyId, ServerId } from '@mcpvault/domain/ids';
import { detectorCatalog, detectorsNamed } from '@mcpvault/domain/inspection/detector-catalog';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { StoredPolicy } from '@mcpvault/store/policies-store';
import { type Context, handles } from './handler.ts';
import { serverOf } from './server-lookup.ts';
import { rfc3339 } from './times.ts';

export const listPolicies = handles('listPolicies', async (input, { stores, caller }) => {
  const { items, next } = await stores.policies.list(caller.organization, input);
  return { items: items.map(showPolicy), next };
});

export const createPolicy = handles('createPolicy', async (draft, context) => {
  const { stores, services, caller, now } = context;
  await demandKnown(context, draft);
  const id = services.ambient.ids.next('pol');
  const policy = { ...draft, id, organization: caller.organization, createdBy: caller.member };
  await stores.policies.create({ ...policy, createdAt: now, updatedAt: now });
  noteWhat(context, id, draft);
  return showPolicy(await policyOf(context, id));
});

export const updatePolicy = handles('updatePolicy', async (draft, context) => {
  const { stores, caller, now } = context;
  await demandKnown(context, draft);
  if (!(await stores.policies.update(caller.organization, draft, now))) throw noSuchPolicy();
  noteWhat(context, draft.id, draft);
  return showPolicy(await policyOf(context, draft.id));
});

export const removePolicy = handles('removePolicy', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const policy = await policyOf(context, id);
  await stores.policies.remove(caller.organization, id, now);
  noteWhat(context, id, policy);
  return undefined;
});

export const listDetectors = handles('listDetectors', async () => ({ items: [...detectorCatalog], next: null }));

/** A policy that names nothing there is would look as if it protected something. */
async function demandKnown(context: Context, draft: Pick<Policy, 'detectors' | 'servers'>): Promise<void> {
  detectorsNamed(draft.detectors);
  for (const server of draft.servers ?? []) await serverOf(context, server satisfies ServerId);
}

function noteWhat(
  context: Context,
  id: PolicyId,
  { name, enabled, detectors, directions, action, threshold }: Omit<Policy, 'id'>,
) {
  context.note({ subject: id, detail: { name, enabled, detectors, directions, action, threshold } });
  context.changed('policies', id);
}

async function policyOf({ stores, caller }: Context, id: PolicyId): Promise<StoredPolicy> {
  const policy = await stores.policies.byId(caller.organization, id);
  if (policy === null) throw noSuchPolicy();
  return policy;
}

function showPolicy(policy: StoredPolicy) {
  const { id, name, reason, enabled, detectors, directions, servers, action, createdAt, updatedAt } = policy;
  return {
    id,
    name,
    reason,
    enabled,
    detectors: [...detectors],
    directions: [...directions],
    servers: servers && [...servers],
    action,
    threshold: policy.threshold ?? 0,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
  };
}

function noSuchPolicy(): Failure {
  return new Failure('not_found', 'There is no such policy.');
}
