import { createHash } from 'node:crypto';
import type { IdentityProviderId, OrganizationId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { IdentityProvider } from '@mcpvault/store/identity-providers-store';
import type { SealedSecret } from '@mcpvault/store/second-factors-store';
import type { OpenProvider } from './provider-client.ts';

/** Opens the secret; what comes of it is not to be kept. `url`: how browsers reach the hub. */
export function openProvider(sealer: Sealer, provider: IdentityProvider, url: string): OpenProvider {
  const { id, organization, issuer, clientId, clientSecret, rules } = provider;
  const opened = clientSecret && sealer.open(organization, about(id), clientSecret.key, clientSecret.sealed);
  const secret = opened?.toString('utf8') ?? null;
  const { scopes, groupsClaim } = rules;
  const redirectUri = redirectUriOf(url, id);
  const whole = JSON.stringify([issuer, clientId, secret, scopes, groupsClaim, redirectUri]);
  const version = createHash('sha256').update(whole).digest('base64url');
  return { id, issuer, clientId, clientSecret: secret, scopes, groupsClaim, redirectUri, version };
}

export function sealClientSecret(
  sealer: Sealer,
  organization: OrganizationId,
  id: IdentityProviderId,
  secret: string,
): SealedSecret {
  return sealer.seal(organization, about(id), Buffer.from(secret, 'utf8'));
}

/** One for each provider: what one of them sends back can never be taken for another’s. */
export function redirectUriOf(url: string, id: IdentityProviderId): string {
  return `${url}/sign-in/callback/${id}`;
}

function about(id: IdentityProviderId): string {
  return `client secret of ${id}`;
}
