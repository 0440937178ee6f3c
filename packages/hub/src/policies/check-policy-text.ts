// What an editor asks while somebody types: what a text of policies says, what is wrong with it and where, and how its tests
// go. Every bound that saving has holds here as well; nothing is saved.
import { isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type Document } from 'yaml';
import type { ServerId, TeamId } from '@mcpvault/domain/ids';
import type { InjectionScorer } from '@mcpvault/domain/inspection/injection/injection-scorer';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { runPolicyTests } from '@mcpvault/domain/policy/run-tests';
import { policyProblems } from '@mcpvault/domain/policy/validate';
import type { z } from 'zod';
import { type FilePolicy, fileShape, maxAliasCount } from './policy-file.ts';
import { fromFilePolicy, type PolicyNaming } from './policy-naming.ts';
import { scalarPlace } from './scalar-place.ts';

export interface TextPlace {
  /** UTF-16 offsets into the text, `end` exclusive; lines and columns count from 1. */
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

export interface TextProblem {
  readonly path: string;
  readonly problem: string;
  readonly fix: string;
  readonly isWarning: boolean;
  readonly place: TextPlace | null;
}

export interface CheckedPolicy {
  readonly name: string;
  readonly draft: ReturnType<typeof fromFilePolicy>['draft'] | null;
  readonly problems: readonly TextProblem[];
  readonly tests: readonly {
    readonly name: string;
    readonly failure: string | null;
    readonly place: TextPlace | null;
  }[];
}

export interface CheckedText {
  readonly policies: readonly CheckedPolicy[];
  readonly problems: readonly TextProblem[];
}

const mostPolicies = 200;
const mostIssues = 20;

export function checkPolicyText(text: string, naming: PolicyNaming, scorer: () => InjectionScorer): CheckedText {
  const lines = new LineCounter();
  const read = parseAllDocuments(text, { lineCounter: lines });
  const documents = (Array.isArray(read) ? (read as Document.Parsed[]) : []).filter(
    (document) => document.errors.length > 0 || document.contents !== null,
  );
  const whole = (problem: string, fix: string) => ({ path: '', problem, fix, isWarning: false, place: null });
  if (documents.length === 0)
    return {
      policies: [],
      problems: [whole('There is no policy in it.', 'Begin with a name, a reason and an action.')],
    };
  if (documents.length > mostPolicies)
    return {
      policies: [],
      problems: [whole(`There are ${documents.length} policies in it.`, `Check ${mostPolicies} at a time.`)],
    };
  const policies = documents.map((document) => checkDocument(document, text, lines, naming, scorer));
  return { policies, problems: repeatedNames(policies) };
}

function repeatedNames(policies: readonly CheckedPolicy[]): TextProblem[] {
  const names = policies.map(({ name }) => name).filter((name) => name !== '');
  const twice = [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
  return twice.map((name) => ({
    path: '',
    problem: `“${name}” is in it twice.`,
    fix: 'Policies are told apart by their names.',
    isWarning: false,
    place: null,
  }));
}

function checkDocument(
  document: Document.Parsed,
  text: string,
  lines: LineCounter,
  naming: PolicyNaming,
  scorer: () => InjectionScorer,
): CheckedPolicy {
  const placeAt = (start: number, end: number): TextPlace => {
    const { line, col } = lines.linePos(start);
    return { start, end: Math.max(start, Math.min(end, text.length)), line, column: col };
  };
  const nothing = { name: '', draft: null, tests: [] };
  if (document.errors.length > 0)
    return {
      ...nothing,
      problems: document.errors.slice(0, mostIssues).map(({ message, pos }) => ({
        path: '',
        problem: message.split(/ at line \d+/)[0] ?? 'This is no YAML.',
        fix: 'Look at quotes, brackets and indentation here.',
        isWarning: false,
        place: placeAt(pos[0], pos[1]),
      })),
    };
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount });
  } catch {
    const problem = { path: '', problem: 'It repeats itself too often.', fix: 'Write it out without anchors.' };
    return { ...nothing, problems: [{ ...problem, isWarning: false, place: placeAt(0, 0) }] };
  }
  const place = (path: readonly PropertyKey[], ofKey = false): TextPlace | null => {
    const range = rangeOf(document, path, ofKey);
    return range && placeAt(...range);
  };
  const parsed = fileShape.safeParse(value);
  const name = nameOf(value);
  if (!parsed.success)
    return { ...nothing, name, problems: parsed.error.issues.slice(0, mostIssues).flatMap((one) => issue(one, place)) };
  return checkPolicy(parsed.data, { document, text, placeAt, place, naming, scorer });
}

function nameOf(value: unknown): string {
  const name = typeof value === 'object' && value !== null && 'name' in value ? value.name : '';
  return typeof name === 'string' ? name.trim() : '';
}

