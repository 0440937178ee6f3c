import { Failure } from '@mcpvault/domain/failure';
import { countFailure, emailRule, memberKey } from '../auth/lockout.ts';
import { newEnrolment, newRecoveryCodes, proves } from '../auth/second-factor.ts';
import { type Asked, type Context, handles, handlesPrepared, Refused } from './handler.ts';
import { memberOf } from './members.ts';
import { demandNoMore } from './roles.ts';

export const startSecondFactor = handles('startSecondFactor', async (_, context) => {
  const { stores, services, caller, now } = context;
  const { organization, member, email } = caller;
  const enrolment = newEnrolment(
    { sealer: services.sealer, random: services.ambient.random },
    { organization, member, email },
  );
  if (!(await stores.secondFactors.begin(member, enrolment.sealed, now))) {
    throw new Failure('conflict', 'An authenticator is set up already.', {
      fix: 'Remove it first, with one of its codes.',
    });
  }
  context.note({ subject: member });
  return { secret: enrolment.secret, uri: enrolment.uri };
});

export const confirmSecondFactor = handlesPrepared('confirmSecondFactor', countGuess, async ({ code }, context) => {
  const { stores, services, caller, now } = context;
  const { member } = caller;
  context.note({ subject: member });
  const known = await stores.secondFactors.of(member);
  if (known === null) throw new Failure('conflict', 'No authenticator was begun.', { fix: 'Begin with its secret.' });
  if (known.isConfirmed) throw new Failure('conflict', 'An authenticator is set up already.');
  if (!(await proves(factorOf(context), code))) return wrongCode();
  const { shown, hashes } = newRecoveryCodes(services.ambient.random);
  await stores.secondFactors.confirm(member, now);
  await stores.secondFactors.setRecoveryCodes(member, hashes);
  await stores.attempts.clear(memberKey(caller.member));
  context.changed('members', member);
  return { recoveryCodes: shown };
});

export const removeSecondFactor = handlesPrepared('removeSecondFactor', countGuess, async ({ code }, context) => {
  const { stores, caller } = context;
  context.note({ subject: caller.member });
  if (!(await proves(factorOf(context), code))) return wrongCode();
  await stores.secondFactors.remove(caller.member);
  if ((await stores.passkeys.of(caller.member)).length === 0) {
    await stores.secondFactors.setRecoveryCodes(caller.member, []);
  }
  await stores.attempts.clear(memberKey(caller.member));
  context.changed('members', caller.member);
  return undefined;
});

export const resetSecondFactor = handles('resetSecondFactor', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const member = await memberOf(context, id);
  demandNoMore(caller, member.permissions);
  context.note({ subject: id });
  if (!member.hasSecondFactor) throw new Failure('not_found', 'This member has no second factor.');
  await stores.secondFactors.remove(id);
  await stores.secondFactors.setRecoveryCodes(id, []);
  await stores.passkeys.removeAllOf(id);
  await stores.signIns.revokeAllOf(caller.organization, id, now);
  context.changed('members', id);
  return undefined;
});

/** Counted before it is looked at, like a password. */
function countGuess(_: unknown, { services, caller, now }: Asked): Promise<void> {
  return services.transaction(({ attempts }) => countFailure(attempts, memberKey(caller.member), emailRule, now));
}

function factorOf({ stores, services, caller, now }: Context) {
  const { organization, member } = caller;
  return { sealer: services.sealer, store: stores.secondFactors, organization, member, now };
}

function wrongCode(): Refused {
  return new Refused(
    new Failure('invalid_params', 'code: this is not the current code, or it was used already.', {
      fix: 'Wait for the next one. If it fails again, check the clock of the device with the app.',
    }),
  );
}
