// The second step of a sign-in, whatever the first was: a code, or a passkey.
import { Failure } from '@mcpvault/domain/failure';
import type { Member } from '@mcpvault/store/members-store';
import type { Context } from '../operations/handler.ts';
import { type PasskeyProof, provenPasskey } from './passkeys.ts';
import { proves } from './second-factor.ts';

export interface SecondStep {
  readonly code?: string | undefined;
  readonly passkey?: PasskeyProof | undefined;
}

export function isGiven({ code, passkey }: SecondStep): boolean {
  return code !== undefined || passkey !== undefined;
}

/** Whether what was given is theirs and good; uses it up. */
export async function provesSecond(
  { stores, services, now }: Context,
  { organization, id }: Pick<Member, 'organization' | 'id'>,
  { code, passkey }: SecondStep,
): Promise<boolean> {
  if (passkey !== undefined) {
    const claim = { proof: passkey, member: id, now };
    return (await provenPasskey(stores, services.relyingParty, claim)) !== null;
  }
  if (code === undefined) return false;
  return proves({ sealer: services.sealer, store: stores.secondFactors, organization, member: id, now }, code);
}

export function wrongSecond({ passkey }: SecondStep): Failure {
  if (passkey !== undefined) {
    return new Failure('invalid_credentials', 'This passkey is not one of yours, or took too long.', {
      fix: 'Try again, or use a code.',
    });
  }
  return new Failure('invalid_credentials', 'The code is not the current one, or it was used already.', {
    fix: 'Wait for the next one, or use a recovery code.',
  });
}
