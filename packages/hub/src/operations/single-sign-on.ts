// Signing in with an identity provider. What is under way lies in the database under the hash of what only the browser that
// began it knows: any hub can go on with it, nobody else can, and nobody can be made to finish what another began.
import { Failure } from '@mcpvault/domain/failure';
import { type Assertion, domainOf, givenBy, readAssertion, welcome } from '@mcpvault/domain/identity/identity-provider';
import type { IdentityProviderId, MemberId } from '@mcpvault/domain/ids';
import type { IdentityProvider } from '@mcpvault/store/identity-providers-store';
import { isActive, type Member } from '@mcpvault/store/members-store';
import type { SignInState } from '@mcpvault/store/sign-in-states-store';
import { z } from 'zod';
import { hashOf, makeCredential } from '../auth/credential.ts';
import { addressKey, addressRule, countFailure, demandPatience, emailRule, memberKey } from '../auth/lockout.ts';
import { secondFactorRequired } from '../auth/second-factor.ts';
import { isGiven, provesSecond, type SecondStep, wrongSecond } from '../auth/second-step.ts';
import { type SignedIn, startSignIn } from '../auth/sign-in.ts';
import { closedDoor } from '../auth/single-sign-on/closed-door.ts';
import { openProvider } from '../auth/single-sign-on/open-provider.ts';
import { readSecurity } from '../security-settings.ts';
import { type Asked, type Context, handles, handlesPrepared, Refused } from './handler.ts';
import { rfc3339 } from './times.ts';

const flowFor = 600_000;

export const signInOptions = handles('signInOptions', async ({ email }, { stores, services }) => {
  const domain = email === undefined ? null : domainOf(email.trim());
  const providers =
    domain === null ? await ofOnlyOrganization(stores) : await stores.identityProviders.forDomain(domain);
  return {
    password: email === undefined || (await closedDoor(stores, email)) === null,
    passkeys: services.relyingParty?.id ?? null,
    providers: providers.map(({ id, name }) => ({ id, name })),
    url: services.url,
  };
});

/** Where there is one organization, its providers are no secret and its members need not write their address first. */
async function ofOnlyOrganization({ organizations, identityProviders }: Context['stores']) {
  const [only, ...others] = await organizations.all();
  if (only === undefined || others.length > 0) return [];
  return (await identityProviders.list(only.id)).filter(({ enabled }) => enabled);
}

export const startProviderSignIn = handlesPrepared(
  'startProviderSignIn',
  async ({ id, link }, { services, actor, now }) => {
    await demandPatience(services.stores.attempts, addressKey(actor.address), now);
    const provider = await enabledProvider(services.stores, id);
    if (link !== undefined) await demandInvitation(services.stores, provider, link, now);
    const flow = services.signInProviders.newFlow();
    const url = await services.signInProviders.authorize(openProvider(services.sealer, provider, services.url), flow);
    return { provider, flow, url };
  },
  async ({ id, link }, { stores, services, now }, { provider, flow, url }) => {
    const secret = makeCredential('link', services.ambient.random);
    const hash = hashOf(secret);
    const kept = JSON.stringify({ provider: id, flow, link: link ?? null });
    const { key, sealed } = services.sealer.seal(provider.organization, about(hash), Buffer.from(kept));
    const { organization } = provider;
    const detail = { key, sealed: sealed.toString('base64') };
    const expiresAt = now + flowFor;
    await stores.signInStates.keep({ hash, purpose: 'provider', organization, member: null, detail, expiresAt });
    return { url, flow: secret, expiresAt: rfc3339(expiresAt) };
  },
);

/** What the provider said, or what was proven before and lacks a second factor. */
type Arrived =
  | { readonly assertion: Assertion; readonly link: string | null }
  | { readonly proven: SignInState; readonly detail: z.output<typeof provenShape> };

