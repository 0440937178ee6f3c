// The rule language: CEL over values that are declared with their types. An expression is compiled once and checked when it
// is saved; running it costs a bounded amount, has no effects, and never throws. What goes wrong is a value.
import { Environment as CelEnvironment, type RegisteredFunctionHandler } from '@marcbachmann/cel-js';
import { Budget, TooCostly } from './budget.ts';
import {
  type ContextOf,
  type FunctionDeclaration,
  type GroupDeclaration,
  isGroup,
  type ValueDeclaration,
  type VariableDeclarations,
} from './declaration.ts';
import { childrenOf, meter, patternOf, type SyntaxNode, type Till } from './meter.ts';
import { PatternProblem } from './pattern.ts';
import { type ExpressionProblem, problemAt, problemFrom } from './problem.ts';
import { zonedFunctions, zonedNames } from './zoned-time.ts';

/** A function of our own: pure, and bounded by the size of what it is given. */
export interface OwnFunction extends FunctionDeclaration {
  readonly call: RegisteredFunctionHandler;
}

export interface Environment<Declared extends VariableDeclarations> {
  readonly variables: Declared;
  readonly functions: readonly FunctionDeclaration[];
  /** The values of one message; nothing is asked of them but what expressions read, and that once. */
  bind(values: ContextOf<Declared>): BoundContext;
  /** Compiles an expression that must answer true or false, or says everything that is wrong with it, in its order. */
  compile(source: string): Compilation;
}

/** Made by `bind`, good for the expressions of the same environment. */
export interface BoundContext {
  readonly bound: true;
}

export type Compilation =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly problems: readonly ExpressionProblem[] };

export interface Expression {
  readonly source: string;
  /** The parts that `&&` joins at the outermost level, in their order; at least one. For telling which of them failed. */
  readonly parts: readonly ExpressionPart[];
  /** The names of the variables it reads: `caller`, `arguments`, … */
  readonly reads: ReadonlySet<string>;
  /** Never throws. Several expressions about one message share its budget. */
  evaluate(context: BoundContext, budget: Budget): Evaluation;
}

export interface ExpressionPart {
  readonly source: string;
  readonly start: number;
  readonly end: number;
}

/**
 * True or false, with the index of the part that decided it when it is false; or why there is no answer. `absent`: a member
 * of the message was asked for that it does not have. `too_costly`: it was cut short. `failed`: anything else, such as a
 * division by zero, or a text where a number was expected.
 */
export type Evaluation =
  | { readonly ok: true; readonly value: true }
  | { readonly ok: true; readonly value: false; readonly part: number }
  | { readonly ok: false; readonly error: EvaluationProblem; readonly part: number };

export interface EvaluationProblem {
  readonly kind: 'absent' | 'too_costly' | 'failed';
  /** For people; never repeats what the message says. */
  readonly message: string;
}

export const longestExpression = 8_000;
const limits = { maxAstNodes: 1_000, maxDepth: 40, maxListElements: 500, maxMapEntries: 100, maxCallArguments: 8 };

export function createEnvironment<const Declared extends VariableDeclarations>(
  variables: Declared,
  functions: readonly OwnFunction[],
): Environment<Declared> {
  const cel = new CelEnvironment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits });
  const contexts = declareAll(cel, variables);
  for (const { signature, call } of functions) cel.registerFunction(signature, call, { async: false });
  for (const { signature, call } of zonedFunctions) cel.registerFunction(signature, call, { async: false });
  const till: Till = { budget: new Budget(0) };
  const known = new Set(Object.keys(variables));
  return {
    variables,
    functions: functions.map(({ signature, means, example }) => ({ signature, means, example })),
    bind: (values) => new contexts(values),
    compile: (source) => compile(cel, source, till, known),
  };
}

type Source = Readonly<Record<string, unknown>>;

/** Members of any name may be declared, so what is ours has none. */
const sourceOf = Symbol('source');
const readOf = Symbol('read');

