import type { Slice } from '../measure/compare.ts';
import type { LoopDelay } from '../hub/start-hub.ts';

/** What one contender did in the rounds of a case. */
export interface Measured {
  readonly name: string;
  readonly slices: readonly Slice[];
}

export type Result =
  | {
      readonly kind: 'compared';
      readonly name: string;
      /** In this order: those without a gateway, references, the hub. */
      readonly contenders: readonly Measured[];
      readonly loopDelay: LoopDelay | null;
    }
  | {
      readonly kind: 'held';
      readonly name: string;
      readonly sessions: number;
      readonly streams: boolean;
      /** Kibibytes of the hub's main process, and of all it consists of, by which they grew for each session. */
      readonly mainEach: number;
      readonly wholeEach: number;
      /** Share of one processor that the hub used while they were held. */
      readonly idle: number;
      readonly errors: number;
    }
  | {
      readonly kind: 'drift';
      readonly name: string;
      readonly minutes: number;
      readonly calls: number;
      readonly errors: number;
      /** Kibibytes, every ten seconds: the main process, and all. */
      readonly main: readonly number[];
      readonly whole: readonly number[];
    };
