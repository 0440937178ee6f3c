// Beginning a sign-in: a pair of tokens of which only the hashes are kept.
import type { signedIn } from '@mcpvault/contract/signed-in';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { HashedToken, SignIn, TokenPair } from '@mcpvault/store/sign-ins-store';
import type { z } from 'zod';
import type { Context } from '../operations/handler.ts';
import { readSecurity } from '../security-settings.ts';
import type { Services } from '../services.ts';
import { hashOf, makeCredential } from './credential.ts';
import { type SessionLimits, sessionLimits } from './session-limits.ts';

export type SignedIn = z.output<typeof signedIn>;

/** How somebody proved who they are. */
export type HowSignedIn = Pick<SignIn, 'method' | 'provider' | 'providerSession' | 'secondFactor'>;

export async function startSignIn(
  context: Context,
  organization: OrganizationId,
  member: MemberId,
  how: HowSignedIn,
): Promise<SignedIn> {
  const { stores, services, now, actor } = context;
  const limits = sessionLimits(services.lifetimes, await readSecurity(stores.settings, organization));
  const { pair, shown } = makePair(services, limits, now, now + limits.whole);
  const id = services.ambient.ids.next('sin');
  const expiresAt = now + limits.whole;
  await stores.signIns.start(
    { id, organization, member, client: actor.client, createdAt: now, expiresAt, ...how },
    pair,
  );
  await stores.members.touch(new Map([[member, now]]));
  return shown;
}

/** The pair as the database keeps it, and as its holder is shown it once. Nothing of it lasts past `endsAt`. */
export function makePair(
  { ambient }: Pick<Services, 'ambient'>,
  limits: SessionLimits,
  now: number,
  endsAt: number,
): { readonly pair: TokenPair; readonly shown: SignedIn } {
  const accessToken = makeCredential('access', ambient.random);
  const refreshToken = makeCredential('refresh', ambient.random);
  const hashed = (token: string, lifetime: number): HashedToken => ({
    hash: hashOf(token),
    expiresAt: Math.min(now + lifetime, endsAt),
  });
  const access = hashed(accessToken, limits.access);
  return {
    pair: { access, refresh: hashed(refreshToken, limits.idle) },
    shown: { accessToken, refreshToken, expiresIn: Math.max(0, Math.floor((access.expiresAt - now) / 1000)) },
  };
}
