import type { PolicyId } from '../ids.ts';

/** Where an edit was decided. The hub layer comes first; both work on the original. */
export type Layer = 'hub' | 'workstation';

/**
 * One change to a message, as a splice of its original bytes: [start, end) is replaced by `replacement`, which is JSON
 * text that fits there (already escaped). Offsets always refer to the original, never to an edited message.
 */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  readonly layer: Layer;
  /** The policy that asked for it; null for edits the gateway itself needs (a tool name un-prefixed, a list filtered). */
  readonly policy: PolicyId | null;
  /** For people: why. Never contains what was replaced. */
  readonly reason: string;
  /** The detector whose finding led to it, if any. */
  readonly detector: string | null;
  /** `replacement` is something confidential that a token stood for: never recorded, and the token is shown in its place. */
  readonly restores?: true;
}
