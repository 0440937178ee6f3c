import { refuse } from '../outcome.ts';
import type { Judge, Stage } from '../stage.ts';

/** What was shut away after something went wrong stays so until somebody looked at it. */
const call: Judge = ({ message }, facts) => {
  if (message.kind !== 'request') return null;
  const tool = message.method === 'tools/call' ? (facts.bareName ?? message.target) : null;
  const why = facts.message.quarantine(tool);
  return why === null ? null : refuse('refused_by_policy', why);
};

export const quarantine: Stage = {
  name: 'quarantine',
  decides: 'whether the tool or the conversation was shut away',
  layers: ['hub', 'workstation'],
  call,
};
