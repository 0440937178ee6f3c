// The policies of two layers as one set: the hub's are asked first, the workstation's second, both about the original. It
// decides nothing itself; which of two edits wins where they meet is said in `redaction/combine-edits.ts`.
import { compileInspector } from '../inspection/inspect.ts';
import type { InjectionScorer } from '../inspection/injection/injection-scorer.ts';
import type { CompiledPolicies, PolicySet } from './compile.ts';
import type { Decision } from './decide.ts';

/** `scorer` is asked for when one of both looks for injections. */
export function layeredPolicies(hub: PolicySet, workstation: PolicySet, scorer?: () => InjectionScorer): PolicySet {
  if (workstation.size === 0) return hub;
  if (hub.size === 0) return workstation;
  const made = new Map<CompiledPolicies, Map<CompiledPolicies, CompiledPolicies>>();
  const both = (first: CompiledPolicies | null, second: CompiledPolicies | null): CompiledPolicies | null => {
    if (first === null || second === null) return first ?? second;
    const known = made.get(first)?.get(second);
    if (known !== undefined) return known;
    const wanted = new Set([...first.inspector.detectors, ...second.inspector.detectors]);
    const inspector = compileInspector([...wanted].toSorted(), scorer);
    const isPlain = first.isPlain && second.isPlain;
    const together = { ...first, inspector, isPlain, next: second };
    if (made.size >= mostPairs) made.clear();
    made.set(first, (made.get(first) ?? new Map()).set(second, together));
    return together;
  };
  return {
    size: hub.size + workstation.size,
    readsFlow: hub.readsFlow || workstation.readsFlow,
    forMessage: (scope) => both(hub.forMessage(scope), workstation.forMessage(scope)),
    forServer: (server, direction) => both(hub.forServer(server, direction), workstation.forServer(server, direction)),
  };
}

/** Callers choose the names of tools, and so which sets there are. */
const mostPairs = 1_000;

/** What two layers say of one message that the first has let pass. */
export function bothDecisions(first: Decision, second: Decision): Decision {
  const tags = [...new Set([...(first.trace.tags ?? []), ...(second.trace.tags ?? [])])].toSorted();
  const alerts = [...(first.trace.alerts ?? []), ...(second.trace.alerts ?? [])];
  const would = strongest.find((one) => one === first.trace.would || one === second.trace.would);
  return {
    refusal: first.refusal ?? second.refusal,
    hold: bothHolds(first, second),
    edits: second.refusal === null ? [...first.edits, ...second.edits] : [],
    trace: {
      rules: [...first.trace.rules, ...second.trace.rules],
      ...(tags.length > 0 && { tags }),
      ...(alerts.length > 0 && { alerts }),
      ...(would !== undefined && { would }),
    },
    effects: [...first.effects, ...second.effects],
  };
}

const strongest = ['refused', 'held', 'edited'] as const;

function bothHolds(first: Decision, second: Decision): Decision['hold'] {
  if (second.refusal !== null) return null;
  if (first.hold === null || second.hold === null) return first.hold ?? second.hold;
  return { ...first.hold, policies: [...first.hold.policies, ...second.hold.policies] };
}
