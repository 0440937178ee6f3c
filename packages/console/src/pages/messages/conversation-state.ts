// What a conversation had done by one of its steps, as far as the record tells. Pure.

interface Told {
  readonly method: string;
  readonly outcome: string;
  readonly redactions: number;
  readonly labels: readonly string[];
}

export interface ConversationState {
  readonly calls: number;
  readonly refusals: number;
  readonly edited: number;
  readonly labels: readonly string[];
}

/** With the step at `index`. */
export function stateAt(steps: readonly Told[], index: number): ConversationState {
  const past = steps.slice(0, index + 1);
  return {
    calls: past.filter(({ method }) => method === 'tools/call').length,
    refusals: past.filter(({ outcome }) => outcome === 'refused').length,
    edited: past.filter(({ redactions }) => redactions > 0).length,
    labels: [...new Set(past.flatMap(({ labels }) => labels))],
  };
}