/** Declares the variables, and makes the class whose instances hold them. */
function declareAll(cel: CelEnvironment, variables: VariableDeclarations): new (source: Source) => BoundContext {
  class Context implements BoundContext {
    readonly bound = true;
    readonly [sourceOf]: Source;
    readonly [readOf]: Record<string, unknown> = {};
    constructor(source: Source) {
      this[sourceOf] = source;
    }
  }
  for (const [name, declared] of Object.entries(variables)) {
    const group = isGroup(declared) ? declareGroup(cel, name, declared) : null;
    cel.registerVariable(name, group === null ? typeName(declared as ValueDeclaration) : group.type);
    onceRead(Context.prototype, name, (source) =>
      group === null ? source[name] : new group.Group(source[name] as Source),
    );
  }
  return Context;
}

/** A class of its own, so that the checker knows its members and getters run only for those that are asked for. */
function declareGroup(cel: CelEnvironment, name: string, { fields }: GroupDeclaration) {
  class Group {
    readonly [sourceOf]: Source;
    readonly [readOf]: Record<string, unknown> = {};
    constructor(source: Source) {
      this[sourceOf] = source;
    }
  }
  const type = name.charAt(0).toUpperCase() + name.slice(1);
  const types = Object.fromEntries(Object.entries(fields).map(([field, declared]) => [field, typeName(declared)]));
  for (const field of Object.keys(fields)) onceRead(Group.prototype, field, (source) => source[field]);
  cel.registerType(type, { ctor: Group, fields: types });
  return { type, Group };
}

function typeName({ type }: ValueDeclaration): string {
  return type === 'timestamp' ? 'google.protobuf.Timestamp' : type;
}

/** A member that is computed when it is first read, and then stays. */
function onceRead(prototype: object, name: string, read: (source: Source) => unknown): void {
  Object.defineProperty(prototype, name, {
    get(this: { readonly [sourceOf]: Source; readonly [readOf]: Record<string, unknown> }) {
      return (this[readOf][name] ??= read(this[sourceOf]));
    },
  });
}

interface Parsed {
  (context: Readonly<Record<string, unknown>>): unknown;
  readonly ast: SyntaxNode;
  check(): { readonly valid: boolean; readonly type?: string; readonly error?: unknown };
}

function compile(cel: CelEnvironment, source: string, till: Till, known: ReadonlySet<string>): Compilation {
  if (source.trim() === '') return failed(problemAt(source, 0, 0, 'There is no condition.'));
  if (source.length > longestExpression)
    return failed(
      problemAt(source, longestExpression, source.length, `A condition has at most ${longestExpression} characters.`),
    );
  try {
    const whole = cel.parse(source) as unknown as Parsed;
    const refused = refusedIn(whole.ast, source);
    if (refused !== null) return failed(refused);
    rename(whole.ast);
    const checked = whole.check();
    if (!checked.valid) return failed(problemFrom(checked.error, source, known));
    if (checked.type !== 'bool' && checked.type !== 'dyn')
      return failed(
        problemAt(
          source,
          0,
          source.length,
          `The condition must be true or false, but this is of type ${checked.type}.`,
        ),
      );
    const parts = partsOf(whole.ast, source, (text) => parses(cel, text));
    const compiled = parts.map(({ source: part }) => compilePart(cel, part, till));
    return { ok: true, expression: expressionOf(source, parts, compiled, readsOf(whole.ast, known), till) };
  } catch (error) {
    return failed(problemFrom(error, source, known));
  }
}

function failed(problem: ExpressionProblem): { readonly ok: false; readonly problems: readonly ExpressionProblem[] } {
  return { ok: false, problems: [problem] };
}

/** The parts are checked again by themselves, so that each can be run and metered alone. */
function compilePart(cel: CelEnvironment, source: string, till: Till): Parsed {
  const part = cel.parse(source) as unknown as Parsed;
  rename(part.ast);
  part.check();
  meter(part.ast, till);
  return part;
}

function expressionOf(
  source: string,
  parts: readonly ExpressionPart[],
  compiled: readonly Parsed[],
  reads: ReadonlySet<string>,
  till: Till,
): Expression {
  return {
    source,
    parts,
    reads,
    evaluate(context, budget) {
      till.budget = budget;
      let problem: { readonly error: EvaluationProblem; readonly part: number } | null = null;
      for (const [index, part] of compiled.entries()) {
        const said = run(part, context, budget);
        if (said === false) return { ok: true, value: false, part: index };
        // As `&&` has it: what cannot be told does not matter where another part is false.
        if (said !== true) problem ??= { error: said, part: index };
        if (budget.isSpent) break;
      }
      return problem === null ? isTrue : { ok: false, ...problem };
    },
  };
}

