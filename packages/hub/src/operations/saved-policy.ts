import { Failure } from '@mcpvault/domain/failure';
import type { PolicyId } from '@mcpvault/domain/ids';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { runPolicyTests } from '@mcpvault/domain/policy/run-tests';
import { policyProblems } from '@mcpvault/domain/policy/validate';
import type { StoredPolicy } from '@mcpvault/store/policies-store';
import { loadInjection } from '../inspection/load-injection.ts';
import type { Context } from './handler.ts';
import { serverOf } from './server-lookup.ts';

export function noSuchPolicy(): Failure {
  return new Failure('not_found', 'There is no such policy.');
}

export async function policyOf({ stores, caller }: Context, id: PolicyId): Promise<StoredPolicy> {
  const policy = await stores.policies.byId(caller.organization, id);
  if (policy === null) throw noSuchPolicy();
  return policy;
}

/** Throws with the first thing that is wrong: a policy that names nothing there is would look as if it protected something. */
export async function demandSavable(context: Context, policy: Policy): Promise<void> {
  const problem = policyProblems(policy).find(({ isWarning }) => isWarning !== true);
  if (problem !== undefined)
    throw new Failure('invalid_params', `${problem.problem} ${problem.fix}`, {
      field: problem.field,
      place: problem.place,
    });
  for (const server of policy.scope.servers ?? []) await serverOf(context, server);
  await demandTeamsAndRoles(context, policy);
  const failed = runPolicyTests(policy, loadInjection).find(({ failure }) => failure !== null);
  if (failed !== undefined)
    throw new Failure('invalid_params', `The test “${failed.name}” fails: ${failed.failure}.`, { field: 'tests' });
}

async function demandTeamsAndRoles({ stores, caller }: Context, { scope }: Policy): Promise<void> {
  for (const team of scope.teams ?? []) {
    if ((await stores.teams.byId(caller.organization, team)) === null)
      throw new Failure('invalid_params', `There is no team ${team}.`, { field: 'scope' });
  }
}

/** What the audit log tells of it, and everybody who must know. */
export function notePolicy(context: Context, policy: Policy): void {
  const {
    id,
    name,
    mode,
    percentage,
    severity,
    directions,
    scope,
    detectors,
    patterns,
    condition,
    actions,
    threshold,
  } = policy;
  context.note({
    subject: id,
    detail: { name, mode, percentage, severity, directions, scope, detectors, patterns, threshold, condition, actions },
  });
  context.changed('policies', id);
}
