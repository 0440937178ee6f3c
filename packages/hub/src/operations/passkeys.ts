import type { passkeyShape } from '@mcpvault/contract/passkeys';
import { Failure } from '@mcpvault/domain/failure';
import type { Passkey } from '@mcpvault/store/passkeys-store';
import { isActive } from '@mcpvault/store/members-store';
import type { z } from 'zod';
import { addressKey, addressRule, countFailure, placeKey } from '../auth/lockout.ts';
import {
  badPasskey,
  demandParty,
  keepChallenge,
  newPasskeyOptions,
  proofOptions,
  provenPasskey,
  readNewPasskey,
} from '../auth/passkeys.ts';
import { lackOfProof, preparedProof } from '../auth/proof-of-self.ts';
import { newRecoveryCodes } from '../auth/second-factor.ts';
import { startSignIn } from '../auth/sign-in.ts';
import { closedDoor, keepsOut, singleSignOnDemanded } from '../auth/single-sign-on/closed-door.ts';
import { type Context, handles, handlesPrepared, Refused } from './handler.ts';
import { memberOf } from './members.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

export const listPasskeys = handles('listPasskeys', async (_, { stores, caller }) => {
  const passkeys = await stores.passkeys.of(caller.member);
  return { items: passkeys.map(showPasskey), next: null };
});

export const startPasskey = handlesPrepared('startPasskey', preparedProof, async (input, context, passwordMatches) => {
  const { stores, services, caller, now } = context;
  const lack = await lackOfProof(context, input, passwordMatches);
  if (lack !== null) return new Refused(lack);
  const member = await memberOf(context, caller.member);
  const who = { member: member.id, email: member.email, name: member.name };
  const options = await newPasskeyOptions(demandParty(services.relyingParty), who, await stores.passkeys.of(member.id));
  await keepChallenge(stores.signInStates, 'new-passkey', { challenge: options.challenge, member: member.id, now });
  return { options: { ...options } };
});

/** Who it is was shown when it began: the challenge is theirs alone. */
export const addPasskey = handles('addPasskey', async (input, context) => {
  const { stores, services, caller, now } = context;
  const { organization, member } = caller;
  context.note({ subject: member });
  const party = demandParty(services.relyingParty);
  const made = await readNewPasskey(stores.signInStates, party, { credential: input.credential, member, now });
  if (made === null) return new Refused(badPasskey());
  const id = services.ambient.ids.next('pky');
  const passkey = { id, organization, member, name: input.name, createdAt: now, ...made };
  await stores.passkeys.add(passkey);
  const recoveryCodes = await firstRecoveryCodes(context);
  context.note({ subject: member, detail: { passkey: id, name: input.name } });
  context.changed('members', member);
  return { passkey: showPasskey({ ...passkey, lastUsedAt: null }), recoveryCodes };
});

export const renamePasskey = handles('renamePasskey', async ({ id, name }, context) => {
  const { stores, caller } = context;
  if (!(await stores.passkeys.rename(caller.member, id, name))) throw noSuchPasskey();
  context.note({ subject: caller.member, detail: { passkey: id, name } });
  const renamed = (await stores.passkeys.of(caller.member)).find((passkey) => passkey.id === id);
  if (renamed === undefined) throw noSuchPasskey();
  return showPasskey(renamed);
});

export const removePasskey = handlesPrepared(
  'removePasskey',
  preparedProof,
  async (input, context, passwordMatches) => {
    const { stores, caller } = context;
    const { member } = caller;
    context.note({ subject: member, detail: { passkey: input.id } });
    if (!(await stores.passkeys.of(member)).some(({ id }) => id === input.id)) throw noSuchPasskey();
    const lack = await lackOfProof(context, input, passwordMatches);
    if (lack !== null) return new Refused(lack);
    await stores.passkeys.remove(member, input.id);
    const { hasSecondFactor } = await memberOf(context, member);
    if (!hasSecondFactor) await stores.secondFactors.setRecoveryCodes(member, []);
    context.changed('members', member);
    return undefined;
  },
);

export const startPasskeySignIn = handles('startPasskeySignIn', async (_, { stores, services, now }) => {
  const options = await proofOptions(demandParty(services.relyingParty));
  await keepChallenge(stores.signInStates, 'passkey', { challenge: options.challenge, member: null, now });
  return { options: { ...options } };
});

export const finishPasskeySignIn = handles('finishPasskeySignIn', async ({ passkey: proof }, context) => {
  const { stores, services, actor, now } = context;
  const passkey = await provenPasskey(stores, services.relyingParty, { proof, member: null, now });
  const member = passkey && (await stores.members.byId(passkey.organization, passkey.member));
  if (!member || !isActive(member, now)) {
    if (member) context.note({ by: { organization: member.organization, member: member.id } });
    else context.note({ stranger: { address: null } });
    await countFailure(stores.attempts, addressKey(actor.address), addressRule, now);
    return new Refused(
      new Failure('invalid_credentials', 'This passkey is not known here, or took too long.', {
        fix: 'Try again, or sign in in another way and look at your passkeys.',
      }),
    );
  }
  const { organization, id, email } = member;
  context.note({ by: { organization, member: id }, subject: id, detail: { method: 'passkey', passkey: passkey.id } });
  const door = await closedDoor(stores, email);
  if (door !== null && keepsOut(door, member)) return new Refused(singleSignOnDemanded(door));
  await context.enter(organization);
  // What others guessed meanwhile keeps out nobody who holds their passkey.
  await stores.attempts.clear(addressKey(actor.address));
  await stores.knownPlaces.remember(placeKey(email, actor.address), now);
  context.changed('members', id);
  const how = { method: 'passkey', provider: null, providerSession: null, secondFactor: true } as const;
  return startSignIn(context, organization, id, how);
});

async function firstRecoveryCodes({ stores, services, caller }: Context): Promise<string[] | null> {
  if ((await stores.secondFactors.recoveryCodesLeft(caller.member)) > 0) return null;
  const { shown, hashes } = newRecoveryCodes(services.ambient.random);
  await stores.secondFactors.setRecoveryCodes(caller.member, hashes);
  return shown;
}

function showPasskey({ id, name, backedUp, createdAt, lastUsedAt }: Passkey): z.output<typeof passkeyShape> {
  return { id, name, backedUp, createdAt: rfc3339(createdAt), lastUsedAt: rfc3339OrNull(lastUsedAt) };
}

function noSuchPasskey(): Failure {
  return new Failure('not_found', 'You have no such passkey.');
}
