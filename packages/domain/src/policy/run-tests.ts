import type { InjectionScorer } from '../inspection/injection/injection-scorer.ts';
import { compilePolicies } from './compile.ts';
import { everywhere } from './complete-policy.ts';
import type { Policy, PolicyTest } from './policy.ts';
import { readRuleTrace } from './rule-trace.ts';
import { trialOf } from './test-message.ts';
import { type Trial, tryMessage } from './try-message.ts';

export interface TestResult {
  readonly name: string;
  /** null when it passed; else what was expected and what came, in words. */
  readonly failure: string | null;
}

/**
 * Runs the tests that travel with a policy, on it alone, as if it were enforced for everybody and on every server. Fails as
 * `compilePolicies` does for a policy that does not compile.
 */
export function runPolicyTests(policy: Policy, scorer?: () => InjectionScorer): readonly TestResult[] {
  if (policy.tests.length === 0) return [];
  const alone: Policy = {
    ...policy,
    mode: 'enforce',
    percentage: 100,
    pilot: null,
    directions: ['call', 'result', 'listing'],
    scope: { ...everywhere, tools: policy.scope.tools },
  };
  const [call, result, listing] = (['call', 'result', 'listing'] as const).map((direction) =>
    compilePolicies(
      policy.directions.includes(direction) ? [{ ...alone, directions: [direction] }] : [],
      'hub',
      scorer,
    ),
  );
  return policy.tests.map((test) => {
    const { direction = 'call' } = test.given;
    const set = direction === 'call' ? call : direction === 'result' ? result : listing;
    if (set === undefined) throw new Error('there are three directions');
    return { name: test.name, failure: failureOf(test, tryMessage(set, trialOf(test.given))) };
  });
}

function failureOf({ expect }: PolicyTest, trial: Trial): string | null {
  const { decision, outcome } = trial;
  const matched = decision?.trace.rules.some((rule) => isMatch(rule)) ?? false;
  const came = matched ? outcome : 'not_matched';
  if (came !== expect.outcome) return `expected ${expect.outcome}, but it was ${came}${why(trial)}`;
  const delivered = trial.delivered()?.toString('utf8') ?? '';
  if (expect.contains !== undefined && !delivered.includes(expect.contains))
    return `what is delivered does not contain “${expect.contains}”`;
  if (expect.lacks !== undefined && delivered.includes(expect.lacks))
    return `what is delivered still contains “${expect.lacks}”`;
  const tags = [
    ...(decision?.trace.tags ?? []),
    ...(decision?.effects ?? []).flatMap((one) =>
      one.kind === 'label' || one.kind === 'label-values' ? one.labels : [],
    ),
  ];
  const missing = (expect.tags ?? []).filter((tag) => !tags.includes(tag));
  if (missing.length > 0) return `the tag “${missing[0]}” is missing`;
  const alerts = decision?.trace.alerts?.length ?? 0;
  if (expect.alert !== undefined && expect.alert !== alerts > 0)
    return expect.alert ? 'no alert was raised' : 'an alert was raised';
  return null;
}

function isMatch(rule: string): boolean {
  const trace = readRuleTrace(rule);
  return trace !== null && (trace.said === 'matched' || (trace.said === 'failed' && trace.actions.length > 0));
}

function why({ decision }: Trial): string {
  const [rule] = decision?.trace.rules ?? [];
  const trace = rule === undefined ? null : readRuleTrace(rule);
  if (trace?.said === 'missed' && trace.part !== null) return `; part ${trace.part + 1} of the condition was false`;
  if (trace?.said === 'missed') return '; the detectors found nothing';
  return trace?.said === 'failed' ? `; the condition could not be evaluated (${trace.why})` : '';
}
