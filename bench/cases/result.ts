import type { Authorization } from '../authorization/measure.ts';
import type { Cost, Slice } from '../measure/compare.ts';
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
      /** How many processes of a stdio server the hub ran at the end. */
      readonly processes: number;
    }
  | {
      readonly kind: 'held';
      readonly name: string;
      readonly sessions: number;
      readonly streams: boolean;
      /**
       * Kibibytes by which the hub grew for each session: its main process right after they were opened, and when it has come
       * to rest; and all it consists of then.
       */
      readonly openedEach: number;
      readonly mainEach: number;
      readonly wholeEach: number;
      /** Kibibytes of the main process that each session leaves behind when all have ended. */
      readonly leftEach: number;
      /** Of opening one. */
      readonly cost: Cost;
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
      /** Of one call. */
      readonly cost: Cost;
      /** Kibibytes, every ten seconds: the main process, and all. */
      readonly main: readonly number[];
      readonly whole: readonly number[];
    }
  | ({ readonly kind: 'authorization'; readonly name: string } & Authorization)
  | { readonly kind: 'failed'; readonly name: string; readonly why: string };
