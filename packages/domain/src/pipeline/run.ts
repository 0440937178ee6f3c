// The runner: asks the stages of the table in order and puts their outcomes together. It alone decides what happens when a
// stage throws: the message is refused.
import type { Finding } from '../inspection/finding.ts';
import { combineEdits } from '../redaction/combine-edits.ts';
import type { Edit } from '../redaction/edit.ts';
import type { Exchange, Facts } from './exchange.ts';
import type { Judgement, Refusal, Verdict } from './outcome.ts';
import type { Judge, Stage } from './stage.ts';

const none: readonly never[] = [];
const unchanged: Verdict = { refusal: null, edits: none, findings: none, judgement: null };

/** Told about a stage that threw, so that the bug is logged; the message is refused whatever it does. */
export type OnBug = (stage: string, error: unknown) => void;

export interface Pipeline {
  judge(exchange: Exchange, facts: Facts): Verdict;
}

export function createPipeline(stages: readonly Stage[], onBug: OnBug): Pipeline {
  const columns = { call: column(stages, 'call'), result: column(stages, 'result') };
  return {
    judge: (exchange, facts) => run(columns[exchange.direction], exchange, facts, onBug),
  };
}

interface Step {
  readonly name: string;
  readonly judge: Judge;
}

function column(stages: readonly Stage[], direction: 'call' | 'result'): readonly Step[] {
  return stages.flatMap((stage) => {
    const judge = stage[direction];
    return judge === undefined ? [] : [{ name: stage.name, judge }];
  });
}

function run(steps: readonly Step[], exchange: Exchange, facts: Facts, onBug: OnBug): Verdict {
  let findings: readonly Finding[] = none;
  let edits: readonly Edit[] = none;
  let judgement: Judgement | null = null;
  for (const step of steps) {
    let outcome: ReturnType<Judge>;
    try {
      outcome = step.judge(exchange, facts, findings);
    } catch (error) {
      onBug(step.name, error);
      return refused(
        { code: 'internal', reason: `the ${step.name} stage failed; the message was not let through`, policy: null },
        findings,
        judgement,
      );
    }
    if (outcome === null) continue;
    if (outcome.kind === 'refuse') return refused(outcome.refusal, findings, judgement);
    if (outcome.kind === 'judged') {
      const { trace, hold, effects } = outcome;
      judgement = { trace, hold, effects };
      if (outcome.refusal !== null) return refused(outcome.refusal, findings, judgement);
    }
    if (outcome.kind === 'findings')
      findings = findings.length === 0 ? outcome.findings : [...findings, ...outcome.findings];
    else if (outcome.edits.length > 0) edits = edits.length === 0 ? outcome.edits : [...edits, ...outcome.edits];
  }
  if (edits.length === 0 && findings.length === 0 && judgement === null) return unchanged;
  return { refusal: null, edits: combineEdits(edits), findings, judgement };
}

function refused(refusal: Refusal, findings: readonly Finding[], judgement: Judgement | null): Verdict {
  return { refusal, edits: none, findings, judgement };
}
