// Policies as text: checking what somebody writes, and writing what is kept.
import { Failure } from '@mcpvault/domain/failure';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { PolicyExtras } from '@mcpvault/store/schema';
import { loadInjection } from '../inspection/load-injection.ts';
import { checkPolicyText as check } from '../policies/check-policy-text.ts';
import { policyLibrary } from '../policies/library.ts';
import { writePolicyDocument } from '../policies/policy-file.ts';
import { type PolicyNaming, toFilePolicy } from '../policies/policy-naming.ts';
import { policyTextOf } from '../policies/policy-text.ts';
import { type Context, handles } from './handler.ts';
import { policyOf } from './saved-policy.ts';
import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';

export const checkPolicyText = handles('checkPolicyText', async ({ text }, context) => {
  const { policies, problems } = check(text, await namingOf(context), loadInjection);
  // Drafts were read by the schema of files, which is the one of the contract with names in place of ids.
  return { policies, problems } as unknown as OutputOf<Operations['checkPolicyText']>;
});

export const readPolicyText = handles('readPolicyText', async ({ id, version }, context) => {
  const naming = await namingOf(context);
  const write = (policy: Policy & PolicyExtras) => policyTextOf(toFilePolicy(policy, naming), policy.source ?? null);
  if (id === undefined) {
    const { stores, caller } = context;
    const texts: { readonly name: string; readonly text: string }[] = [];
    let cursor: string | undefined;
    do {
      const page = await stores.policies.list(caller.organization, { limit: 200, ...(cursor && { cursor }) });
      texts.push(...page.items.map((policy) => ({ name: policy.name, text: write(policy) })));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    const sorted = texts.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    return { text: sorted.map(({ text }) => text).join('---\n') };
  }
  if (version === undefined) return { text: write(await policyOf(context, id)) };
  const [found] = await context.stores.policies.versionsNamed(context.caller.organization, [{ policy: id, version }]);
  if (found === undefined) throw new Failure('not_found', 'There is no such version of the policy.');
  return { text: write(found) };
});

export const listPolicyLibrary = handles('listPolicyLibrary', async () => ({
  items: policyLibrary().map((policy) => ({
    name: policy.name,
    reason: policy.reason,
    severity: policy.severity,
    actions: policy.actions.map(({ type }) => type),
    tests: policy.tests.length,
    text: writePolicyDocument(policy),
  })),
  next: null,
}));

async function namingOf({ services, stores, caller }: Context): Promise<PolicyNaming> {
  const { organization } = caller;
  const teams = await stores.executor
    .selectFrom('teams')
    .select(['id', 'name'])
    .where('organization', '=', organization)
    .execute();
  const servers = services.catalog.servers(organization).map(({ entry: { id, name } }) => ({ id, name }));
  return { servers, teams };
}
