// Identity providers for tests of what is decided here about people: each says what it is told to say, to whoever comes back
// with the state that was given out. How the real ones are asked is shown where they are.
import { Failure } from '@mcpvault/domain/failure';
import type { Claims, Ended } from '../auth/single-sign-on/provider-client.ts';
import type { SignInProviders } from '../auth/single-sign-on/sign-in-providers.ts';

export interface FakeProviders extends SignInProviders {
  /** What the provider says of whoever comes back next. */
  claims: Claims;
  ended: Ended | null;
}

export function createFakeProviders(): FakeProviders {
  let flows = 0;
  const fake: FakeProviders = {
    claims: {},
    ended: null,
    newFlow: () => ({ state: `state-${(flows += 1)}`, nonce: `nonce-${flows}`, verifier: `verifier-${flows}` }),
    authorize: async ({ issuer }, { state }) => `${issuer}/authorize?state=${state}`,
    async redeem(_, { state }, parameters) {
      if (new URLSearchParams(parameters).get('state') === state) return fake.claims;
      throw new Failure('upstream_invalid', 'What came back is not the answer to this sign-in.');
    },
    async endedBy() {
      if (fake.ended !== null) return fake.ended;
      throw new Failure('invalid_request', 'This is no logout token.');
    },
    async grantIn() {
      throw new Failure('invalid_request', 'This is no grant.');
    },
    check: async () => [{ name: 'Discovery', outcome: 'ok', text: 'It answers.', fix: null }],
  };
  return fake;
}
