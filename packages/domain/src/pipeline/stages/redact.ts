import { decide } from '../../policy/decide.ts';
import type { Judge, Stage } from '../stage.ts';

/** Turns findings into edits or a refusal, as the policies say. */
const act: Judge = (exchange, facts, findings) => {
  if (facts.policies === null || findings.length === 0) return null;
  const { refusal, edits } = decide(facts.policies, findings, exchange.message.raw);
  if (refusal !== null) return { kind: 'refuse', refusal };
  const kept = edits.filter((edit) => !touchesId(exchange.message.idSpan, edit));
  return kept.length === 0 ? null : { kind: 'edits', edits: kept };
};

/** An id only pairs an answer with its request; changing it would lose the answer, and it goes back to whom it came from. */
function touchesId(id: { start: number; end: number } | null, edit: { start: number; end: number }): boolean {
  return id !== null && edit.start < id.end && id.start < edit.end;
}

export const redact: Stage = {
  name: 'redact',
  decides: 'what policies change in it, or that they refuse it',
  layers: ['hub', 'workstation'],
  call: act,
  result: act,
};
