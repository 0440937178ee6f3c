import { Failure } from '@mcpvault/domain/failure';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import type { MemberId } from '@mcpvault/domain/ids';
import { readSecurity, type Security, writeSecurity } from '../security-settings.ts';
import { type Context, handles } from './handler.ts';
import { demandNoMore } from './roles.ts';

export const getSecurity = handles('getSecurity', async (_, { stores, caller }) =>
  readSecurity(stores.settings, caller.organization),
);

export const updateSecurity = handles('updateSecurity', async (given, context) => {
  const { stores, caller, now } = context;
  const before = await readSecurity(stores.settings, caller.organization);
  const left = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const security: Security = { ...before, ...left, breakGlass: [...new Set(given.breakGlass ?? before.breakGlass)] };
  await demandOwnSecondFactor(context, security);
  if (security.requireSingleSignOn || before.requireSingleSignOn) {
    // Who decides who passes without single sign-on could let themselves be anybody.
    demandNoMore(caller, builtInRoles.admin.permissions);
  }
  if (security.requireSingleSignOn) await demandWayIn(context, security.breakGlass);
  await writeSecurity(stores.settings, caller.organization, security, now);
  context.note({ subject: caller.organization, detail: { ...security } });
  context.changed('organization', caller.organization);
  return { ...security, breakGlass: [...security.breakGlass] };
});

async function demandOwnSecondFactor({ stores, caller, actor, now }: Context, { requireSecondFactor }: Security) {
  if (!requireSecondFactor) return;
  const own = await stores.members.byId(caller.organization, caller.member);
  const signIn = actor.signIn && (await stores.signIns.byId(caller.organization, actor.signIn, now));
  if (own?.hasSecondFactor === true || (signIn && signIn.secondFactor)) return;
  throw new Failure('conflict', 'You would lock yourself out: you have no second factor yet.', {
    fix: 'Set up an authenticator or a passkey on your account page first.',
  });
}

/** Somewhere to sign in, and somebody who gets in when that is away. */
async function demandWayIn({ stores, caller }: Context, breakGlass: readonly MemberId[]): Promise<void> {
  const providers = await stores.identityProviders.list(caller.organization);
  if (!providers.some(({ enabled, rules }) => enabled && rules.domains.length > 0)) {
    throw new Failure('conflict', 'No identity provider speaks for an e-mail domain yet.', {
      fix: 'Add one, with the domains of your members, and try to sign in with it.',
    });
  }
  let waysIn = 0;
  for (const id of breakGlass) {
    const member = await stores.members.byId(caller.organization, id);
    if (member === null) throw new Failure('not_found', 'There is no such member.');
    if (member.role !== 'admin') {
      throw new Failure('invalid_params', `breakGlass: ${member.email} is no admin.`);
    }
    if (member.disabledAt === null && (member.hasPassword || member.passkeys > 0)) waysIn += 1;
  }
  if (waysIn > 0) return;
  throw new Failure('conflict', 'If the identity provider were away, nobody could get in.', {
    fix: 'Name at least one admin with a password or a passkey who may sign in without it.',
  });
}
