import { standardRules } from '@mcpvault/domain/workstation/standard-rules';
import type { Bundle } from '@mcpvault/protocol/hub-link/policy-bundle';

export interface BundlePart extends Partial<Omit<Bundle, 'settings'>> {
  readonly settings?: Partial<Bundle['settings']>;
}

/** A bundle as a hub makes one, but for what is given. */
export function bundleWith({ settings, ...rest }: BundlePart = {}): Bundle {
  return {
    link: 1,
    workstation: 'wst_1',
    organization: 'org_1',
    version: 1,
    madeAt: 1_000,
    expiresAt: 1_000_000,
    member: { id: 'mem_1', email: 'ada@example.com', role: 'member', teams: [{ id: 'team_1', name: 'Research' }] },
    settings: {
      localPolicies: 'stricter',
      localServers: 'allowed',
      messages: 'originals',
      whenExpired: 'keep',
      pollSeconds: 20,
      ...settings,
    },
    policies: [],
    compliance: standardRules,
    hosted: [],
    keys: [{ id: 'key', publicKey: 'AAAA' }],
    ...rest,
  };
}
