import { createBoundedFetch } from './bounded-fetch.ts';
import { checkProvider, type Step } from './check-provider.ts';
import { createProviderClient, type OpenProvider, type ProviderClient, type ProviderFetch } from './provider-client.ts';

/** What operations need of identity providers; the network lies behind it. */
export interface SignInProviders extends ProviderClient {
  /** What can be tried without a person, step by step. */
  check(provider: OpenProvider): Promise<readonly Step[]>;
}

/** `fetch` guards where it goes; `now` in milliseconds. */
export function createSignInProviders(deps: { readonly fetch: ProviderFetch; now(): number }): SignInProviders {
  const fetch = createBoundedFetch(deps.fetch);
  return { ...createProviderClient({ ...deps, fetch }), check: (provider) => checkProvider(provider, fetch) };
}
