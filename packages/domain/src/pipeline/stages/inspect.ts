import { type Exchange } from '../exchange.ts';
import type { Reading } from '../../inspection/injection/find-injections.ts';
import { TooManyFindings } from '../../inspection/scanner.ts';
import { refuse } from '../outcome.ts';
import type { Judge, Stage } from '../stage.ts';

/** Each finding becomes an edit and a part of the record; so many in one message serve nobody but who wants to stall us. */
export const mostFindings = 50_000;

/** Detectors only look; policies decide. None runs that no policy asks for. */
const look: Judge = (exchange, facts) => {
  if (facts.policies === null) return null;
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

/** Whose answers say what there is, and so are read by models as what they may do. */
const definitions: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);

/** What of a message a model reads or wrote; null when there is nothing of the kind in it. */
function readingOf({ direction, message, answers }: Exchange): Reading | null {
  const { params, result, error } = message;
  const span = result ?? error ?? (direction === 'call' ? (message.marks.arguments ?? params) : params);
  if (span === null) return null;
  const isDefinition = direction === 'result' && definitions.has(answers?.method ?? '');
  return { channel: isDefinition ? 'description' : direction === 'call' ? 'prompt' : 'result', ...span };
}

export const inspect: Stage = {
  name: 'inspect',
  decides: 'what the detectors see in arguments and results',
  layers: ['hub', 'workstation'],
  call: look,
  result: look,
};
