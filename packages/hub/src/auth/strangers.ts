// Tries to sign in by somebody whom nobody knows: told in the log of the organization whose address it would be, or else of
// the one that the hub was set up for. Neither what was typed as a password nor the address is kept: of the address a mark
// that only this organization's key makes, so that tries with the same one are seen to belong together. Whoever tries
// without end does not fill the log: what goes beyond a bound is counted, and the next entry says how many those were.
import { createHmac } from 'node:crypto';
import { domainOf } from '@mcpvault/domain/identity/identity-provider';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Stores } from '@mcpvault/store/stores';
import type { Actor } from '../actor.ts';
import type { Services } from '../services.ts';
import { readSetup } from '../setup-state.ts';

export interface Strangers {
  /** In the transaction of the try. */
  tell(stores: Stores, action: string, actor: Actor, stranger: { readonly address: string | null }): Promise<void>;
}

/** Entries of one hub within an hour. */
export const strangersAtMost = 100;
const within = 3_600_000;

export function createStrangers({ ambient, policyKey }: Pick<Services, 'ambient' | 'policyKey'>): Strangers {
  let since = Number.NEGATIVE_INFINITY;
  let told = 0;
  let untold = 0;

  function mayTell(now: number): boolean {
    if (now - since >= within) {
      since = now;
      told = 0;
    }
    if (told < strangersAtMost) {
      told += 1;
      return true;
    }
    untold += 1;
    return false;
  }

  return {
    async tell(stores, action, actor, { address }) {
      const now = ambient.clock.now();
      if (!mayTell(now)) return;
      const whose = await organizationOf(stores, address);
      if (whose === null) return;
      const { organization, domain } = whose;
      const missed = untold;
      untold = 0;
      await stores.audit.append({
        id: ambient.ids.next('aud'),
        organization,
        at: now,
        actor: 'unknown',
        action,
        subject: null,
        outcome: 'refused',
        detail: {
          ...(address !== null && { mark: markOf(policyKey(organization), address) }),
          ...(domain !== null && { domain }),
          ...(missed > 0 && { missed }),
          from: actor.address,
          request: actor.requestId,
        },
      });
    },
  };
}

function markOf(key: Uint8Array, address: string): string {
  return createHmac('sha256', key).update(`stranger:${address.trim().toLowerCase()}`).digest('hex').slice(0, 16);
}

interface Whose {
  readonly organization: OrganizationId;
  /** Said only where it is the organization's own; anything else may be what somebody typed by mistake. */
  readonly domain: string | null;
}

async function organizationOf(stores: Stores, address: string | null): Promise<Whose | null> {
  const domain = address === null ? null : domainOf(address.trim());
  const [provider] = domain === null ? [] : await stores.identityProviders.forDomain(domain);
  if (provider !== undefined) return { organization: provider.organization, domain };
  const setup = await readSetup(stores.settings);
  return setup && { organization: setup.organization, domain: null };
}
