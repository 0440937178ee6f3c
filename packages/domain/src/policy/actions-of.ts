import type { PolicyAction } from './action.ts';
import type { Policy } from './policy.ts';

type Of<Type extends PolicyAction['type']> = Extract<PolicyAction, { readonly type: Type }>;

export function actionsOf<Type extends PolicyAction['type']>(policy: Policy, type: Type): readonly Of<Type>[] {
  return policy.actions.filter((action): action is Of<Type> => action.type === type);
}

export function reasonOf({ name, reason }: Pick<Policy, 'name' | 'reason'>): string {
  return reason.trim() === '' ? name : reason;
}
