import type { Finding } from '../inspection/finding.ts';
import type { Edit } from '../redaction/edit.ts';
import { encodedLike } from '../redaction/encoded-text.ts';
import { keepKeysUnique } from '../redaction/keep-keys-unique.ts';
import { overlapping } from '../redaction/overlaps.ts';
import { redactionStyles, type RedactionStyle } from './action.ts';
import { argumentSplices, type ArgumentChange } from './argument-changes.ts';
import { actionsOf, reasonOf } from './actions-of.ts';
import { type Policy, severities } from './policy.ts';
import type { Match, Question } from './question.ts';
import { noticeSplice } from './result-notices.ts';
import { seen, textInPlaceOf } from './text-in-place-of.ts';

interface Token {
  readonly token: string;
  readonly text: string;
}

/** What several policies want to be changed, as one list of edits, ascending and disjoint. Matches by rank, highest first. */
export function editsOf(question: Question, matches: readonly Match[]) {
  const wishes: Wish[] = [...redactions(matches), ...structural(question, matches)];
  if (wishes.length === 0) return { edits: [], tokens: [] };
  const tokens: Token[] = [];
  const edits = overlapping(wishes).map((group) => editFor(question, group, tokens));
  const inKeys = question.findings.some(({ inKey }) => inKey);
  return { edits: inKeys ? keepKeysUnique(question.message.raw, edits) : edits, tokens };
}

/** `style` null: `text` is JSON as it is, over whole values and members, which nothing within can outrank. */
interface Wish {
  readonly start: number;
  readonly end: number;
  readonly policy: Policy;
  readonly finding: Finding | null;
  readonly style: RedactionStyle | null;
  readonly text: string;
}

function redactions(matches: readonly Match[]): Wish[] {
  return matches.flatMap(({ policy, findings }) =>
    actionsOf(policy, 'redact').flatMap(({ style, text = '' }) =>
      findings.map((finding) => ({ start: finding.start, end: finding.end, policy, finding, style, text })),
    ),
  );
}

function structural({ message, direction }: Question, matches: readonly Match[]): Wish[] {
  const { text, params, result } = message;
  if (direction === 'call') {
    if (message.method !== 'tools/call') return [];
    const splices = argumentSplices(text, params, matches.flatMap(changesOf));
    return splices.map(({ start, end, replacement, change }) => wish(change.policy, start, end, replacement));
  }
  const noticed = matches.filter(({ policy }) => actionsOf(policy, 'notice').length > 0);
  const [first] = noticed;
  if (direction !== 'result' || first === undefined) return [];
  const texts = noticed.flatMap(({ policy }) => actionsOf(policy, 'notice').map((notice) => notice.text));
  const splice = noticeSplice(text, result, [...new Set(texts)]);
  return splice === null ? [] : [wish(first.policy, splice.start, splice.end, splice.replacement)];
}

function wish(policy: Policy, start: number, end: number, text: string): Wish {
  return { start, end, policy, finding: null, style: null, text };
}

/** Of one policy, what takes away comes before what sets. */
function changesOf({ policy }: Match): (ArgumentChange & { readonly policy: Policy })[] {
  return [
    ...actionsOf(policy, 'unset').map(({ argument }) => ({ argument, json: null, policy })),
    ...actionsOf(policy, 'set').map(({ argument, value }) => ({
      argument,
      json: JSON.stringify(value) ?? 'null',
      policy,
    })),
  ];
}

function editFor(
  { compiled, message, facts }: Question,
  { start, end, spans }: { readonly start: number; readonly end: number; readonly spans: readonly Wish[] },
  tokens: Token[],
): Edit {
  const [strongest] = spans.toSorted(byStrength);
  if (strongest === undefined) throw new Error('a group of overlapping wishes is never empty');
  const { policy, finding, style } = strongest;
  const by = { layer: compiled.layer, policy: policy.id, reason: reasonOf(policy) };
  if (style === null) return { start, end, replacement: strongest.text, ...by, detector: null };
  const detector = finding?.detector ?? '';
  const named = { detector, text: strongest.text, key: () => facts.key(), conversation: facts.conversation };
  const encoding = finding?.encoding;
  // A token has no place in what is encoded: it would be cut to fit.
  const place = encoding !== undefined && style === 'tokenise' ? 'label' : style;
  const { text, token } = textInPlaceOf(message.raw, start, end, place, named);
  if (token !== null) tokens.push({ token, text: seen(message.raw, start, end) });
  const isNumber = spans.some((span) => span.finding?.inNumber === true);
  const written =
    encoding === undefined
      ? text
      : encodedLike(place === 'mask' ? '' : text, encoding, message.raw.toString('utf8', start, end));
  return { start, end, replacement: isNumber ? `"${written}"` : written, ...by, detector };
}

/** What is replaced whole first; then severity, the style, the longer span, the surer finding; then the id. */
function byStrength(a: Wish, b: Wish): number {
  return (
    Number(b.style === null) - Number(a.style === null) ||
    severities.indexOf(b.policy.severity) - severities.indexOf(a.policy.severity) ||
    styleRank(a.style) - styleRank(b.style) ||
    b.end - b.start - (a.end - a.start) ||
    (b.finding?.confidence ?? 1) - (a.finding?.confidence ?? 1) ||
    (a.policy.id < b.policy.id ? -1 : 1)
  );
}

function styleRank(style: RedactionStyle | null): number {
  return style === null ? -1 : redactionStyles.indexOf(style);
}
