import { Failure } from '@mcpvault/domain/failure';
import { permits, permissions } from '@mcpvault/domain/identity/permission';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { OneTimeLink } from '@mcpvault/store/links-store';
import type { Member } from '@mcpvault/store/members-store';
import { hashOf } from '../auth/credential.ts';
import { addressKey, addressRule, countFailure, demandPatience, emailKey, emailRule } from '../auth/lockout.ts';
import { proves, secondFactorRequired } from '../auth/second-factor.ts';
import { makePair, startSignIn } from '../auth/sign-in.ts';
import { readSecurity } from '../security-settings.ts';
import { readSetup, writeSetup } from '../setup-state.ts';
import { type Asked, type Context, handles, handlesPrepared, Refused } from './handler.ts';
import { showMember } from './show.ts';
import { rfc3339 } from './times.ts';

export const checkLink = handles('checkLink', async ({ link }, { stores, now }) => {
  const found = await stores.links.find(hashOf(link), now);
  if (found === null) throw badLink();
  const owner = found.purpose === 'setup' ? await readSetup(stores.settings) : found;
  const organization = owner?.organization ? await stores.organizations.byId(owner.organization) : null;
  const member = await ownerOf(found, stores.members);
  return {
    purpose: found.purpose,
    organization: organization?.name ?? null,
    email: member?.email ?? null,
    expiresAt: rfc3339(found.expiresAt),
  };
});

export const setUp = handlesPrepared('setUp', hashForLink, async (input, context, passwordHash) => {
  const { stores, now } = context;
  const link = await stores.links.use(hashOf(input.link), now);
  if (link?.purpose !== 'setup') throw badLink();
  const setup = await readSetup(stores.settings);
  if (setup === null) throw new Error('there is a setup link, and nothing to set up');
  if (setup.completed) throw new Failure('already_set_up', 'This hub is set up already; sign in instead.');
  const { organization, member } = setup;
  await stores.members.update(organization, member, { email: input.email, name: input.name });
  await stores.members.setPassword(organization, member, passwordHash);
  if (input.organization !== undefined) await stores.organizations.rename(organization, input.organization);
  await writeSetup(stores.settings, { ...setup, completed: true }, now);
  return welcome(context, organization, member);
});

export const acceptLink = handlesPrepared('acceptLink', hashForLink, async (input, context, passwordHash) => {
  const { stores, now } = context;
  const link = await stores.links.use(hashOf(input.link), now);
  const member = link && (await ownerOf(link, stores.members));
  if (!member || member.disabledAt !== null) throw badLink();
  // A link stands in for the password only. Throwing leaves it good for another try.
  if (member.hasSecondFactor) {
    if (input.code === undefined) throw secondFactorRequired();
    // Kept although this is undone when the code is wrong.
    await context.services.transaction(({ attempts }) =>
      countFailure(attempts, emailKey(member.email), emailRule, now),
    );
    if (!(await provesSecond(context, member, input.code))) throw wrongSecond();
  }
  await stores.members.setPassword(member.organization, member.id, passwordHash);
  await stores.links.revokeOf(member.organization, member.id);
  await endSignIns(context, member);
  await stores.attempts.clear(emailKey(member.email));
  return welcome(context, member.organization, member.id);
});

export const login = handlesPrepared(
  'login',
  async ({ email, password }, { services, actor, now }) => {
    await services.transaction(async ({ attempts }) => {
      await demandPatience(attempts, addressKey(actor.address), now);
      await countFailure(attempts, emailKey(email), emailRule, now);
    });
    const found = await services.stores.members.byEmail(email);
    const matches = await services.passwords.matches(password, found?.passwordHash ?? null);
    return { member: found?.member ?? null, matches };
  },
  async ({ email, code }, context, { member, matches }) => {
    const { stores, now, actor } = context;
    if (member !== null) context.note({ by: { organization: member.organization, member: member.id } });
    if (member === null || !matches || member.disabledAt !== null) {
      await countFailure(stores.attempts, addressKey(actor.address), addressRule, now);
      return new Refused(
        new Failure('invalid_credentials', 'The e-mail address or the password is not right.', {
          fix: 'Check both. If the password is lost, an admin can make a link for a new one.',
        }),
      );
    }
    if (member.hasSecondFactor) {
      if (code === undefined) return new Refused(secondFactorRequired());
      if (!(await provesSecond(context, member, code))) {
        await countFailure(stores.attempts, addressKey(actor.address), addressRule, now);
        return new Refused(wrongSecond());
      }
    }
    await stores.attempts.clear(emailKey(email));
    await stores.attempts.clear(addressKey(actor.address));
    return welcome(context, member.organization, member.id);
  },
);

