/** What is learned from one recorded call of a tool. No value of it is kept: destinations come as digests. */
export interface Observation {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly server: string;
  /** By the server's own name. */
  readonly tool: string;
  /** It may reach the outside and change something there. */
  readonly sends: boolean;
  /** It was refused, or did not work out. */
  readonly failed: boolean;
  readonly argumentBytes: number;
  readonly resultBytes: number;
  /** Names and kinds of the arguments. */
  readonly shape: string;
  /** Digests of addresses in the arguments. */
  readonly destinations: readonly string[];
}

/**
 * Ways in which use may not fit. `rate`: calls; `hours`: the time of day; `tools`: how many different tools; `new-tool`,
 * `steps` (one tool after another), `shape`, `destination`: something not seen of this caller before; `size`: arguments of a
 * tool; `volume`: bytes sent out; `failures`: calls refused or failed; `read-then-send`: sending by one server what was read
 * on another, for two servers that were not used so; `leak`: the same by a new tool to a new address.
 */
export const anomalyKinds = [
  'rate',
  'hours',
  'tools',
  'new-tool',
  'steps',
  'shape',
  'destination',
  'size',
  'volume',
  'failures',
  'read-then-send',
  'leak',
] as const;
export type AnomalyKind = (typeof anomalyKinds)[number];

export interface AnomalyReason {
  readonly kind: AnomalyKind;
  /** How surprising, in bits. */
  readonly bits: number;
  /** For people: what happened, and what was usual. */
  readonly text: string;
}

/** Use that does not fit what is known of its caller. */
export interface Anomaly {
  readonly at: number;
  /** Since when the use goes on that does not fit. */
  readonly since: number;
  readonly server: string;
  readonly tool: string;
  /** All reasons together. */
  readonly bits: number;
  /** The most surprising first. */
  readonly reasons: readonly AnomalyReason[];
}
