// Turns an organization's policies into what the message path asks for: per server and direction, one inspector that
// looks for everything any policy of that scope names. Where no policy applies the answer is null and costs nothing.

import { Failure } from '../failure.ts';
import type { ServerId } from '../ids.ts';
import { detectorsNamed } from '../inspection/detector-catalog.ts';
import type { InjectionScorer } from '../inspection/injection/injection-scorer.ts';
import { compileInspector, type Inspector } from '../inspection/inspect.ts';
import type { Layer } from '../redaction/edit.ts';
import type { Direction, Policy } from './policy.ts';

export interface CompiledPolicy {
  readonly policy: Policy;
  /** The ids of its detectors, groups written out. */
  readonly detectors: ReadonlySet<string>;
}

/** What applies to the messages of one server in one direction. */
export interface CompiledPolicies {
  readonly layer: Layer;
  readonly inspector: Inspector;
  /** In the order in which they were given: of two that ask for the same, the first one is named. */
  readonly policies: readonly CompiledPolicy[];
}

export interface PolicySet {
  /** `server` null is a message that is for no one server: policies of certain servers do not apply to it. */
  forMessage(server: ServerId | null, direction: Direction): CompiledPolicies | null;
}

/**
 * Compiles the enabled policies of one layer. A policy that names an unknown detector fails as `invalid_params` with the
 * list of known ones, also when it is not enabled. `scorer` is asked for when the first of them looks for injections.
 */
export function compilePolicies(
  policies: readonly Policy[],
  layer: Layer = 'hub',
  scorer?: () => InjectionScorer,
): PolicySet {
  const compiled = policies.map(compileOne).filter(({ policy }) => policy.enabled);
  const inspectors = new Map<string, Inspector>();
  const named = new Set(compiled.flatMap(({ policy }) => policy.servers ?? []));

  const inspectorFor = (some: readonly CompiledPolicy[]): Inspector => {
    const names = [...new Set(some.flatMap(({ detectors }) => [...detectors]))].toSorted();
    const key = names.join(' ');
    const inspector = inspectors.get(key) ?? compileInspector(names, scorer);
    inspectors.set(key, inspector);
    return inspector;
  };
  const forScope = (server: ServerId | null, direction: Direction): CompiledPolicies | null => {
    const some = compiled.filter(({ policy }) => applies(policy, server, direction));
    return some.length === 0 ? null : { layer, inspector: inspectorFor(some), policies: some };
  };
  /** Servers that no policy names are all alike, so there is one entry for all of them. */
  const forDirection = (direction: Direction) => {
    const others = forScope(null, direction);
    const byServer = new Map([...named].map((server) => [server, forScope(server, direction)]));
    return (server: ServerId | null) => {
      const own = server === null ? undefined : byServer.get(server);
      return own === undefined ? others : own;
    };
  };
  const directions = { call: forDirection('call'), result: forDirection('result') };
  return { forMessage: (server, direction) => directions[direction](server) };
}

function compileOne(policy: Policy): CompiledPolicy {
  try {
    return { policy, detectors: new Set(detectorsNamed(policy.detectors).map(({ id }) => id)) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure(error.code, `Policy “${policy.name}”: ${error.message}`, { ...error.details, policy: policy.id });
  }
}

function applies({ servers, directions }: Policy, server: ServerId | null, direction: Direction): boolean {
  return directions.includes(direction) && (servers === null || (server !== null && servers.includes(server)));
}