export const finishProviderSignIn = handlesPrepared(
  'finishProviderSignIn',
  async (input, asked): Promise<{ readonly provider: IdentityProvider; readonly arrived: Arrived }> => {
    const { services, actor, now } = asked;
    await demandPatience(services.stores.attempts, addressKey(actor.address), now);
    const provider = await enabledProvider(services.stores, input.id);
    const hash = hashOf(input.flow);
    const proven = isGiven(input) ? await services.stores.signInStates.find(hash, 'proven', now) : null;
    if (proven === null) return { provider, arrived: await redeemed(provider, hash, input.parameters, asked) };
    const detail = provenShape.parse(proven.detail);
    if (detail.provider !== provider.id || proven.member === null) throw lost();
    const { member } = proven;
    await services.transaction(({ attempts }) => countFailure(attempts, memberKey(member), emailRule, now));
    return { provider, arrived: { proven, detail } };
  },
  async (input, context, { provider, arrived }) => {
    if ('proven' in arrived) return finishProven(input, context, provider, arrived);
    const { assertion, link } = arrived;
    const { organization } = provider;
    context.note({ by: { organization, member: provider.id }, detail: { method: 'provider', provider: provider.id } });
    const admitted = await admit(context, provider, assertion, link);
    if (admitted instanceof Refused) {
      await countFailure(context.stores.attempts, addressKey(context.actor.address), addressRule, context.now);
      return admitted;
    }
    context.note({ by: { organization, member: admitted.id }, subject: admitted.id });
    await context.enter(organization);
    await applyGroups(context, provider, admitted, assertion);
    const secondFactor = assertion.secondFactor || provider.rules.trustSecondFactor;
    const session = assertion.session;
    if (secondFactor || !admitted.hasSecondFactor)
      return enter(context, provider, admitted.id, { session, secondFactor });
    const detail: z.input<typeof provenShape> = { provider: provider.id, session };
    const hash = hashOf(input.flow);
    const expiresAt = context.now + flowFor;
    const proven = { hash, purpose: 'proven' as const, organization, member: admitted.id, detail, expiresAt };
    await context.stores.signInStates.keep(proven);
    return new Refused(secondFactorRequired());
  },
);

export const backchannelLogout = handlesPrepared(
  'backchannelLogout',
  async ({ id, logout_token: token }, { services }) => {
    const provider = await enabledProvider(services.stores, id);
    const opened = openProvider(services.sealer, provider, services.url);
    return { provider, ended: await services.signInProviders.endedBy(opened, token) };
  },
  async (_, context, { provider, ended }) => {
    const { stores, now } = context;
    const { id, organization } = provider;
    await context.enter(organization);
    context.note({ by: { organization, member: id } });
    const hash = hashOf(`${id} ${ended.token}`);
    const heeded = {
      hash,
      purpose: 'ended' as const,
      organization,
      member: null,
      detail: null,
      expiresAt: ended.staleAt,
    };
    if (!(await stores.signInStates.keep(heeded))) {
      throw new Failure('invalid_request', 'This logout token was heeded before.');
    }
    const identity = ended.subject === null ? null : await stores.identityProviders.identity(id, ended.subject);
    const member = identity?.member ?? null;
    const which = ended.session !== null ? { session: ended.session } : member && { member };
    const signIns = which === null ? [] : await stores.signIns.revokeFrom(id, which, now);
    for (const signIn of signIns) context.changed('sign-ins', signIn);
    context.note({ ...(identity && { subject: identity.member }), detail: { signIns } });
    return { ended: signIns.length };
  },
);

const keptShape = z.object({ key: z.string(), sealed: z.string() });
const flowShape = z.object({
  provider: z.string(),
  flow: z.object({ state: z.string(), nonce: z.string(), verifier: z.string() }),
  link: z.string().nullable(),
});
const provenShape = z.object({ provider: z.string(), session: z.string().nullable() });

