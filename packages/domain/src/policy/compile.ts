// Turns an organization's policies into what the message path asks for: for the scope of one message, the policies that
// look at it and one inspector for everything they want found. Found by server, direction and tool before anything is
// evaluated; where no policy applies the answer is null and costs nothing.

import type { Expression } from '../expression/environment.ts';
import { messageEnvironment } from '../expression/message-environment.ts';
import { Failure } from '../failure.ts';
import type { Caller } from '../identity/caller.ts';
import type { ServerId } from '../ids.ts';
import { detectorsNamed } from '../inspection/detector-catalog.ts';
import type { InjectionScorer } from '../inspection/injection/injection-scorer.ts';
import { compileInspector, type Inspector } from '../inspection/inspect.ts';
import { compileOwnPattern, type OwnDetector, type OwnPattern } from '../inspection/own-pattern.ts';
import { PatternProblem } from '../expression/pattern.ts';
import type { Layer } from '../redaction/edit.ts';
import { type Policy, type PolicyDirection, policyDirections, severities } from './policy.ts';
import { writeRuleTrace } from './rule-trace.ts';
import type { Decision } from './decide.ts';

export interface CompiledPolicy {
  readonly policy: Policy;
  /** The ids of its detectors, groups written out, and of its own patterns. */
  readonly detectors: ReadonlySet<string>;
  readonly own: readonly OwnDetector[];
  readonly condition: Expression | null;
  /** Its lines of the trace for when it did not match, written once. */
  readonly missed: { readonly nothingFound: string; readonly parts: readonly string[] };
}

/** What applies to the messages of one scope. */
export interface CompiledPolicies {
  readonly layer: Layer;
  readonly inspector: Inspector;
  /** Highest rank first: by severity, then by id. */
  readonly policies: readonly CompiledPolicy[];
  /** What they say of a message in which nothing was found, where that is the same for every such message. */
  readonly quiet: Decision | null;
  /** The same message always gets the same verdict, whoever sent what before, and nothing follows from it. */
  readonly isPlain: boolean;
  /** The next layer's, which are asked about the same original once these let it pass. `inspector` looks for theirs too. */
  readonly next?: CompiledPolicies;
}

/** What of a message decides which policies look at it. */
export interface MessageScope {
  readonly server: ServerId | null;
  readonly direction: PolicyDirection;
  /** By the server's own name; null for everything but calls of tools and their results. */
  readonly tool: string | null;
  readonly caller: Pick<Caller, 'teams' | 'role'> | null;
  /** As the client calls itself, `name/version`. */
  readonly client: string | null;
  readonly workstation: string | null;
}

export interface PolicySet {
  /** Policies of certain servers, tools, teams, … do not apply to a message that has none. */
  forMessage(scope: MessageScope): CompiledPolicies | null;
  /** Every one of that server and direction, whoever calls whatever. */
  forServer(server: ServerId | null, direction: PolicyDirection): CompiledPolicies | null;
  readonly size: number;
  /** Whether a condition asks where values came from, so that somebody has to remember it. */
  readonly readsFlow: boolean;
}

/**
 * Compiles the policies of one layer that are no drafts. A policy that names an unknown detector, or whose condition does
 * not compile, fails as `invalid_params`, also when it is a draft. `scorer` is asked for when the first of them looks for
 * injections.
 */
