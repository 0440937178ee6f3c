// Beginning a sign-in: a pair of tokens of which only the hashes are kept.
import type { signedIn } from '@mcpvault/contract/auth';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { HashedToken, TokenPair } from '@mcpvault/store/sign-ins-store';
import type { z } from 'zod';
import type { Context } from '../operations/handler.ts';
import type { Services } from '../services.ts';
import { hashOf, makeCredential } from './credential.ts';

export type SignedIn = z.output<typeof signedIn>;

export async function startSignIn(context: Context, organization: OrganizationId, member: MemberId): Promise<SignedIn> {
  const { stores, services, now, actor } = context;
  const { pair, shown } = makePair(services, now);
  const id = services.ambient.ids.next('sin');
  const expiresAt = now + services.lifetimes.refresh;
  await stores.signIns.start({ id, organization, member, client: actor.client, createdAt: now, expiresAt }, pair);
  await stores.members.touch(new Map([[member, now]]));
  return shown;
}

/** The pair as the database keeps it, and as its holder is shown it once. */
export function makePair(
  { ambient, lifetimes }: Pick<Services, 'ambient' | 'lifetimes'>,
  now: number,
): { readonly pair: TokenPair; readonly shown: SignedIn } {
  const accessToken = makeCredential('access', ambient.random);
  const refreshToken = makeCredential('refresh', ambient.random);
  const hashed = (token: string, lifetime: number): HashedToken => ({ hash: hashOf(token), expiresAt: now + lifetime });
  return {
    pair: { access: hashed(accessToken, lifetimes.access), refresh: hashed(refreshToken, lifetimes.refresh) },
    shown: { accessToken, refreshToken, expiresIn: Math.floor(lifetimes.access / 1000) },
  };
}
