import { Failure } from '@mcpvault/domain/failure';
import { permits, permissions } from '@mcpvault/domain/identity/permission';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { OneTimeLink } from '@mcpvault/store/links-store';
import { isActive, type Member } from '@mcpvault/store/members-store';
import type { SignIn } from '@mcpvault/store/sign-ins-store';
import { hashOf } from '../auth/credential.ts';
import {
  addressKey,
  addressRule,
  countFailure,
  demandPatience,
  emailKey,
  emailRule,
  linkKey,
  memberKey,
  placeKey,
  placesFor,
} from '../auth/lockout.ts';
import { demandGoodPassword } from '../auth/password-rules.ts';
import { secondFactorRequired } from '../auth/second-factor.ts';
import { isGiven, provesSecond, wrongSecond } from '../auth/second-step.ts';
import { sessionLimits } from '../auth/session-limits.ts';
import { type HowSignedIn, makePair, startSignIn } from '../auth/sign-in.ts';
import { closedDoor, demandOpenDoor, keepsOut, singleSignOnDemanded } from '../auth/single-sign-on/closed-door.ts';
import { readSecurity } from '../security-settings.ts';
import { readSetup, writeSetup } from '../setup-state.ts';
import { type Asked, type Context, handles, handlesPrepared, Refused } from './handler.ts';
import { showImpersonation } from './impersonations.ts';
import { showMember } from './show.ts';
import { rfc3339 } from './times.ts';

/** A page that is closed in the moment of a refresh loses the answer: for this long the same token is good once more. */
const graceMs = 10_000;
const here = { provider: null, providerSession: null, secondFactor: false } as const;

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
  await context.enter(organization);
  return welcome(context, organization, member, { ...here, method: 'link' });
});

export const acceptLink = handlesPrepared('acceptLink', hashForLink, async (input, context, passwordHash) => {
  const { stores, now } = context;
  const link = await stores.links.use(hashOf(input.link), now);
  const member = link && (await ownerOf(link, stores.members));
  if (!member || !isActive(member, now)) throw badLink();
  await demandOpenDoor(stores, member);
  await context.enter(member.organization);
  // A link stands in for the password only. Throwing leaves it good for another try.
  if (member.hasSecondFactor) {
    if (!isGiven(input)) throw secondFactorRequired();
    // Kept although this is undone when the code is wrong.
    await context.services.transaction(({ attempts }) => countFailure(attempts, linkKey(input.link), emailRule, now));
    if (!(await provesSecond(context, member, input))) throw wrongSecond(input);
  }
  await stores.members.setPassword(member.organization, member.id, passwordHash);
  await stores.links.revokeOf(member.organization, member.id);
  await endSignIns(context, member);
  await stores.attempts.clear(emailKey(member.email));
  await stores.attempts.clear(linkKey(input.link));
  const how = { ...here, method: 'link', secondFactor: member.hasSecondFactor } as const;
  return welcome(context, member.organization, member.id, how);
});

export const login = handlesPrepared(
  'login',
  async ({ email, password }, { services, actor, now }) => {
    const place = placeKey(email, actor.address);
    const isKnown = await services.stores.knownPlaces.isKnown(place, now - placesFor);
    const counted = isKnown ? place : emailKey(email);
    await services.transaction(async ({ attempts }) => {
      await demandPatience(attempts, addressKey(actor.address), now);
      await countFailure(attempts, counted, emailRule, now);
    });
    const found = await services.stores.members.byEmail(email);
    const matches = await services.passwords.matches(password, found?.passwordHash ?? null);
    return { member: found?.member ?? null, matches, counted };
  },
  async (input, context, { member, matches, counted }) => {
    const { stores, now, actor } = context;
    const { email } = input;
    if (member === null) context.note({ stranger: { address: email } });
    else context.note({ by: { organization: member.organization, member: member.id } });
    const door = await closedDoor(stores, email);
    const opens = member !== null && matches && isActive(member, now);
    // Whether the password was right is not said, nor who is let through.
    if (door !== null && (keepsOut(door, member) || (!opens && member?.organization === door.organization))) {
      await countFailure(stores.attempts, addressKey(actor.address), addressRule, now);
      return new Refused(singleSignOnDemanded(door));
    }
    if (!opens) {
      await countFailure(stores.attempts, addressKey(actor.address), addressRule, now);
      return new Refused(
        new Failure('invalid_credentials', 'The e-mail address or the password is not right.', {
          fix: 'Check both. If the password is lost, an admin can make a link for a new one.',
        }),
      );
    }
    await context.enter(member.organization);
    if (member.hasSecondFactor) {
      if (!isGiven(input)) return new Refused(secondFactorRequired());
      if (!(await provesSecond(context, member, input))) {
        await countFailure(stores.attempts, addressKey(actor.address), addressRule, now);
        return new Refused(wrongSecond(input));
      }
    }
    await stores.attempts.clear(counted);
    await stores.attempts.clear(addressKey(actor.address));
    await stores.knownPlaces.remember(placeKey(email, actor.address), now);
    const how = { ...here, method: 'password', secondFactor: member.hasSecondFactor } as const;
    return welcome(context, member.organization, member.id, how);
  },
);