type PlaceOf = (path: readonly PropertyKey[], ofKey?: boolean) => TextPlace | null;

function issue(one: z.core.$ZodIssue, place: PlaceOf): TextProblem[] {
  const wrong = { fix: '', isWarning: false };
  if (one.code === 'unrecognized_keys')
    return one.keys.map((key) => ({
      ...wrong,
      path: [...one.path, key].map(String).join('.'),
      problem: `Nothing is called “${key}” here.`,
      fix: 'Look at its spelling and its indentation.',
      place: place([...one.path, key], true),
    }));
  const isMissing = one.code === 'invalid_type' && one.message.includes('received undefined');
  const last = String(one.path.at(-1) ?? '');
  if (one.code === 'too_small' && (one.origin === 'string' || one.origin === 'array'))
    return [
      {
        ...wrong,
        path: one.path.map(String).join('.'),
        problem: `“${last}” is empty.`,
        fix: one.origin === 'string' ? 'Write it.' : 'Name at least one.',
        place: place(one.path),
      },
    ];
  return [
    {
      ...wrong,
      path: one.path.map(String).join('.'),
      problem: isMissing ? `“${last}” is missing.` : `${one.message}.`,
      fix: isMissing ? 'Write it.' : '',
      place: place(one.path),
    },
  ];
}

interface Checking {
  readonly document: Document.Parsed;
  readonly text: string;
  readonly placeAt: (start: number, end: number) => TextPlace;
  readonly place: PlaceOf;
  readonly naming: PolicyNaming;
  readonly scorer: () => InjectionScorer;
}

function checkPolicy(file: FilePolicy, { document, text, placeAt, place, naming, scorer }: Checking): CheckedPolicy {
  const { draft, unknown } = fromFilePolicy(file, naming);
  const names = unknown.map(({ path, kind, name }) => ({
    path: path.join('.'),
    problem: `There is no ${kind} called “${name}”.`,
    fix: `Name a ${kind} of this organization.`,
    isWarning: false,
    place: place(path),
  }));
  // Names that there are not were left out, which must not look like an empty scope.
  const policy = { ...(draft as Omit<Policy, 'id' | 'version'>), id: 'pol_draft', version: 0 } as Policy;
  const shown: Policy = {
    ...policy,
    pilot: file.pilot as TeamId[] | null,
    scope: {
      ...policy.scope,
      servers: file.scope.servers as ServerId[] | null,
      teams: file.scope.teams as TeamId[] | null,
    },
  };
  const found = policyProblems(shown).map(({ field, problem, fix, isWarning = false, index, place: within }) => {
    const path = index === undefined ? [field] : [field, index];
    const scalar = within === undefined ? undefined : document.getIn([field], true);
    const inText = within !== undefined && isScalar(scalar) ? scalarPlace(text, scalar, within) : null;
    return {
      path: path.join('.'),
      problem,
      fix: inText === null ? fix : '',
      isWarning,
      place: inText === null ? place(path) : placeAt(...inText),
    };
  });
  const problems = [...names, ...found];
  const isSound = problems.every(({ isWarning }) => isWarning);
  const tests = isSound ? runPolicyTests(policy, scorer) : [];
  return {
    name: file.name,
    draft,
    problems,
    tests: tests.map((one, index) => ({ ...one, place: place(['tests', index]) })),
  };
}

/** Of what a path leads to, or of the last thing on the way that is there; of its key with `ofKey`. */
function rangeOf(document: Document.Parsed, path: readonly PropertyKey[], ofKey: boolean): [number, number] | null {
  let node: unknown = document.contents;
  let range = rangeOfNode(node as Node);
  for (const [index, step] of path.entries()) {
    const next = stepInto(node, step);
    if (next === null) return keyRange(node) ?? range;
    const isLast = index === path.length - 1;
    if (isLast && ofKey && next.key !== null) return rangeOfNode(next.key) ?? range;
    node = next.value;
    // An empty value has no place of its own: its key has.
    range = rangeOfNode(node as Node) ?? (next.key === null ? range : rangeOfNode(next.key));
  }
  return range;
}

function stepInto(node: unknown, step: PropertyKey): { readonly key: Node | null; readonly value: unknown } | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { key: null, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(step));
  return pair === undefined ? null : { key: pair.key as Node, value: pair.value };
}

/** Something is missing in a map: its first key stands for the whole, which may be long. */
function keyRange(node: unknown): [number, number] | null {
  const [first] = isMap(node) ? node.items : [];
  return first === undefined ? null : rangeOfNode(first.key as Node);
}

function rangeOfNode(node: Node | null | undefined): [number, number] | null {
  const range = node?.range;
  return range === undefined || range === null || range[1] <= range[0] ? null : [range[0], range[1]];
}
