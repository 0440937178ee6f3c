// What the policies of a scope make of a message: all are asked, and their answers combined by rules that know no order.
// Refuse over hold over edit over allow. Of several that refuse the most severe speaks. Edits that overlap become one, over
// all of their bytes, in the words of the most severe. Pure: what follows besides is listed, and carried out by the host.

import { Budget } from '../expression/budget.ts';
import { messageEnvironment } from '../expression/message-environment.ts';
import type { BoundContext, EvaluationProblem } from '../expression/environment.ts';
import type { MessageValues } from '../expression/message-variables.ts';
import type { PolicyId } from '../ids.ts';
import { detectors } from '../inspection/detector-catalog.ts';
import type { Finding } from '../inspection/finding.ts';
import type { Edit } from '../redaction/edit.ts';
import { actionsOf, reasonOf } from './actions-of.ts';
import type { CompiledPolicy } from './compile.ts';
import { editsOf } from './edits-of.ts';
import type { Effect, Hold, PolicyAlert } from './effect.ts';
import type { Policy } from './policy.ts';
import type { Match, Question } from './question.ts';
import { type SideTrace, writeRuleTrace } from './rule-trace.ts';

export interface PolicyRefusal {
  readonly code: 'refused_by_policy';
  /** The policy's own words. */
  readonly reason: string;
  readonly policy: PolicyId;
  /** The policy's own code for machines, where it has one. */
  readonly details?: { readonly policyCode: string };
}

export interface Decision {
  readonly refusal: PolicyRefusal | null;
  /** Set when nobody refuses but somebody has to say yes first; the edits hold once they did. */
  readonly hold: Hold | null;
  /** Ascending and disjoint; empty when the message is refused. */
  readonly edits: readonly Edit[];
  readonly trace: SideTrace;
  readonly effects: readonly Effect[];
}

export function decide(question: Question): Decision {
  const { compiled, findings } = question;
  if (findings.length === 0 && compiled.quiet !== null) return compiled.quiet;
  const { matches, shadows, rules } = ask(question);
  if (matches.length === 0 && shadows.length === 0) return { ...untouched, trace: { rules } };
  const refusal = refusalOf(matches);
  const hold = refusal === null ? holdOf(matches) : null;
  const { edits, tokens } = refusal === null ? editsOf(question, matches) : noEdits;
  const outcome = refusal !== null ? 'refused' : hold !== null ? 'held' : edits.length > 0 ? 'edited' : 'allowed';
  const alerts = matches.flatMap((match) => alertsOf(match, outcome));
  const tags = tagsOf(matches, 'message');
  const labels = refusal === null ? tagsOf(matches, 'session') : [];
  const would = strongestOf(question, shadows);
  return {
    refusal,
    hold,
    edits,
    trace: {
      rules,
      ...(tags.length > 0 && { tags }),
      ...(alerts.length > 0 && { alerts }),
      ...(would !== null && { would }),
    },
    effects: [
      ...alerts.map((alert) => ({ kind: 'alert', alert }) as const),
      ...(labels.length > 0 ? [{ kind: 'label', labels } as const] : []),
      ...(refusal === null && question.direction === 'result' ? valueLabelsOf(matches) : []),
      ...tokens.map((token) => ({ kind: 'token', ...token, server: question.server }) as const),
      ...quarantinesOf(matches),
    ],
  };
}

const untouched = { refusal: null, hold: null, edits: Object.freeze([]), effects: Object.freeze([]) };
const noEdits = { edits: [], tokens: [] } as const;

/** Every policy of the scope, its answer in the trace, and those whose actions count. */
function ask(question: Question) {
  const matches: Match[] = [];
  const shadows: Match[] = [];
  const rules: string[] = [];
  const { compiled, findings, message } = question;
  let budget: Budget | null = null;
  let bound: BoundContext | null = null;
  for (const one of compiled.policies) {
    const { policy, condition, detectors: wanted, missed } = one;
    const theirs = wanted.size === 0 ? none : findings.filter((finding) => isFor(one, finding));
    if (wanted.size > 0 && theirs.length === 0) {
      rules.push(missed.nothingFound);
      continue;
    }
    let failed: EvaluationProblem | null = null;
    if (condition !== null) {
      budget ??= new Budget(message.raw.length);
      const context = condition.reads.has('findings')
        ? messageEnvironment.bind(withFindings(question.values, theirs))
        : (bound ??= messageEnvironment.bind(question.values));
      const said = condition.evaluate(context, budget);
      if (said.ok && !said.value) {
        rules.push(missed.parts[said.part] ?? missed.nothingFound);
        continue;
      }
      if (!said.ok) failed = said.error;
    }
    const isShadow = policy.mode === 'shadow' || !isSampled(policy, question.caller) || !isPiloted(policy, question);
    // What a message does not have, a rule cannot be about. Whatever else cannot be told counts as if it were so.
    const counts = failed?.kind !== 'absent';
    rules.push(ruleOf(policy, failed, counts, isShadow));
    if (counts) (isShadow ? shadows : matches).push({ policy, findings: theirs });
  }
  return { matches, shadows, rules };
}

