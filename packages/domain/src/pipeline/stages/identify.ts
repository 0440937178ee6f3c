import { principalOf } from '../../identity/caller.ts';
import { refuse } from '../outcome.ts';
import type { Judge, Stage } from '../stage.ts';

/** Every message proves anew who sends it, and that it is who opened the conversation: a session id proves nothing. */
const call: Judge = (_exchange, facts) => {
  if (facts.caller === null) {
    return refuse(
      'unauthenticated',
      'this token is unknown, expired or revoked; make a new one in the console under Tokens',
    );
  }
  if (facts.owner !== null && facts.owner !== principalOf(facts.caller)) {
    return refuse('session_not_found', 'there is no such session; start a new one with initialize');
  }
  return null;
};

export const identify: Stage = {
  name: 'identify',
  decides: 'who is calling, and whether the conversation is theirs',
  layers: ['hub', 'workstation'],
  call,
};
