// Before somebody signed in changes what they sign in with, they show once more that it is them: whoever found an open
// browser, or stole an access token, cannot make themselves at home.
import { Failure } from '@mcpvault/domain/failure';
import type { Asked, Context } from '../operations/handler.ts';
import { countFailure, emailRule, memberKey } from './lockout.ts';
import { isGiven, provesSecond, type SecondStep, wrongSecond } from './second-step.ts';

export interface ProofOfSelf extends SecondStep {
  readonly password?: string | undefined;
}

/** Of somebody with nothing else to show, a sign-in this young is proof, in milliseconds. */
const fresh = 600_000;

/** Outside the transaction: counts the attempt before it is looked at, and compares the password where one is given. */
export async function preparedProof({ password, ...second }: ProofOfSelf, { services, caller, now }: Asked) {
  if (password === undefined && !isGiven(second)) return false;
  await services.transaction(({ attempts }) => countFailure(attempts, memberKey(caller.member), emailRule, now));
  if (password === undefined) return false;
  const stored = await services.stores.members.passwordHash(caller.organization, caller.member);
  return services.passwords.matches(password, stored);
}

/** null when it is them. The failure is to be answered with `Refused`, so that what was used up stays so. */
export async function lackOfProof(
  context: Context,
  given: ProofOfSelf,
  passwordMatches: boolean,
): Promise<Failure | null> {
  const { stores, caller, actor, now } = context;
  const member = await stores.members.byId(caller.organization, caller.member);
  if (member === null) throw new Failure('unauthenticated', 'This sign-in has ended.');
  if (member.hasSecondFactor) {
    if (!isGiven(given)) return new Failure('invalid_params', 'code: show your second factor once more.');
    if (!(await provesSecond(context, member, given))) {
      const { message, details } = wrongSecond(given);
      return new Failure('invalid_params', message, details);
    }
  } else if (member.hasPassword) {
    if (!passwordMatches) return new Failure('invalid_params', 'password: this is not your password.');
  } else {
    const signIn = actor.signIn === null ? null : await stores.signIns.byId(caller.organization, actor.signIn, now);
    if (signIn === null || signIn.createdAt + fresh < now) {
      return new Failure('forbidden', 'This needs a sign-in of the last ten minutes.', {
        fix: 'Sign out, sign in again, and come back.',
      });
    }
  }
  await stores.attempts.clear(memberKey(caller.member));
  return null;
}