const none: readonly Finding[] = Object.freeze([]);

function isFor({ detectors: wanted, policy }: CompiledPolicy, { detector, confidence }: Finding): boolean {
  return wanted.has(detector) && confidence >= policy.threshold;
}

const groups: ReadonlyMap<string, string> = new Map(detectors.map(({ id, group }) => [id, group]));

/** Getters of `values` stay getters: nothing is read that no condition asks for. */
function withFindings(values: MessageValues, findings: readonly Finding[]): MessageValues {
  const shown = findings.map(({ detector, confidence, pointer, inKey }) => ({
    detector,
    group: groups.get(detector) ?? '',
    confidence,
    pointer,
    in_key: inKey,
  }));
  return Object.create(values, { findings: { value: shown, enumerable: true } }) as MessageValues;
}

function ruleOf(policy: Policy, failed: EvaluationProblem | null, counts: boolean, shadow: boolean): string {
  const rule = { policy: policy.id, version: policy.version, shadow };
  const actions = counts ? policy.actions.map(({ type }) => type) : [];
  return writeRuleTrace(
    failed === null ? { ...rule, said: 'matched', actions } : { ...rule, said: 'failed', why: failed.kind, actions },
  );
}

/** The same callers each time, others for each policy. FNV-1a. */
export function isSampled({ id, percentage }: Pick<Policy, 'id' | 'percentage'>, caller: string | null): boolean {
  if (percentage >= 100) return true;
  let hash = 0x811c9dc5;
  for (const character of `${id} ${caller ?? ''}`) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  hash ^= hash >>> 15;
  return (hash >>> 0) % 100 < percentage;
}

function isPiloted({ pilot }: Pick<Policy, 'pilot'>, { teams }: Pick<Question, 'teams'>): boolean {
  return pilot === undefined || pilot === null || pilot.some((team) => teams.includes(team));
}

function refusalOf(matches: readonly Match[]): PolicyRefusal | null {
  for (const { policy } of matches) {
    const [refuse] = actionsOf(policy, 'refuse');
    const [quarantine] = actionsOf(policy, 'quarantine');
    if (refuse === undefined && quarantine === undefined) continue;
    const reason = refuse?.message ?? reasonOf(policy);
    const said = { code: 'refused_by_policy', reason, policy: policy.id } as const;
    return refuse?.code === undefined ? said : { ...said, details: { policyCode: refuse.code } };
  }
  return null;
}

function holdOf(matches: readonly Match[]): Hold | null {
  const holding = matches.flatMap(({ policy }) =>
    actionsOf(policy, 'hold').map(({ type: _, message, ...terms }) => ({
      policy: policy.id,
      version: policy.version,
      reason: message ?? reasonOf(policy),
      ...terms,
    })),
  );
  const [first] = holding;
  return first === undefined ? null : { policies: holding, reason: first.reason };
}

function alertsOf({ policy, findings }: Match, outcome: PolicyAlert['outcome']): readonly PolicyAlert[] {
  return actionsOf(policy, 'alert').map(({ title }) => ({
    policy: policy.id,
    version: policy.version,
    name: policy.name,
    title: title ?? policy.name,
    severity: policy.severity,
    findings: Object.fromEntries(
      [...Map.groupBy(findings, ({ detector }) => detector)].map(([detector, some]) => [detector, some.length]),
    ),
    outcome,
  }));
}

function tagsOf(matches: readonly Match[], of: 'message' | 'session'): readonly string[] {
  const tags = matches.flatMap(({ policy }) =>
    actionsOf(policy, 'tag').flatMap((action) => ((action.of ?? 'message') === of ? action.tags : [])),
  );
  return [...new Set(tags)].toSorted();
}

function valueLabelsOf(matches: readonly Match[]): readonly Effect[] {
  return matches.flatMap(({ policy, findings }) =>
    actionsOf(policy, 'tag').flatMap(({ of, tags: labels }) =>
      of === 'values'
        ? [
            {
              kind: 'label-values' as const,
              labels,
              found: policy.detectors.length + (policy.patterns?.length ?? 0) > 0 ? findings : null,
            },
          ]
        : [],
    ),
  );
}

function quarantinesOf(matches: readonly Match[]): readonly Effect[] {
  return matches.flatMap(({ policy }) =>
    actionsOf(policy, 'quarantine').map(({ what, minutes }) => ({
      kind: 'quarantine' as const,
      what,
      policy: policy.id,
      reason: reasonOf(policy),
      minutes: minutes ?? null,
    })),
  );
}

function strongestOf(question: Question, shadows: readonly Match[]): 'refused' | 'held' | 'edited' | null {
  if (shadows.length === 0) return null;
  if (refusalOf(shadows) !== null) return 'refused';
  if (holdOf(shadows) !== null) return 'held';
  return editsOf(question, shadows).edits.length > 0 ? 'edited' : null;
}