const isTrue: Evaluation = { ok: true, value: true };

function run(part: Parsed, context: BoundContext, budget: Budget): boolean | EvaluationProblem {
  if (budget.isSpent) return tooCostly;
  try {
    const value = part(context as unknown as Readonly<Record<string, unknown>>);
    if (budget.isSpent) return tooCostly;
    return typeof value === 'boolean' ? value : { kind: 'failed', message: 'the condition is neither true nor false' };
  } catch (error) {
    return evaluationProblem(error);
  }
}

const tooCostly: EvaluationProblem = {
  kind: 'too_costly',
  message: 'the condition costs more than it may for this message',
};
const absences: ReadonlySet<string> = new Set(['no_such_key', 'index_out_of_bounds']);

function evaluationProblem(error: unknown): EvaluationProblem {
  if (error instanceof TooCostly) return tooCostly;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (absences.has(code)) return { kind: 'absent', message: 'the message has no such member' };
  return { kind: 'failed', message: code === '' ? 'the condition could not be evaluated' : code.replaceAll('_', ' ') };
}

/** What the library can do and we do not want: names for values, by which a text can be doubled again and again. */
function refusedIn(root: SyntaxNode, source: string): ExpressionProblem | null {
  const waiting = [root];
  for (let node = waiting.shift(); node !== undefined; node = waiting.shift()) {
    if (node.op === 'rcall') {
      const [name, receiver, args] = node.args as [string, SyntaxNode, readonly SyntaxNode[]];
      if (name === 'bind' && receiver.op === 'id')
        return problemAt(source, node.start, node.end, 'Values cannot be given names here.');
      if (name === 'matches' && args[0] !== undefined && args[0].op !== 'value')
        return problemAt(source, args[0].start, args[0].end, 'The pattern of matches() must be written out as a text.');
      try {
        patternOf(node);
      } catch (error) {
        if (!(error instanceof PatternProblem) || args[0] === undefined) throw error;
        return problemAt(
          source,
          args[0].start,
          args[0].end,
          `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`,
        );
      }
    }
    waiting.push(...childrenOf(node));
  }
  return null;
}

/** Times in a zone are ours: the library formats and parses a date for each. */
function rename(root: SyntaxNode): void {
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.op === 'rcall') {
      const args = node.args as [string, SyntaxNode, readonly SyntaxNode[]];
      const own = args[2].length === 1 ? zonedNames[args[0]] : undefined;
      if (own !== undefined) args[0] = own;
    }
    waiting.push(...childrenOf(node));
  }
}

function partsOf(node: SyntaxNode, source: string, isWhole: (text: string) => boolean): ExpressionPart[] {
  if (node.op === '&&') return (node.args as SyntaxNode[]).flatMap((side) => partsOf(side, source, isWhole));
  let { start, end } = node;
  // A node ends, or begins, within the brackets around its own operands, as in `!(a || b)` and `(a) == (b)`.
  for (let more = 0; more < mostBrackets && !isWhole(source.slice(start, end)); more++) {
    const behind = /^\s*\)/.exec(source.slice(end))?.[0].length ?? 0;
    const before = /\(\s*$/.exec(source.slice(0, start))?.[0].length ?? 0;
    if (isWhole(source.slice(start, end + behind))) end += behind;
    else if (isWhole(source.slice(start - before, end))) start -= before;
    else {
      end += behind;
      start -= before;
    }
  }
  return [{ source: source.slice(start, end), start, end }];
}

const mostBrackets = 100;

function parses(cel: CelEnvironment, text: string): boolean {
  try {
    cel.parse(text);
    return true;
  } catch {
    return false;
  }
}

function readsOf(root: SyntaxNode, known: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.op === 'id' && known.has(String(node.args))) found.add(String(node.args));
    waiting.push(...childrenOf(node));
  }
  return found;
}
