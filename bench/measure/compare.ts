import { setTimeout as sleep } from 'node:timers/promises';
import { closedLoop, type Loaded } from '../load/closed-loop.ts';
import type { Load } from '../load/echo-call.ts';
import { fixedRate } from '../load/fixed-rate.ts';
import type { ProcessTree, TreeUsage } from './process-tree.ts';

/** One of those that are compared: the same load sent another way. */
export interface Contender {
  readonly name: string;
  readonly loads: readonly Load[];
  /** Whose processor time counts; null where it is of no interest. */
  readonly tree: ProcessTree | null;
}

/** Microseconds of processor time a call. */
export interface Cost {
  readonly main: number;
  readonly database: number;
  readonly helpers: number;
  readonly sum: number;
}

export interface Slice {
  readonly calls: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly cost: Cost | null;
  readonly errors: number;
  readonly firstError: string | null;
}

export interface Pace {
  readonly rounds: number;
  /** Of one slice. */
  readonly seconds: number;
  /** Before the first round, each. */
  readonly warmSeconds: number;
}

/**
 * Measures the contenders in turn, slice by slice, in alternating order, so that what the machine does beside weighs on all
 * of them. Answers the slices of each, round by round.
 */
export async function compare(
  contenders: readonly Contender[],
  pace: Pace,
  rate: number | null = null,
): Promise<Map<string, Slice[]>> {
  const slices = new Map<string, Slice[]>(contenders.map(({ name }) => [name, []]));
  for (const contender of contenders) await measure(contender, pace.warmSeconds, rate);
  for (let round = 0; round < pace.rounds; round++) {
    const order = round % 2 === 0 ? contenders : contenders.toReversed();
    for (const contender of order) slices.get(contender.name)?.push(await measure(contender, pace.seconds, rate));
  }
  return slices;
}

/**
 * Processor time is counted until the work that was left behind is done: what a gateway puts off to later is as much a cost
 * of its calls as what it does at once.
 */
async function measure({ loads, tree }: Contender, seconds: number, rate: number | null): Promise<Slice> {
  const before = tree?.usage();
  const loaded = await (rate === null ? closedLoop(loads, seconds) : fixedRate(loads, rate, seconds));
  if (tree === null || before === undefined) return { ...shown(loaded), cost: null };
  await quiet(tree);
  return { ...shown(loaded), cost: costOf(before, tree.usage(), loaded.calls) };
}

/** What each of so many calls cost between two looks. */
export function costOf(before: TreeUsage, after: TreeUsage, calls: number): Cost {
  const per = (part: 'main' | 'database' | 'helpers'): number =>
    ((after[part].cpu - before[part].cpu) * 1000) / Math.max(1, calls);
  const [main, database, helpers] = [per('main'), per('database'), per('helpers')];
  return { main, database, helpers, sum: main + database + helpers };
}

function shown({ calls, perSecond, latencies, errors, firstError }: Loaded): Omit<Slice, 'cost'> {
  const { p50, p95, p99 } = latencies.quantiles();
  return { calls, perSecond, p50, p95, p99, errors, firstError };
}

const lookEveryMs = 100;
const quietLooks = 3;
const quietWithinMs = 10_000;

/** Waits until nearly nothing is done for a while. */
async function quiet(tree: ProcessTree): Promise<void> {
  let last = busy(tree);
  let calm = 0;
  for (let waited = 0; calm < quietLooks && waited < quietWithinMs; waited += lookEveryMs) {
    await sleep(lookEveryMs);
    const now = busy(tree);
    calm = now - last <= 10 ? calm + 1 : 0;
    last = now;
  }
}

function busy(tree: ProcessTree): number {
  const { main, database, helpers } = tree.usage();
  return main.cpu + database.cpu + helpers.cpu;
}
