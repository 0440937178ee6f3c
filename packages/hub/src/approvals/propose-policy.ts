import { Failure } from '@mcpvault/domain/failure';
import type { PolicyId } from '@mcpvault/domain/ids';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { Approval } from '@mcpvault/store/approvals-store';
import type { Context } from '../operations/handler.ts';
import { demandSavable } from '../operations/saved-policy.ts';

/**
 * A draft of the policy that holds this call, which would let this asker's calls of this tool pass. A draft looks at nothing:
 * somebody who may write policies decides what becomes of it.
 */
export async function proposePolicy(
  context: Context,
  asked: Approval,
): Promise<{ readonly id: PolicyId; readonly name: string }> {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const { method, target, serverName } = asked;
  const holding = asked.policies[0];
  const held = holding === undefined ? null : await stores.policies.byId(organization, holding.policy);
  if (held === null)
    throw new Failure('conflict', 'The policy that held this call is gone.', { field: 'proposePolicy' });
  if (method !== 'tools/call' || target === null || serverName === null) {
    throw new Failure('invalid_params', 'Only calls of tools can be left out by a policy.', { field: 'proposePolicy' });
  }
  const asker = services.catalog.member(organization, asked.member)?.email ?? '';
  const of = [`tool.name != ${cel(target)}`, `server.name != ${cel(serverName)}`, `caller.email != ${cel(asker)}`];
  const isOther = `(${of.join(' || ')})`;
  const values = { tool: { name: target, known: true }, server: { name: serverName }, caller: { email: asker } };
  const { organization: _, createdBy: __, createdAt: ___, updatedAt: ____, ...rest } = held;
  const id = services.ambient.ids.next('pol');
  const draft: Policy = {
    ...rest,
    id,
    name: await freeName(context, `${held.name}, but not for ${asker} with ${target}`.slice(0, 180)),
    mode: 'draft',
    version: 1,
    condition: held.condition === null ? isOther : `(${held.condition}) && ${isOther}`,
    tests: [
      ...held.tests,
      {
        name: `what was approved: ${target}`.slice(0, 200),
        given: { tool: target, values },
        expect: { outcome: 'not_matched' },
      },
    ],
  };
  await demandSavable(context, draft);
  await stores.policies.create({ ...draft, organization, createdBy: caller.member, createdAt: now, updatedAt: now });
  context.changed('policies', id);
  return { id, name: draft.name };
}

async function freeName({ stores, caller }: Context, name: string): Promise<string> {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name} (${number})`;
    if ((await stores.policies.byName(caller.organization, tried)) === null) return tried;
  }
}

/** A text in CEL is written as in JSON. */
function cel(text: string): string {
  return JSON.stringify(text);
}
