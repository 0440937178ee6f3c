// Passkeys (WebAuthn): each is found by whoever asks without naming anybody, and always asks its owner for a finger, a face or
// a number. So one alone is both factors.
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { addPasskey, passkeyProof } from '@mcpvault/contract/passkeys';
import type { ParsedInputOf } from '@mcpvault/contract/operation';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Passkey } from '@mcpvault/store/passkeys-store';
import type { SignInStatesStore } from '@mcpvault/store/sign-in-states-store';
import type { Stores } from '@mcpvault/store/stores';
import { isIP } from 'node:net';
import type { z } from 'zod';
import { hashOf } from './credential.ts';

/** Whom passkeys belong to, as browsers see it. */
export interface RelyingParty {
  /** A host name. */
  readonly id: string;
  readonly origins: readonly string[];
}

export type PasskeyProof = z.output<typeof passkeyProof>;
export type NewPasskey = ParsedInputOf<typeof addPasskey>['credential'];

const challengeFor = 300_000;
const atMost = 20;

/**
 * null where browsers allow no passkeys: at an address that is a number, or not encrypted. On this machine itself they
 * belong to `localhost`, under which the hub answers as well.
 */
export function relyingPartyOf({ url, port }: { readonly url: string; readonly port: number }): RelyingParty | null {
  const { protocol, hostname, origin } = new URL(url);
  if (hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]') {
    return { id: 'localhost', origins: [`http://localhost:${port}`, ...(hostname === 'localhost' ? [origin] : [])] };
  }
  if (protocol !== 'https:' || hostname.startsWith('[') || isIP(hostname) !== 0) return null;
  return { id: hostname, origins: [origin] };
}

export async function newPasskeyOptions(
  party: RelyingParty,
  who: { readonly member: MemberId; readonly email: string; readonly name: string },
  known: readonly Passkey[],
) {
  if (known.length >= atMost) {
    throw new Failure('conflict', `You have ${atMost} passkeys already.`, { fix: 'Remove one that you do not use.' });
  }
  return generateRegistrationOptions({
    rpName: 'MCPVault',
    rpID: party.id,
    userName: who.email,
    userDisplayName: who.name,
    userID: new Uint8Array(Buffer.from(who.member)),
    timeout: challengeFor,
    attestationType: 'none',
    excludeCredentials: known.map(({ credential, transports }) => ({ id: credential, transports: [...transports] })),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
}

export function proofOptions(party: RelyingParty) {
  return generateAuthenticationOptions({ rpID: party.id, timeout: challengeFor, userVerification: 'required' });
}

/** Good once, for five minutes; `member`: for nobody else. */
export async function keepChallenge(
  states: SignInStatesStore,
  purpose: 'passkey' | 'new-passkey',
  { challenge, member, now }: { readonly challenge: string; readonly member: MemberId | null; readonly now: number },
): Promise<void> {
  const hash = hashOf(challenge);
  await states.keep({ hash, purpose, organization: null, member, detail: null, expiresAt: now + challengeFor });
}

/** What the browser made, once it stood up to every check; null otherwise. */
export async function readNewPasskey(
  states: SignInStatesStore,
  party: RelyingParty,
  { credential, member, now }: { readonly credential: NewPasskey; readonly member: MemberId; readonly now: number },
): Promise<Pick<Passkey, 'credential' | 'publicKey' | 'counter' | 'transports' | 'backedUp'> | null> {
  const challenge = challengeIn(credential.response.clientDataJSON);
  const state = challenge === null ? null : await states.take(hashOf(challenge), 'new-passkey', now);
  if (challenge === null || state === null || state.member !== member) return null;
  const response = credential as unknown as Parameters<typeof verifyRegistrationResponse>[0]['response'];
  const checked = await verifyRegistrationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: [...party.origins],
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch(() => null);
  if (!checked?.verified) return null;
  const { credential: made, credentialBackedUp } = checked.registrationInfo;
  return {
    credential: made.id,
    publicKey: Buffer.from(made.publicKey),
    counter: made.counter,
    transports: credential.response.transports ?? [],
    backedUp: credentialBackedUp,
  };
}

/**
 * The passkey that made this proof, once it stood up to every check, and its use is written down; null otherwise. Each
 * challenge is good once. `member`: nobody else’s will do.
 */
export async function provenPasskey(
  stores: Pick<Stores, 'signInStates' | 'passkeys'>,
  party: RelyingParty | null,
  { proof, member, now }: { readonly proof: PasskeyProof; readonly member: MemberId | null; readonly now: number },
): Promise<Passkey | null> {
  const challenge = challengeIn(proof.response.clientDataJSON);
  if (party === null || challenge === null) return null;
  if ((await stores.signInStates.take(hashOf(challenge), 'passkey', now)) === null) return null;
  const passkey = await stores.passkeys.byCredential(proof.id);
  if (passkey === null || (member !== null && passkey.member !== member)) return null;
  const { userHandle } = proof.response;
  if (userHandle && Buffer.from(userHandle, 'base64url').toString() !== passkey.member) return null;
  const response = proof as unknown as Parameters<typeof verifyAuthenticationResponse>[0]['response'];
  const checked = await verifyAuthenticationResponse({
    response,
    expectedChallenge: challenge,
    expectedOrigin: [...party.origins],
    expectedRPID: party.id,
    credential: {
      id: passkey.credential,
      publicKey: new Uint8Array(passkey.publicKey),
      // A counter that does not go on counting is that of a copy, and is refused.
      counter: passkey.counter,
      transports: [...passkey.transports],
    },
    requireUserVerification: true,
  }).catch(() => null);
  if (!checked?.verified) return null;
  const { newCounter, credentialBackedUp } = checked.authenticationInfo;
  await stores.passkeys.used(passkey.id, newCounter, credentialBackedUp, now);
  return passkey;
}

export function demandParty(party: RelyingParty | null): RelyingParty {
  if (party !== null) return party;
  throw new Failure('conflict', 'Passkeys need an address with a name and https.', {
    fix: 'Set MCPVAULT_PUBLIC_URL to the https address of this hub.',
  });
}

function challengeIn(clientData: string): string | null {
  try {
    const said: unknown = JSON.parse(Buffer.from(clientData, 'base64url').toString());
    const challenge: unknown = typeof said === 'object' && said !== null ? Reflect.get(said, 'challenge') : undefined;
    return typeof challenge === 'string' && challenge.length <= 500 ? challenge : null;
  } catch {
    return null;
  }
}

export function badPasskey(): Failure {
  return new Failure('invalid_params', 'credential: this passkey could not be checked, or took too long.', {
    fix: 'Try again, at the address that the hub gives out.',
  });
}
