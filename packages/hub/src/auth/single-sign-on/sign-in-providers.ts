import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { checkProvider, type Step } from './check-provider.ts';
import { createProviderClient, type OpenProvider, type ProviderClient } from './provider-client.ts';

/** What operations need of identity providers; the network lies behind it. */
export interface SignInProviders extends ProviderClient {
  /** What can be tried without a person, step by step. */
  check(provider: OpenProvider): Promise<readonly Step[]>;
}

/** `now` in milliseconds. */
export function createSignInProviders(deps: { readonly fetch: OutboundFetch; now(): number }): SignInProviders {
  return { ...createProviderClient(deps), check: (provider) => checkProvider(provider, deps.fetch) };
}
