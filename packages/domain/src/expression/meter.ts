// Puts a meter into a parsed and checked expression. The library bounds what can be written, not what running it costs:
// `list.all(x, list.all(y, …))` is short to write. Every step of a macro, every call and every operator pays here, and what
// is compared or searched pays by its size.
import type { Budget } from './budget.ts';
import { compilePattern, type Pattern } from './pattern.ts';

/** A node of the library's syntax tree, as far as this file looks at it. */
export interface SyntaxNode {
  readonly op: string;
  readonly args: unknown;
  readonly start: number;
  readonly end: number;
  readonly meta: { evaluate: Evaluate; alternate?: SyntaxNode };
  readonly checkedType?: { readonly name: string };
  handle?: (...args: unknown[]) => unknown;
  setMeta(key: 'evaluate', value: Evaluate): SyntaxNode;
}

type Evaluate = (evaluator: unknown, node: SyntaxNode, context: unknown) => unknown;

interface Comprehension {
  readonly kind?: 'quantifier';
  readonly iterable: SyntaxNode;
  readonly init: SyntaxNode;
  readonly step: SyntaxNode;
  readonly condition?: (value: unknown) => boolean;
}

/** Whoever evaluates puts the budget of the message in here first; evaluation is synchronous. */
export interface Till {
  budget: Budget;
}

/** Longer texts and lists are not made by expressions. */
const longestMade = 4 * 1024 * 1024;

export function meter(root: SyntaxNode, till: Till): void {
  const seen = new Set<SyntaxNode>();
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    meterOne(node, till);
    waiting.push(...childrenOf(node));
  }
}

/** The nodes right below, macros written out. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.meta.alternate !== undefined) return [node.meta.alternate];
  switch (node.op) {
    case 'comprehension': {
      const { iterable, init, step } = node.args as Comprehension;
      return [iterable, init, step];
    }
    case 'call':
      return nodesIn((node.args as unknown[])[1]);
    case 'rcall': {
      const [, receiver, args] = node.args as unknown[];
      return [...nodesIn(receiver), ...nodesIn(args)];
    }
    default:
      return nodesIn(node.args);
  }
}

function nodesIn(args: unknown): SyntaxNode[] {
  if (Array.isArray(args)) return args.flatMap(nodesIn);
  return typeof args === 'object' && args !== null && 'op' in args && 'meta' in args ? [args as SyntaxNode] : [];
}

function meterOne(node: SyntaxNode, till: Till): void {
  if (node.op === 'comprehension') return meterSteps(node.args as Comprehension, till);
  const { handle } = node;
  if (handle === undefined) return;
  if (node.op === 'call' || node.op === 'rcall') {
    const pattern = patternOf(node);
    const factor = dear[String((node.args as unknown[])[0])] ?? 1;
    if (pattern !== null) node.handle = matching(pattern, till);
    else
      node.handle = (args, ...rest) => {
        till.budget.spend(1 + (args as unknown[]).reduce<number>((sum, arg) => sum + weightOf(arg, till) * factor, 0));
        return handle(args, ...rest);
      };
    return;
  }
  if (binary.has(node.op))
    node.handle = (left, right, ...rest) => {
      till.budget.spend(1 + weightOf(left, till) + weightOf(right, till));
      const made = handle(left, right, ...rest);
      if (node.op === '+' && lengthOf(made) > longestMade) till.budget.spend(Number.POSITIVE_INFINITY);
      return made;
    };
}

/** Functions that do more with each character of a text than look at it. */
const dear: Readonly<Record<string, number>> = {
  split: 64,
  size: 16,
  lowerAscii: 4,
  upperAscii: 4,
  bytes: 4,
  json: 64,
};
const binary: ReadonlySet<string> = new Set(['!=', '==', 'in', '+', '-', '*', '/', '%', '<', '<=', '>', '>=']);

/** A loop that swallows errors of its steps goes on after one: it is left by the answer that ends it. */
function meterSteps({ kind, step, condition }: Comprehension, till: Till): void {
  const { evaluate } = step.meta;
  const ends = kind === 'quantifier' && condition !== undefined ? !condition(true) : null;
  step.setMeta('evaluate', (evaluator, node, context) => {
    if (ends === null) till.budget.spend(1);
    else if (!till.budget.affords(1)) return ends;
    return evaluate(evaluator, node, context);
  });
}

/** The literal pattern of `text.matches("…")`; null for any other call. Throws a `PatternProblem`. */
export function patternOf(node: SyntaxNode): Pattern | null {
  if (node.op !== 'rcall') return null;
  const [name, , args] = node.args as [string, SyntaxNode, readonly SyntaxNode[]];
  const [written] = args;
  if (name !== 'matches' || args.length !== 1 || written?.op !== 'value') return null;
  return compilePattern(String(written.args));
}

function matching(pattern: Pattern, till: Till): (args: unknown) => boolean {
  return (args) => {
    const [text] = args as unknown[];
    if (typeof text !== 'string') throw new TypeError('matches() is for texts');
    till.budget.spend(pattern.cost(text));
    return pattern.test(text);
  };
}

function weightOf(value: unknown, till: Till): number {
  if (typeof value === 'string') return value.length >> 8;
  if (Array.isArray(value))
    return value.length > 0 && typeof value[0] === 'object' ? till.budget.wholeValue : value.length;
  return typeof value === 'object' && value !== null && !(value instanceof Date) ? objectWeight(value, till) : 0;
}

/** Values of the context that hold nothing of the message, such as dates and durations, are small. */
function objectWeight(value: object, till: Till): number {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || value instanceof Map ? till.budget.wholeValue : 1;
}

function lengthOf(value: unknown): number {
  return typeof value === 'string' || Array.isArray(value) ? value.length : 0;
}