/** Takes what was kept, so that it is good once whatever comes of it, and asks the provider who came back. */
async function redeemed(provider: IdentityProvider, hash: Buffer, parameters: string, { services, now }: Asked) {
  const state = await services.stores.signInStates.take(hash, 'provider', now);
  if (state === null || state.organization !== provider.organization) throw lost();
  const { key, sealed } = keptShape.parse(state.detail);
  const opened = services.sealer.open(provider.organization, about(hash), key, Buffer.from(sealed, 'base64'));
  const kept = flowShape.parse(JSON.parse(opened.toString('utf8')));
  if (kept.provider !== provider.id) throw lost();
  const open = openProvider(services.sealer, provider, services.url);
  const claims = await services.signInProviders.redeem(open, kept.flow, parameters);
  const assertion = readAssertion(claims, provider.rules);
  if (assertion === null) throw new Failure('upstream_invalid', 'The identity provider did not say who signed in.');
  return { assertion, link: kept.link };
}

/** Who this is here: somebody known, somebody invited, or somebody whose address is enough. */
async function admit(
  context: Context,
  provider: IdentityProvider,
  assertion: Assertion,
  link: string | null,
): Promise<Member | Refused> {
  const { stores, now } = context;
  const { organization } = provider;
  const identity = await stores.identityProviders.identity(provider.id, assertion.subject);
  if (identity !== null) {
    await stores.identityProviders.used(provider.id, assertion.subject, now);
    const known = await stores.members.byId(organization, identity.member);
    return known === null || !isActive(known, now) ? refused('This account cannot be used here.') : known;
  }
  if (link !== null) return acceptInvitation(context, provider, assertion, link);
  const found = assertion.email === null ? null : await stores.members.byEmail(assertion.email);
  const said = welcome(assertion, provider.rules, found && standing(found.member, provider, now));
  if (said.what === 'refuse') return refused(said.why);
  if (said.what === 'link' && found !== null) {
    context.note({ detail: { method: 'provider', provider: provider.id, linked: true } });
    return linked(context, provider, assertion, found.member.id);
  }
  const id = context.services.ambient.ids.next('mem');
  const given = assertion.groups === 'too-many' ? null : givenBy(assertion.groups, provider.rules).role;
  const role = given ?? provider.rules.role;
  const name = assertion.name ?? said.email;
  await stores.members.create({ id, organization, email: said.email, name, role, passwordHash: null, createdAt: now });
  context.note({ detail: { method: 'provider', provider: provider.id, created: true } });
  return linked(context, provider, assertion, id);
}

function standing(member: Member, { organization }: IdentityProvider, now: number) {
  return {
    isOurs: member.organization === organization,
    // A service account never signs in.
    isDisabled: !isActive(member, now) || member.kind === 'service',
    isLinked: member.isLinked,
  };
}

/** Whoever holds an invitation says themselves who they are at the provider. */
async function acceptInvitation(
  context: Context,
  provider: IdentityProvider,
  assertion: Assertion,
  secret: string,
): Promise<Member | Refused> {
  const { stores, now } = context;
  const link = await stores.links.use(hashOf(secret), now);
  const invited = link?.purpose === 'invite' && link.organization === provider.organization ? link.member : null;
  const member = invited && (await stores.members.byId(provider.organization, invited));
  if (!member || !isActive(member, now) || member.isLinked || member.hasSecondFactor) {
    return refused('This invitation has been used, or is too old.');
  }
  await stores.links.revokeOf(provider.organization, member.id);
  context.note({ detail: { method: 'provider', provider: provider.id, invited: true } });
  return linked(context, provider, assertion, member.id);
}

async function linked(
  context: Context,
  { id: provider, organization }: IdentityProvider,
  { subject }: Assertion,
  member: MemberId,
): Promise<Member> {
  const { stores, now } = context;
  await stores.identityProviders.link({ organization, provider, subject, member }, now);
  const found = await stores.members.byId(organization, member);
  if (found === null) throw new Error('a member that was just linked is not there');
  return found;
}