export const refresh = handles('refresh', async ({ refreshToken }, context) => {
  const { stores, services, now } = context;
  const hash = hashOf(refreshToken);
  const known = await stores.signIns.byRefresh(hash, now);
  if (known === null) throw signInAgain('This sign-in has ended.');
  const { organization, member, id } = known;
  await context.enter(organization);
  context.note({ by: { organization, member } });
  const security = await readSecurity(stores.settings, organization);
  const limits = sessionLimits(services.lifetimes, security);
  const endsAt = Math.min(known.expiresAt, known.createdAt + limits.whole);
  if (endsAt <= now) return endedNow(context, known, 'This sign-in has lasted as long as your organization allows.');
  const { pair, shown } = makePair(services, limits, now, endsAt);
  const rotation = await stores.signIns.rotate(hash, pair, now, graceMs);
  if (rotation.result === 'unknown') throw signInAgain('This sign-in has ended.');
  if (rotation.result === 'reused') {
    context.changed('sign-ins', id);
    return new Refused(signInAgain('This refresh token was used before, so its sign-in has been ended for safety.'));
  }
  const owner = await stores.members.byId(organization, member);
  if (owner === null || !isActive(owner, now)) throw signInAgain('This sign-in has ended.');
  if (known.method !== 'provider' && keepsOut(await closedDoor(stores, owner.email), owner)) {
    return endedNow(context, known, 'Your organization demands single sign-on now.');
  }
  // What was answered first has stopped working.
  if (rotation.result === 'replaced') context.changed('sign-ins', id);
  return shown;
});

async function endedNow(context: Context, { organization, id }: SignIn, why: string): Promise<Refused> {
  const { stores, now } = context;
  await stores.signIns.revoke(organization, id, now);
  context.changed('sign-ins', id);
  return new Refused(signInAgain(why));
}

export const logout = handles('logout', async (_, context) => {
  const { stores, caller, actor, now } = context;
  if (actor.signIn === null) return undefined;
  await stores.signIns.revoke(caller.organization, actor.signIn, now);
  context.note({ subject: actor.signIn });
  context.changed('sign-ins', actor.signIn);
  return undefined;
});

export const me = handles('me', async (_, { stores, services, caller, actor, now }) => {
  const member = await stores.members.byId(caller.organization, caller.member);
  const organization = await stores.organizations.byId(caller.organization);
  if (member === null || organization === null) throw new Failure('unauthenticated', 'This sign-in has ended.');
  const security = await readSecurity(stores.settings, caller.organization);
  const { whole } = sessionLimits(services.lifetimes, security);
  const signIn = actor.signIn === null ? null : await stores.signIns.byId(caller.organization, actor.signIn, now);
  const underway = await stores.impersonations.underwayOf(caller.organization, caller.member, now);
  const acting = underway.find(({ id }) => id === caller.actedBy?.impersonation) ?? null;
  return {
    secondFactor: {
      isSetUp: member.hasSecondFactor,
      // Shown elsewhere in this sign-in, it need not be set up here.
      isRequired: security.requireSecondFactor && signIn?.secondFactor !== true,
      recoveryCodesLeft: await stores.secondFactors.recoveryCodesLeft(member.id),
      hasAuthenticator: member.hasAuthenticator,
      passkeys: member.passkeys,
    },
    signIn: signIn && {
      endsAt: rfc3339(Math.min(signIn.expiresAt, signIn.createdAt + whole)),
      idleSeconds: security.idleMinutes === null ? null : security.idleMinutes * 60,
    },
    actedBy: acting && showImpersonation(acting, now),
    impersonations: underway.map((one) => showImpersonation(one, now)),
    member: showMember(member, now),
    organization: { id: organization.id, name: organization.name, runsHub: organization.runsHub },
    permissions: permissions.filter((permission) => permits(caller, permission)),
  };
});

export const changePassword = handlesPrepared(
  'changePassword',
  async ({ current, password }, { services, caller, now }) => {
    await services.transaction(({ attempts }) => countFailure(attempts, memberKey(caller.member), emailRule, now));
    const { stores, passwords } = services;
    const stored = await stores.members.passwordHash(caller.organization, caller.member);
    if (!(await passwords.matches(current, stored))) return null;
    const member = await stores.members.byId(caller.organization, caller.member);
    await demandGoodPassword(password, [caller.email, member?.name ?? '']);
    return passwords.hash(password);
  },
  async (_, context, passwordHash) => {
    const { stores, caller, actor, now } = context;
    context.note({ subject: caller.member });
    if (passwordHash === null) {
      return new Refused(new Failure('invalid_params', 'current: this is not the current password.'));
    }
    await stores.attempts.clear(memberKey(caller.member));
    await stores.members.setPassword(caller.organization, caller.member, passwordHash);
    await stores.signIns.revokeAllOf(caller.organization, caller.member, now, actor.signIn ?? undefined);
    context.changed('members', caller.member);
    return undefined;
  },
);

/** Hashing is dear, and two of them at once are all there may be: only who holds a good link gets one. */
async function hashForLink({ link, password, email, name }: ChosenPassword, { services, now }: Asked): Promise<string> {
  const { stores } = services;
  const found = await stores.links.find(hashOf(link), now);
  if (found === null) throw badLink();
  const owner = await ownerOf(found, stores.members);
  await demandGoodPassword(password, [owner?.email ?? email ?? '', owner?.name ?? name ?? '']);
  return services.passwords.hash(password);
}

interface ChosenPassword {
  readonly link: string;
  readonly password: string;
  /** Of the first admin, who says so with the password. */
  readonly email?: string;
  readonly name?: string;
}

async function welcome(context: Context, organization: OrganizationId, member: MemberId, how: HowSignedIn) {
  context.note({ by: { organization, member }, subject: member, detail: { method: how.method } });
  context.changed('members', member);
  return startSignIn(context, organization, member, how);
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