export const refresh = handles('refresh', async ({ refreshToken }, context) => {
  const { stores, services, now } = context;
  const { pair, shown } = makePair(services, now);
  const rotation = await stores.signIns.rotate(hashOf(refreshToken), pair, now);
  if (rotation.result === 'unknown') throw signInAgain('This sign-in has ended.');
  const { organization, member, id } = rotation.signIn;
  context.note({ by: { organization, member } });
  if (rotation.result === 'reused') {
    context.changed('sign-ins', id);
    return new Refused(signInAgain('This refresh token was used before, so its sign-in has been ended for safety.'));
  }
  const owner = await stores.members.byId(organization, member);
  if (owner === null || owner.disabledAt !== null) throw signInAgain('This sign-in has ended.');
  return shown;
});

export const logout = handles('logout', async (_, context) => {
  const { stores, caller, actor, now } = context;
  if (actor.signIn === null) return undefined;
  await stores.signIns.revoke(caller.organization, actor.signIn, now);
  context.note({ subject: actor.signIn });
  context.changed('sign-ins', actor.signIn);
  return undefined;
});

export const me = handles('me', async (_, { stores, caller }) => {
  const member = await stores.members.byId(caller.organization, caller.member);
  const organization = await stores.organizations.byId(caller.organization);
  if (member === null || organization === null) throw new Failure('unauthenticated', 'This sign-in has ended.');
  const { requireSecondFactor } = await readSecurity(stores.settings, caller.organization);
  return {
    secondFactor: {
      isSetUp: member.hasSecondFactor,
      isRequired: requireSecondFactor,
      recoveryCodesLeft: await stores.secondFactors.recoveryCodesLeft(member.id),
    },
    member: showMember(member),
    organization: { id: organization.id, name: organization.name },
    permissions: permissions.filter((permission) => permits(caller, permission)),
  };
});

export const changePassword = handlesPrepared(
  'changePassword',
  async ({ current, password }, { services, caller, now }) => {
    await services.transaction(({ attempts }) => countFailure(attempts, emailKey(caller.email), emailRule, now));
    const stored = await services.stores.members.passwordHash(caller.organization, caller.member);
    const matches = await services.passwords.matches(current, stored);
    return matches ? services.passwords.hash(password) : null;
  },
  async (_, context, passwordHash) => {
    const { stores, caller, actor, now } = context;
    context.note({ subject: caller.member });
    if (passwordHash === null) {
      return new Refused(new Failure('invalid_params', 'current: this is not the current password.'));
    }
    await stores.attempts.clear(emailKey(caller.email));
    await stores.members.setPassword(caller.organization, caller.member, passwordHash);
    await stores.signIns.revokeAllOf(caller.organization, caller.member, now, actor.signIn ?? undefined);
    context.changed('members', caller.member);
    return undefined;
  },
);

function provesSecond(context: Context, { organization, id }: Member, code: string): Promise<boolean> {
  const { stores, services, now } = context;
  const factor = { sealer: services.sealer, store: stores.secondFactors, organization, member: id, now };
  return proves(factor, code);
}

function wrongSecond(): Failure {
  return new Failure('invalid_credentials', 'The code is not the current one, or it was used already.', {
    fix: 'Wait for the next one, or use a recovery code.',
  });
}

/** Hashing is dear, and two of them at once are all there may be: only who holds a good link gets one. */
async function hashForLink(
  { link, password }: { readonly link: string; readonly password: string },
  { services, now }: Asked,
): Promise<string> {
  if ((await services.stores.links.find(hashOf(link), now)) === null) throw badLink();
  return services.passwords.hash(password);
}

async function welcome(context: Context, organization: OrganizationId, member: MemberId) {
  context.note({ by: { organization, member }, subject: member });
  context.changed('members', member);
  return startSignIn(context, organization, member);
}

async function endSignIns({ stores, now }: Context, member: Member): Promise<void> {
  await stores.signIns.revokeAllOf(member.organization, member.id, now);
}

/** null for a setup link, whose owner is yet to say who they are. */
async function ownerOf(
  link: OneTimeLink,
  members: { byId(organization: OrganizationId, id: MemberId): Promise<Member | null> },
): Promise<Member | null> {
  if (link.organization === null || link.member === null) return null;
  return members.byId(link.organization, link.member);
}

function badLink(): Failure {
  return new Failure('not_found', 'This link has been used, or is too old, or was never made.', {
    fix: 'Ask an admin for a new one. The setup link is printed anew each time the hub starts.',
  });
}

function signInAgain(why: string): Failure {
  return new Failure('unauthenticated', why, { fix: 'Sign in again.' });
}
