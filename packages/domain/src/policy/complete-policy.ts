import type { Policy, PolicyScope } from './policy.ts';

type Written = Partial<Omit<Policy, 'scope'>> & { readonly scope?: Partial<PolicyScope> | undefined };

export const everywhere: PolicyScope = {
  servers: null,
  tools: null,
  teams: null,
  roles: null,
  clients: null,
  workstations: null,
};

/** A policy with everything that was left out: by itself it enforces, everywhere, on calls and results. */
export function completePolicy(written: Written & Pick<Policy, 'id' | 'name'>): Policy {
  return {
    reason: '',
    owner: '',
    severity: 'medium',
    mode: 'enforce',
    percentage: 100,
    directions: ['call', 'result', 'listing'],
    detectors: [],
    threshold: 0,
    condition: null,
    actions: [],
    tests: [],
    version: 1,
    ...written,
    scope: { ...everywhere, ...written.scope },
  };
}