export function compilePolicies(
  policies: readonly Policy[],
  layer: Layer = 'hub',
  scorer?: () => InjectionScorer,
): PolicySet {
  const compiled = apart(policies.map(compileOne))
    .filter(({ policy }) => policy.mode !== 'draft')
    .toSorted(byRank);
  const made = new Map<string, CompiledPolicies>();
  const inspectors = new Map<string, Inspector>();
  const numbers = new Map(compiled.map((one, index) => [one, index]));

  const inspectorFor = (some: readonly CompiledPolicy[]): Inspector => {
    const own = new Map(some.flatMap((one) => one.own).map((detector) => [detector.id, detector]));
    const names = [...new Set(some.flatMap(({ detectors }) => [...detectors]))].toSorted();
    const key = names.join(' ');
    const known = names.filter((name) => !own.has(name));
    const inspector = inspectors.get(key) ?? compileInspector(known, scorer, [...own.values()]);
    inspectors.set(key, inspector);
    return inspector;
  };
  const together = (some: readonly CompiledPolicy[]): CompiledPolicies | null => {
    if (some.length === 0) return null;
    const key = some.map((one) => numbers.get(one)).join(' ');
    const known = made.get(key);
    if (known !== undefined) return known;
    const set = {
      layer,
      inspector: inspectorFor(some),
      policies: some,
      quiet: quietOf(some),
      isPlain: some.every(isPlain),
    };
    if (made.size >= mostSets) made.clear();
    made.set(key, set);
    return set;
  };

  const named = new Set(compiled.flatMap(({ policy }) => policy.scope.servers ?? []));
  const shelvesOf = (direction: PolicyDirection) => {
    const shelf = (server: ServerId | null) => {
      const some = compiled.filter(({ policy }) => appliesTo(policy, server, direction));
      return { all: together(some), find: createFinder(some, together) };
    };
    const others = shelf(null);
    const byServer = new Map([...named].map((server) => [server, shelf(server)]));
    return (server: ServerId | null) => (server === null ? others : (byServer.get(server) ?? others));
  };
  const [call, result, listing] = policyDirections.map(shelvesOf);
  if (call === undefined || result === undefined || listing === undefined)
    throw new Error('there are three directions');
  const directions = { call, result, listing };
  return {
    size: compiled.length,
    readsFlow: compiled.some(({ condition }) => condition?.reads.has('flow') === true),
    forMessage: (scope) => directions[scope.direction](scope.server).find(scope),
    forServer: (server, direction) => directions[direction](server).all,
  };
}

/** Sets of policies and tools that are remembered; callers choose the names, so there is a bound. */
const mostSets = 5_000;
const mostTools = 2_000;

/** Of the policies of one server and direction, those for a tool are found by its name, and only then by who calls. */
function createFinder(
  some: readonly CompiledPolicy[],
  together: (some: readonly CompiledPolicy[]) => CompiledPolicies | null,
): (scope: MessageScope) => CompiledPolicies | null {
  const exact = new Map<string, CompiledPolicy[]>();
  const rest: CompiledPolicy[] = [];
  for (const one of some) {
    const { tools } = one.policy.scope;
    if (tools === null || tools.some((tool) => tool.endsWith('*'))) rest.push(one);
    else for (const tool of new Set(tools)) exact.set(tool, [...(exact.get(tool) ?? []), one]);
  }
  const candidates = (tool: string | null) => {
    const own = tool === null ? [] : (exact.get(tool) ?? []);
    const found = [...own, ...rest.filter(({ policy }) => namesTool(policy.scope.tools, tool))].toSorted(byRank);
    return { found, isNarrow: found.some(asksWho), all: together(found) };
  };
  const none = candidates(null);
  const known = new Map<string, ReturnType<typeof candidates>>();
  return (scope) => {
    const { tool } = scope;
    let entry = tool === null ? none : known.get(tool);
    if (entry === undefined) {
      entry = candidates(tool);
      if (known.size >= mostTools) known.clear();
      if (tool !== null) known.set(tool, entry);
    }
    return entry.isNarrow ? together(entry.found.filter(({ policy }) => concerns(policy, scope))) : entry.all;
  };
}

export function byRank(a: Pick<CompiledPolicy, 'policy'>, b: Pick<CompiledPolicy, 'policy'>): number {
  const difference = severities.indexOf(b.policy.severity) - severities.indexOf(a.policy.severity);
  return difference !== 0 ? difference : a.policy.id < b.policy.id ? -1 : a.policy.id > b.policy.id ? 1 : 0;
}

/** Policies that all wait for a finding have the same to say to every message without one. */
function quietOf(some: readonly CompiledPolicy[]): Decision | null {
  if (some.some(({ detectors }) => detectors.size === 0)) return null;
  const trace = Object.freeze({ rules: Object.freeze(some.map(({ missed }) => missed.nothingFound)) });
  return Object.freeze({ refusal: null, hold: null, edits: nothing, trace, effects: nothing });
}

const nothing: readonly never[] = Object.freeze([]);

