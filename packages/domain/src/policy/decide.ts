// What the policies of a scope make of findings: a refusal, or edits of the original. Pure; the findings say where, the
// policies say what.

import type { PolicyId } from '../ids.ts';
import type { Finding } from '../inspection/finding.ts';
import type { Edit, Layer } from '../redaction/edit.ts';
import { encodedLike } from '../redaction/encoded-text.ts';
import { keepKeysUnique } from '../redaction/keep-keys-unique.ts';
import { overlapping } from '../redaction/overlaps.ts';
import type { CompiledPolicies } from './compile.ts';
import type { Policy } from './policy.ts';

export interface PolicyRefusal {
  readonly code: 'refused_by_policy';
  /** The policy's own words. */
  readonly reason: string;
  readonly policy: PolicyId;
}

export interface Decision {
  /** Ascending and disjoint; empty when the message is refused. */
  readonly edits: readonly Edit[];
  readonly refusal: PolicyRefusal | null;
}

const untouched: Decision = { edits: Object.freeze([]), refusal: null };

/**
 * `findings` are those of `compiled.inspector` in `raw`. Refusing outranks redacting, and of several policies that refuse
 * the first is named. Findings that overlap become one edit over all of them.
 */
export function decide(compiled: CompiledPolicies, findings: readonly Finding[], raw: Buffer): Decision {
  const wishes: Wish[] = [];
  for (const { policy, detectors } of compiled.policies) {
    for (const finding of findings) {
      if (!detectors.has(finding.detector) || finding.confidence < (policy.threshold ?? 0)) continue;
      const { action } = policy;
      if (action.type === 'refuse') return { edits: untouched.edits, refusal: refusalBy(policy) };
      wishes.push({ start: finding.start, end: finding.end, finding, policy, style: action.style });
    }
  }
  if (wishes.length === 0) return untouched;
  const order = new Map(compiled.policies.map(({ policy }, index) => [policy.id, index]));
  const edits = overlapping(wishes).map((group) => editFor(compiled.layer, order, group, raw));
  return { edits: findings.some(({ inKey }) => inKey) ? keepKeysUnique(raw, edits) : edits, refusal: null };
}

function refusalBy({ id, name, reason }: Policy): PolicyRefusal {
  return { code: 'refused_by_policy', reason: reason.trim() === '' ? name : reason, policy: id };
}

interface Wish {
  readonly start: number;
  readonly end: number;
  readonly finding: Finding;
  readonly policy: Policy;
  readonly style: 'label' | 'mask';
}

function editFor(
  layer: Layer,
  order: ReadonlyMap<PolicyId, number>,
  { start, end, spans }: { start: number; end: number; spans: readonly Wish[] },
  raw: Buffer,
): Edit {
  const [wish] = spans.toSorted(
    (a, b) =>
      Number(b.style === 'label') - Number(a.style === 'label') ||
      b.end - b.start - (a.end - a.start) ||
      b.finding.confidence - a.finding.confidence ||
      (order.get(a.policy.id) ?? 0) - (order.get(b.policy.id) ?? 0),
  );
  if (wish === undefined) throw new Error('a group of overlapping findings is never empty');
  const { finding, policy, style } = wish;
  const text = style === 'label' ? `[redacted:${finding.detector}]` : '*'.repeat(characters(raw, start, end));
  const written =
    finding.encoding === undefined
      ? text
      : encodedLike(style === 'label' ? text : '', finding.encoding, raw.toString('utf8', start, end));
  return {
    start,
    end,
    replacement: finding.inNumber === true ? `"${written}"` : written,
    layer,
    policy: policy.id,
    reason: policy.reason.trim() === '' ? policy.name : policy.reason,
    detector: finding.detector,
  };
}

/** How many characters a reader of the message sees in a span of a JSON string or number. */
function characters(raw: Buffer, start: number, end: number): number {
  const written = raw.toString('utf8', start, end);
  try {
    return [...String(JSON.parse(`"${written}"`))].length;
  } catch {
    return [...written].length;
  }
}