async function applyGroups(context: Context, provider: IdentityProvider, member: Member, { groups }: Assertion) {
  const { stores } = context;
  const { organization, rules } = provider;
  if (rules.mappings.length === 0) return;
  if (groups === 'too-many') {
    throw new Failure('upstream_invalid', 'The identity provider left your groups out, because there are too many.', {
      fix: 'Have it send only the groups that are assigned to this application.',
    });
  }
  const { role, join, leave } = givenBy(groups, rules);
  for (const team of join) if (await stores.teams.join(organization, team, member.id)) context.changed('teams', team);
  for (const team of leave) if (await stores.teams.leave(organization, team, member.id)) context.changed('teams', team);
  if (role === null || role === member.role) return;
  const { breakGlass } = await readSecurity(stores.settings, organization);
  // Who is to get in when the provider fails keeps what they have, and so does the last admin.
  const isNeeded = member.role === 'admin' && (await stores.members.countOtherAdmins(organization, member.id)) === 0;
  if (isNeeded || breakGlass.includes(member.id)) return;
  await stores.members.update(organization, member.id, { role });
  context.note({ detail: { method: 'provider', provider: provider.id, role } });
}

async function finishProven(
  input: SecondStep & { readonly flow: string },
  context: Context,
  provider: IdentityProvider,
  { proven, detail }: Extract<Arrived, { readonly proven: unknown }>,
): Promise<SignedIn | Refused> {
  const { stores, now, actor } = context;
  const { organization } = provider;
  await context.enter(organization);
  const member = proven.member && (await stores.members.byId(organization, proven.member));
  if (!member || !isActive(member, now)) throw lost();
  const noted = { method: 'provider', provider: provider.id };
  context.note({ by: { organization, member: member.id }, subject: member.id, detail: noted });
  if (!(await provesSecond(context, member, input))) {
    await countFailure(stores.attempts, addressKey(actor.address), addressRule, now);
    return new Refused(wrongSecond(input));
  }
  if ((await stores.signInStates.take(proven.hash, 'proven', now)) === null) throw lost();
  return enter(context, provider, member.id, { session: detail.session, secondFactor: true });
}

async function enter(
  context: Context,
  { id: provider, organization }: IdentityProvider,
  member: MemberId,
  { session, secondFactor }: { readonly session: string | null; readonly secondFactor: boolean },
): Promise<SignedIn> {
  const { stores, actor } = context;
  await stores.attempts.clear(addressKey(actor.address));
  await stores.attempts.clear(memberKey(member));
  context.changed('members', member);
  const how = { method: 'provider', provider, providerSession: session, secondFactor } as const;
  return startSignIn(context, organization, member, how);
}

async function enabledProvider(stores: Context['stores'], id: IdentityProviderId): Promise<IdentityProvider> {
  const provider = await stores.identityProviders.anyById(id);
  const organization = provider?.enabled ? await stores.organizations.byId(provider.organization) : null;
  if (provider && organization && organization.suspendedAt === null) return provider;
  throw new Failure('not_found', 'There is no such identity provider.');
}

async function demandInvitation(stores: Context['stores'], provider: IdentityProvider, secret: string, now: number) {
  const link = await stores.links.find(hashOf(secret), now);
  if (link?.purpose === 'invite' && link.organization === provider.organization) return;
  throw new Failure('not_found', 'This invitation has been used, or is too old.', {
    fix: 'Ask an admin for a new one.',
  });
}

function refused(why: string): Refused {
  return new Refused(
    new Failure('forbidden', why, {
      fix: 'Ask an admin of your organization to invite you, or to look at its audit log.',
    }),
  );
}

function lost(): Failure {
  return new Failure('unauthenticated', 'This sign-in was begun in another browser, is finished, or took too long.', {
    fix: 'Begin again from the sign-in page.',
  });
}

function about(hash: Buffer): string {
  return `sign-in under way ${hash.toString('hex')}`;
}
