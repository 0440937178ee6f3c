import { exceededDetails, exceededText } from '../../limits/exceeded.ts';
import { refuse } from '../outcome.ts';
import type { Judge, Stage } from '../stage.ts';

/** Size and depth were bounded while reading; here it is about room for one more call, by
 * every limit, and for one more record. */
const call: Judge = (exchange, facts) => {
  if (!facts.recording) {
    return refuse(
      'record_unavailable',
      'calls cannot be recorded right now, and none is let through unrecorded; somebody should look at the disk, and at a hub also at its database',
    );
  }
  if (exchange.message.kind === 'request' && facts.underway >= facts.maxUnderway) {
    return refuse(
      'busy',
      `${facts.underway} of your calls are under way, which is as many as may be; try again when one is done`,
    );
  }
  if (facts.exceeded === null) return null;
  const refusal = { code: 'rate_limited', reason: exceededText(facts.exceeded), policy: null } as const;
  return { kind: 'refuse', refusal: { ...refusal, details: exceededDetails(facts.exceeded) } };
};

export const limit: Stage = {
  name: 'limit',
  decides: 'whether there is room for it: rates and quotas, calls under way, the record',
  // A workstation counts no calls, but has a record as well.
  layers: ['hub', 'workstation'],
  call,
};
