// The results as Markdown, which reads well in a terminal too.
import { drift, median, ratio } from '../measure/statistics.ts';
import type { Cost } from '../measure/compare.ts';
import type { Machine } from '../measure/machine.ts';
import type { Measured, Result } from '../cases/result.ts';
import { costs, errors, rates, type Target, targetsOf } from './targets.ts';

export function markdown(machine: Machine, results: readonly Result[]): string {
  return [
    `${machine.processors} × ${machine.model}, ${machine.memoryGiB} GiB, Linux ${machine.kernel}, Node ${machine.node}; ` +
      `others kept it busy: load ${machine.loadBefore} before, ${machine.stolen} % stolen`,
    ...results.map(sectionOf),
    targetTable(targetsOf(results)),
  ].join('\n\n');
}

function sectionOf(result: Result): string {
  switch (result.kind) {
    case 'compared':
      return comparedSection(result);
    case 'held':
      return `### ${result.name}\n\n${heldText(result)}`;
    case 'drift':
      return `### ${result.name}\n\n${driftText(result)}`;
    case 'authorization':
      return `### ${result.name}\n\n${authorizationText(result)}`;
    case 'failed':
      return `### ${result.name}\n\nfailed: ${result.why}`;
  }
}

function comparedSection({ name, contenders, loopDelay, processes }: Extract<Result, { kind: 'compared' }>): string {
  const reference = contenders.find(({ slices }) => slices[0]?.cost);
  const rows = contenders.map((one) => [
    one.name,
    number(median(rates(one)), 0),
    number(ratio(rates(one), rates(contenders[0] ?? one)), 2),
    number(median(one.slices.map(({ p50 }) => p50)), 2),
    number(median(one.slices.map(({ p99 }) => p99)), 2),
    ...(one.slices[0]?.cost ? costCells(one, reference ?? one) : ['', '', '', '', '']),
    String(errors(one)),
  ]);
  const first = contenders.flatMap(({ slices }) => slices).find(({ firstError }) => firstError !== null)?.firstError;
  return [
    `### ${name}`,
    '',
    table(
      [
        '',
        'calls/s',
        `× ${contenders[0]?.name}`,
        'p50 ms',
        'p99 ms',
        'µs process',
        'µs database',
        'µs together',
        'process ×',
        'together ×',
        'errors',
      ],
      rows,
    ),
    ...(loopDelay === null ? [] : ['', `event loop of the hub late by ${late(loopDelay)}`]),
    ...(processes === 0 ? [] : ['', `processes of the stdio server: ${processes}`]),
    ...(first === undefined || first === null ? [] : ['', `first error: ${first}`]),
  ].join('\n');
}

function late({ p50, p99, max }: { readonly p50: number; readonly p99: number; readonly max: number }): string {
  return `${number(p50, 1)} ms (median), ${number(p99, 1)} ms (99 of 100), ${number(max, 0)} ms (most)`;
}

/** Microseconds a call, and how many times those of the reference: like with like. */
function costCells(one: Measured, reference: Measured): string[] {
  return [
    number(median(costs(one, 'main')), 1),
    number(median(costs(one, 'database')), 1),
    number(median(costs(one, 'sum')), 1),
    number(ratio(costs(one, 'main'), costs(reference, 'main')), 2),
    number(ratio(costs(one, 'sum'), costs(reference, 'sum')), 2),
  ];
}

function heldText(held: Extract<Result, { kind: 'held' }>): string {
  const { sessions, streams, openedEach, mainEach, wholeEach, leftEach, cost, idle, errors } = held;
  return (
    `${sessions} sessions${streams ? ' with a stream each' : ''}: ${number(mainEach, 1)} KiB each in the hub's process once it ` +
    `rests, ${number(openedEach, 1)} KiB right after they were opened, ${number(wholeEach, 1)} KiB with its database, ` +
    `${number(leftEach, 1)} KiB left of each when they have ended; opening one took ${costText(cost)}; ` +
    `${number(idle * 100, 1)} % of a processor while nothing happened; ${errors} errors`
  );
}

function costText({ main, database, sum }: Cost): string {
  return `${number(sum, 0)} µs (${number(main, 0)} of the process, ${number(database, 0)} of its database)`;
}

function driftText({ minutes, calls, errors, cost, main, whole }: Extract<Result, { kind: 'drift' }>): string {
  const mebibytes = (values: readonly number[]): string => number((values.at(-1) ?? 0) / 1024, 0);
  return (
    `${calls} calls of ${costText(cost)} in ${minutes} minutes, ${errors} errors; memory at the end ${mebibytes(main)} MiB ` +
    `(${signed(drift(main))} since the beginning), with its database ${mebibytes(whole)} MiB (${signed(drift(whole))})`
  );
}

function authorizationText(of: Extract<Result, { kind: 'authorization' }>): string {
  const { members, servers, grants, warm, cold, change, memory } = of;
  return (
    `${members} members, ${servers} servers, ${grants} grants: ${number(warm.everybody, 2)} µs a message of all members in ` +
    `turn, ${number(warm.oneMember, 2)} µs of one; a member’s first message ${number(cold.median, 0)} µs (median), ` +
    `${number(cold.p99, 0)} µs (99 of 100), ${number(cold.most, 0)} µs (most); a grant taken back is gone after ` +
    `${number(change.median, 0)} µs (median), ${number(change.p99, 0)} µs (99 of 100); ${number(memory.snapshot, 0)} MiB of ` +
    `what was read, ${number(memory.callers, 0)} MiB for all members, ${number(memory.lists, 0)} MiB for all their lists`
  );
}

function targetTable(targets: readonly Target[]): string {
  const rows = targets.map(({ what, wanted, got, unit, met }) => [
    what,
    wanted,
    shown(got, unit),
    met ? 'met' : 'missed',
  ]);
  return rows.length === 0 ? '' : table(['target', 'wanted', 'got', ''], rows);
}

function shown(value: number, unit: Target['unit']): string {
  switch (unit) {
    case 'times':
      return number(value, 2);
    case 'share':
      return signed(value);
    case 'µs':
      return `${number(value, 2)} µs`;
    case 'MiB':
      return `${number(value, 0)} MiB`;
    case 'KiB':
      return `${number(value, 1)} KiB`;
    case 'count':
      return String(value);
  }
}

function signed(share: number): string {
  return `${share < 0 ? '' : '+'}${number(share * 100, 1)} %`;
}

function number(value: number, digits: number): string {
  return value.toFixed(digits);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((cell, at) => Math.max(3, cell.length, ...rows.map((row) => (row[at] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
