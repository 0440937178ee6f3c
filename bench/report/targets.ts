import { drift, median, ratio } from '../measure/statistics.ts';
import type { Slice } from '../measure/compare.ts';
import type { Measured, Result } from '../cases/result.ts';

export interface Target {
  readonly what: string;
  readonly wanted: string;
  readonly got: number;
  /** How `got` is to be shown. */
  readonly unit: 'times' | 'share' | 'KiB' | 'MiB' | 'µs' | 'count';
  readonly met: boolean;
}

/** What this project promises itself, as far as the results speak of it. */
export function targetsOf(results: readonly Result[]): Target[] {
  return results.flatMap((result) => {
    switch (result.kind) {
      case 'compared':
        return ofCompared(result);
      case 'held': {
        const most = result.streams ? 20 : 10;
        const what = result.streams ? 'memory of an idle session with an open stream' : 'memory of an idle session';
        return [atMost(`${what}, at ${result.sessions}`, result.mainEach, most, 'KiB')];
      }
      case 'drift':
        return [atMost(`growth of memory in ${result.minutes} minutes of load`, drift(result.main), 0.1, 'share')];
      case 'authorization': {
        const { snapshot, callers, lists } = result.memory;
        return [
          atMost('who asks and may they, a message', result.warm.everybody, 6, 'µs'),
          atMost('who asks and may they, the first message (99 of 100)', result.cold.p99, 2_000, 'µs'),
          atMost('memory of who may do what', snapshot + callers + lists, 100, 'MiB'),
        ];
      }
      case 'failed':
        return [{ what: `${result.name}: measured`, wanted: 'at least 1', got: 0, unit: 'count', met: false }];
    }
  });
}

function ofCompared({ name, contenders }: Extract<Result, { kind: 'compared' }>): Target[] {
  const find = (wanted: string): Measured | undefined => contenders.find((one) => one.name === wanted);
  const hub = find('hub');
  const targets: Target[] = [];
  const cost = (of: Measured | undefined, to: Measured | undefined, most: number): void => {
    if (of === undefined || to === undefined) return;
    const over = `${name}: processor time a call, over ${to.name}`;
    targets.push(atMost(over, ratio(costs(of, 'sum'), costs(to, 'sum')), most, 'times'));
    if (median(costs(of, 'database')) === 0) return;
    targets.push(
      atMost(`${over}, the hub's process alone`, ratio(costs(of, 'main'), costs(to, 'main')), most, 'times'),
    );
  };
  const most = mostCost[name];
  if (most !== undefined) cost(hub, find('ready-made bytes') ?? find('bare proxy') ?? find('stdio gateway'), most);
  cost(find('across eras'), find('same era'), 1.5);
  cost(find('200 tokens'), find('one token'), 1.05);
  cost(find('record on'), find('record off'), 1.35);
  const least = leastThroughput[name];
  const direct = find('direct');
  if (least !== undefined && hub !== undefined && direct !== undefined) {
    targets.push(atLeast(`${name}: calls a second, over direct`, ratio(rates(hub), rates(direct)), least));
  }
  if (hub !== undefined) targets.push(atMost(`${name}: errors`, errors(hub), 0, 'count'));
  return targets;
}

const mostCost: Readonly<Record<string, number>> = {
  'http-100B-c32': 2,
  'http-10KB-c32': 2.5,
  'stdio-100B-c32': 1.7,
  'mux-256': 1.5,
  'list-1000': 3,
  'churn-http': 1.5,
  'churn-stdio': 1.5,
};
const leastThroughput: Readonly<Record<string, number>> = { 'http-100B-c32': 0.28, 'http-1MB-c4': 0.45 };

export function costs({ slices }: Measured, part: 'main' | 'database' | 'helpers' | 'sum'): number[] {
  return slices.map(({ cost }) => cost?.[part] ?? Number.NaN);
}

export function rates({ slices }: Measured): number[] {
  return slices.map(({ perSecond }) => perSecond);
}

export function errors({ slices }: { readonly slices: readonly Pick<Slice, 'errors'>[] }): number {
  return slices.reduce((sum, slice) => sum + slice.errors, 0);
}

function atMost(what: string, got: number, most: number, unit: Target['unit']): Target {
  return { what, wanted: `at most ${most}`, got, unit, met: got <= most };
}

function atLeast(what: string, got: number, least: number): Target {
  return { what, wanted: `at least ${least}`, got, unit: 'times', met: got >= least };
}
