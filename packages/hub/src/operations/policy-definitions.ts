import type { ParsedInputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { isGroup } from '@mcpvault/domain/expression/declaration';
import { messageEnvironment } from '@mcpvault/domain/expression/message-environment';
import { Failure } from '@mcpvault/domain/failure';
import { compilePolicies } from '@mcpvault/domain/policy/compile';
import { everywhere } from '@mcpvault/domain/policy/complete-policy';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { runPolicyTests } from '@mcpvault/domain/policy/run-tests';
import { trialOf, unknownValues } from '@mcpvault/domain/policy/test-message';
import { tryMessage } from '@mcpvault/domain/policy/try-message';
import { policyProblems } from '@mcpvault/domain/policy/validate';
import type { StoredPolicy } from '@mcpvault/store/policies-store';
import { loadInjection } from '../inspection/load-injection.ts';
import { type Context, handles } from './handler.ts';
import { demandSavable, notePolicy, policyOf } from './saved-policy.ts';
import { showSide } from './show-trace.ts';
import { rfc3339 } from './times.ts';

export const listDefinitions = handles('listDefinitions', async (input, { stores, caller }) => {
  const { items, next } = await stores.policies.list(caller.organization, input);
  return { items: items.map(showDefinition), next };
});

export const getDefinition = handles('getDefinition', async ({ id }, context) =>
  showDefinition(await policyOf(context, id)),
);

export const createDefinition = handles('createDefinition', async (draft, context) => {
  const { stores, services, caller, now } = context;
  const policy: Policy = { ...(draft as Draft), id: services.ambient.ids.next('pol'), version: 1 };
  await demandOwnName(context, policy);
  await demandSavable(context, policy);
  const organization = caller.organization;
  await stores.policies.create({ ...policy, organization, createdBy: caller.member, createdAt: now, updatedAt: now });
  notePolicy(context, policy);
  return showDefinition(await policyOf(context, policy.id));
});

export const replaceDefinition = handles('replaceDefinition', async ({ id, ...draft }, context) => {
  const { stores, caller, now } = context;
  const { version } = await policyOf(context, id);
  const policy: Policy = { ...(draft as Draft), id, version: version + 1 };
  await demandOwnName(context, policy);
  await demandSavable(context, policy);
  await stores.policies.update(caller.organization, policy, now, caller.member);
  notePolicy(context, policy);
  return showDefinition(await policyOf(context, id));
});

export const listPolicyVersions = handles('listPolicyVersions', async ({ id }, context) => {
  await policyOf(context, id);
  const versions = await context.stores.policies.versions(context.caller.organization, id);
  return {
    items: versions.map(({ id: _, version, madeBy, madeAt, fellBack: __, ...draft }) => ({
      ...(structuredClone({ ...nothingMore, ...draft }) as Shown),
      version,
      madeBy,
      madeAt: rfc3339(madeAt),
    })),
    next: null,
  };
});

export const validatePolicy = handles('validatePolicy', async (draft) => {
  const policy: Policy = { ...(draft as Draft), id: 'pol_draft', version: 0 };
  const problems = policyProblems(policy).map(({ field, problem, fix, isWarning = false, place = null }) => ({
    field,
    problem,
    fix,
    isWarning,
    place,
  }));
  const tests = problems.some(({ isWarning }) => !isWarning) ? [] : [...runPolicyTests(policy, loadInjection)];
  return { problems, tests };
});

export const tryPolicy = handles('tryPolicy', async ({ policy: draft, given }) => {
  const unknown = unknownValues(given.values ?? {});
  if (unknown.length > 0) throw new Failure('invalid_params', `Conditions do not know “${unknown[0]}”.`);
  const policy: Policy = {
    ...(draft as Draft),
    id: 'pol_draft',
    version: 0,
    mode: 'enforce',
    percentage: 100,
    pilot: null,
  };
  const alone = { ...policy, scope: { ...everywhere, tools: policy.scope.tools } };
  const trial = trialOf(given as Policy['tests'][number]['given']);
  const judged = tryMessage(compilePolicies([alone], 'hub', loadInjection), trial);
  const names = new Map([[policy.id, { ...policy, madeBy: null, madeAt: 0 }]]);
  return {
    outcome: judged.outcome,
    reason: judged.decision?.refusal?.reason ?? judged.decision?.hold?.reason ?? null,
    original: trial.message.raw.toString(),
    delivered: judged.delivered()?.toString() ?? null,
    edits: (judged.decision?.edits ?? []).map(({ start, end, replacement, detector, reason }) => ({
      ...{ start, end, replacement, detector, reason },
    })),
    trace: showSide(
      judged.decision?.trace ?? { rules: [] },
      (id) => names.get(id) ?? null,
      () => null,
    ),
    findings: judged.findings.map(({ detector, pointer, confidence }) => ({ detector, pointer, confidence })),
  };
});

export const describeLanguage = handles('describeLanguage', async () => ({
  variables: Object.entries(messageEnvironment.variables).flatMap(([name, declared]) =>
    isGroup(declared)
      ? Object.entries(declared.fields).map(([field, { type, means }]) => ({ name: `${name}.${field}`, type, means }))
      : [{ name, type: declared.type, means: declared.means }],
  ),
  functions: [...messageEnvironment.functions],
}));

type Draft = Omit<Policy, 'id' | 'version'>;
type Shown = ParsedInputOf<Operations['createDefinition']>;

/** What policies that were kept before do not say. */
const nothingMore = { pilot: null, budget: null, patterns: [], note: '', source: null };

/** Files name policies, so no two may be called the same. */
async function demandOwnName({ stores, caller }: Context, { id, name }: Policy): Promise<void> {
  const other = await stores.policies.byName(caller.organization, name);
  if (other !== null && other.id !== id) throw new Failure('conflict', `Another policy is called “${name}”.`);
}

function showDefinition({ organization: _, createdBy: __, createdAt, updatedAt, fellBack, ...policy }: StoredPolicy) {
  const shown = structuredClone({ ...nothingMore, ...policy }) as Shown & Pick<Policy, 'id' | 'version'>;
  return {
    ...shown,
    fellBack: fellBack ? { ...fellBack, at: rfc3339(fellBack.at) } : null,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
  };
}
