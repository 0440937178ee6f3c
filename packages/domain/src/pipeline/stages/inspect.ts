import type { Judge, Stage } from '../stage.ts';

/** Detectors only look; policies decide. None runs that no policy asks for. */
const look: Judge = (exchange, facts) => {
  if (facts.policies === null) return null;
  const findings = facts.policies.inspector.inspect(exchange.message.raw, exchange.message.text);
  return findings.length === 0 ? null : { kind: 'findings', findings };
};

export const inspect: Stage = {
  name: 'inspect',
  decides: 'what the detectors see in arguments and results',
  layers: ['hub', 'workstation'],
  call: look,
  result: look,
};