function compileOne(policy: Policy): CompiledPolicy {
  try {
    const condition = policy.condition === null ? null : compileCondition(policy.condition);
    const own = (policy.patterns ?? []).map(ownDetector);
    const rule = { policy: policy.id, version: policy.version, said: 'missed' } as const;
    return {
      policy,
      detectors: new Set([
        ...(policy.detectors.length === 0 ? [] : detectorsNamed(policy.detectors).map(({ id }) => id)),
        ...own.map(({ id }) => id),
      ]),
      own,
      condition,
      missed: {
        nothingFound: writeRuleTrace({ ...rule, part: null }),
        parts: (condition?.parts ?? []).map((_, part) => writeRuleTrace({ ...rule, part })),
      },
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `Policy “${policy.name}”: ${error.message}`, { ...error.details, policy: policy.id });
  }
}

function ownDetector(pattern: OwnPattern): OwnDetector {
  try {
    return compileOwnPattern(pattern);
  } catch (error) {
    if (!(error instanceof PatternProblem)) throw error;
    throw new Failure('invalid_params', `The pattern “${pattern.name}”: ${error.message}.`);
  }
}

/** What two policies call the same and mean differently keeps apart. */
function apart(compiled: readonly CompiledPolicy[]): readonly CompiledPolicy[] {
  const meant = new Map<string, string>();
  return compiled.map((one) => {
    const renamed = new Map<string, string>();
    for (const { name, pattern } of one.policy.patterns ?? []) {
      const id = `own:${name}`;
      if ((meant.get(id) ?? pattern) !== pattern) renamed.set(id, `${id}@${one.policy.id}`);
      else meant.set(id, pattern);
    }
    if (renamed.size === 0) return one;
    const idOf = (id: string) => renamed.get(id) ?? id;
    return {
      ...one,
      detectors: new Set([...one.detectors].map(idOf)),
      own: one.own.map((detector) => ({ ...detector, id: idOf(detector.id) })),
    };
  });
}

function compileCondition(source: string): Expression {
  const compilation = messageEnvironment.compile(source);
  if (compilation.ok) return compilation.expression;
  const [problem] = compilation.problems;
  const { line = 1, column = 1, message = '' } = problem ?? {};
  throw new Failure('invalid_params', `The condition, line ${line}, column ${column}: ${message}`, { line, column });
}

function appliesTo({ directions, scope }: Policy, server: ServerId | null, direction: PolicyDirection): boolean {
  if (!directions.includes(direction)) return false;
  return scope.servers === null || (server !== null && scope.servers.includes(server));
}

function namesTool(tools: readonly string[] | null, tool: string | null): boolean {
  return tools === null || (tool !== null && tools.some((name) => isNamed(name, tool)));
}

function isNamed(name: string, said: string): boolean {
  return name.endsWith('*') ? said.startsWith(name.slice(0, -1)) : name === said;
}

function asksWho({ policy: { scope } }: CompiledPolicy): boolean {
  return scope.teams !== null || scope.roles !== null || scope.clients !== null || scope.workstations !== null;
}

function concerns({ scope }: Policy, { caller, client, workstation }: MessageScope): boolean {
  const { teams, roles, clients, workstations } = scope;
  if (teams !== null && !caller?.teams.some((team) => teams.includes(team))) return false;
  if (roles !== null && (caller === null || !roles.includes(caller.role))) return false;
  const name = client?.split('/')[0] ?? null;
  if (clients !== null && (name === null || !clients.some((wanted) => isNamed(wanted, name)))) return false;
  return workstations === null || (workstation !== null && workstations.includes(workstation));
}

const plainReads: ReadonlySet<string> = new Set([
  'server',
  'direction',
  'method',
  'result',
  'text',
  'size',
  'findings',
]);

function isPlain({ policy, condition }: CompiledPolicy): boolean {
  const sayNothing = policy.actions.every(({ type }) => type === 'redact' || type === 'refuse' || type === 'allow');
  const sessionless = policy.actions.every((action) => action.type !== 'redact' || action.style !== 'tokenise');
  return (
    sayNothing && sessionless && (condition === null || [...condition.reads].every((name) => plainReads.has(name)))
  );
}
