// The older operations about policies: their plain part, detectors with one action. A policy that says more is read here as
// near as that part can tell, and can only be changed as a definition.
import { Failure } from '@mcpvault/domain/failure';
import type { PolicyId } from '@mcpvault/domain/ids';
import { detectorCatalog } from '@mcpvault/domain/inspection/detector-catalog';
import { measuredQuality } from '@mcpvault/domain/inspection/measured-quality';
import { measuredTables } from '@mcpvault/domain/inspection/measured-tables';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { ParsedInputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import type { StoredPolicy } from '@mcpvault/store/policies-store';
import { handles } from './handler.ts';
import { demandSavable, noSuchPolicy, notePolicy, policyOf } from './saved-policy.ts';
import { rfc3339 } from './times.ts';

export const listPolicies = handles('listPolicies', async (input, { stores, caller }) => {
  const { items, next } = await stores.policies.list(caller.organization, input);
  return { items: items.map(showPolicy), next };
});

export const createPolicy = handles('createPolicy', async (draft, context) => {
  const { stores, services, caller, now } = context;
  const policy = completePolicy({ id: services.ambient.ids.next('pol'), ...plainPart(draft) });
  await demandSavable(context, policy);
  const organization = caller.organization;
  await stores.policies.create({ ...policy, organization, createdBy: caller.member, createdAt: now, updatedAt: now });
  notePolicy(context, policy);
  return showPolicy(await policyOf(context, policy.id));
});

export const updatePolicy = handles('updatePolicy', async (draft, context) => {
  const { stores, caller, now } = context;
  const before = await policyOf(context, draft.id);
  if (!isPlain(before))
    throw new Failure('conflict', 'This policy says more than this operation can; change it as a definition.');
  const policy = { ...before, ...plainPart(draft), note: '', fellBack: null };
  await demandSavable(context, policy);
  await stores.policies.update(caller.organization, policy, now, caller.member);
  notePolicy(context, policy);
  return showPolicy(await policyOf(context, policy.id));
});

export const removePolicy = handles('removePolicy', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const policy = await policyOf(context, id);
  if (!(await stores.policies.remove(caller.organization, id, now))) throw noSuchPolicy();
  notePolicy(context, policy);
  return undefined;
});

export const listDetectors = handles('listDetectors', async () => ({
  items: detectorCatalog.map((detector) => ({
    ...detector,
    quality: measuredQuality[detector.id] ?? null,
    tables: (measuredTables[detector.id] ?? []).map(({ title, head, rows }) => ({
      ...{ title, head: [...head], rows: rows.map((row) => [...row]) },
    })),
  })),
  next: null,
}));

type Plain = ParsedInputOf<Operations['createPolicy']>;

/** Looking at results used to mean looking at what servers say of themselves as well. */
function plainPart({ name, reason, enabled, detectors, directions, servers, action, threshold }: Plain) {
  return {
    name,
    reason,
    mode: enabled ? ('enforce' as const) : ('draft' as const),
    detectors,
    directions: directions.includes('result') ? [...directions, 'listing' as const] : directions,
    scope: { servers, tools: null, teams: null, roles: null, clients: null, workstations: null },
    actions: [action],
    threshold,
  };
}

function isPlain({
  actions,
  condition,
  mode,
  patterns = [],
  percentage,
  pilot,
  budget,
  scope,
  tests,
}: Policy): boolean {
  const { servers: _, ...narrower } = scope;
  const [action] = actions;
  const isKnown =
    action?.type === 'refuse' || (action?.type === 'redact' && (action.style === 'label' || action.style === 'mask'));
  const isForAll = percentage === 100 && (pilot ?? null) === null && (budget ?? null) === null;
  const isWhole = condition === null && tests.length + patterns.length === 0 && mode !== 'shadow' && isForAll;
  return isWhole && isKnown && actions.length === 1 && Object.values(narrower).every((part) => part === null);
}

function showPolicy(policy: StoredPolicy) {
  const { id, name, reason, mode, detectors, directions, scope, actions, createdAt, updatedAt } = policy;
  return {
    id: id satisfies PolicyId,
    name,
    reason,
    enabled: mode === 'enforce',
    detectors: [...detectors],
    directions: directions.filter((direction) => direction !== 'listing'),
    servers: scope.servers && [...scope.servers],
    action: plainAction(actions),
    threshold: policy.threshold,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
  };
}

function plainAction(actions: Policy['actions']) {
  const redact = actions.find((action) => action.type === 'redact');
  const stops = actions.some(({ type }) => type === 'refuse' || type === 'hold' || type === 'quarantine');
  if (stops || redact === undefined) return { type: 'refuse' as const };
  return { type: 'redact' as const, style: redact.style === 'mask' ? ('mask' as const) : ('label' as const) };
}
