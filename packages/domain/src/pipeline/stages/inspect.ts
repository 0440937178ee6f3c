import { TooManyFindings } from '../../inspection/scanner.ts';
import { refuse } from '../outcome.ts';
import { readingOf } from '../reading-of.ts';
import type { Judge, Stage } from '../stage.ts';

/** Each finding becomes an edit and a part of the record; so many in one message serve nobody but who wants to stall us. */
export const mostFindings = 50_000;

/** Detectors only look; policies decide. None runs that no policy asks for. */
const look: Judge = (exchange, facts) => {
  if (facts.policies === null || facts.policies.inspector.detectors.length === 0) return null;
  const { raw, text } = exchange.message;
  try {
    const findings = facts.policies.inspector.inspect(raw, text, mostFindings, readingOf(exchange));
    return findings.length === 0 ? null : { kind: 'findings', findings };
  } catch (error) {
    if (!(error instanceof TooManyFindings)) throw error;
    return refuse(
      'refused_by_policy',
      `the message holds more than ${mostFindings} things that policies ask to look at; send it in parts`,
    );
  }
};

export const inspect: Stage = {
  name: 'inspect',
  decides: 'what the detectors see in arguments and results',
  layers: ['hub', 'workstation'],
  call: look,
  result: look,
};
