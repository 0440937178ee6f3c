// `npm test -- [suite …] [part of a path …]`: runs the checks and every suite, and ends with one line of counts.
// Skips nothing silently: what cannot run here is named with its reason, and in CI it is a failure.
import { styleText } from 'node:util';
import { fileURLToPath } from 'node:url';
import { runChecks } from '../check/run-checks.ts';
import { type Counts, closingLine, exitCode, none, sum } from './counts.ts';
import { type Equipment, equip } from './equipment.ts';
import { filesOf, runSuite } from './run-suite.ts';
import { type Suite, suites } from './suites.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const ci = !['', '0', 'false', undefined].includes(process.env['CI']);
const words = new Set(['check', ...suites.map((suite) => suite.word)]);

const asked = process.argv.slice(2);
const chosen = asked.filter((argument) => words.has(argument));
const filters = asked.filter((argument) => !words.has(argument));
const isChosen = (word: string): boolean => chosen.length === 0 || chosen.includes(word);

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, () => stop.abort());

const say = (line: string): void => console.log(line);
const heading = (text: string): void => say(`\n${styleText('bold', text)}`);

process.exit(await main());

async function main(): Promise<number> {
  const plan = await planned();
  const equipment = await equip(
    new Set(plan.flatMap(({ suite }) => suite.needs)),
    {
      postgresBin: process.env['MCPVAULT_TEST_PG_BIN'],
      chromium: process.env['MCPVAULT_TEST_CHROMIUM'],
      mayInstall: process.env['MCPVAULT_TEST_INSTALL'] !== 'off',
    },
    (line) => say(`  ${line}`),
  );
  const counts: Counts[] = [];
  if (isChosen('check') && filters.length === 0) {
    heading('Checks: format, lint, types, dead code, architecture');
    counts.push(await runChecks(root, say, stop.signal));
  }
  for (const { suite, files } of plan) {
    if (stop.signal.aborted) break;
    heading(suite.heading);
    counts.push(await runOrExplain(suite, files, equipment));
  }
  return closeWith(counts);
}

async function planned(): Promise<{ suite: Suite; files: string[] }[]> {
  const wanted = suites.filter((suite) => isChosen(suite.word));
  const plan = await Promise.all(wanted.map(async (suite) => ({ suite, files: await filesOf(suite, root, filters) })));
  return filters.length === 0 ? plan : plan.filter(({ files }) => files.length > 0);
}

async function runOrExplain(suite: Suite, files: readonly string[], equipment: Equipment): Promise<Counts> {
  if (files.length === 0) return leftOut(suite, 'it has no files');
  const lacking = suite.needs.map((need) => equipment.missing.get(need)).find((reason) => reason !== undefined);
  if (lacking !== undefined) return leftOut(suite, lacking);
  return runSuite(suite, files, { root, env: environment(equipment), filters, abort: stop.signal, say });
}

/** One suite that could not run counts as one skipped test, and in CI as one failed test. */
function leftOut(suite: Suite, reason: string): Counts {
  say(`${ci ? '✖ not run' : '﹣ skipped'}: ${suite.name}: ${reason}`);
  return { ...none, [ci ? 'failed' : 'skipped']: 1 };
}

function environment(equipment: Equipment): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(equipment.postgresBin === undefined ? {} : { MCPVAULT_TEST_PG_BIN: equipment.postgresBin }),
    ...(equipment.chromium === undefined ? {} : { MCPVAULT_TEST_CHROMIUM: equipment.chromium }),
    ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }),
  };
}

function closeWith(counts: readonly Counts[]): number {
  const total = sum(counts);
  if (stop.signal.aborted) say('\nStopped before the end.');
  if (total.passed + total.failed + total.skipped === 0) say('\nNo test file matches.');
  if (ci && total.skipped > 0) say('\nIn CI nothing may be skipped.');
  say(`\n${closingLine(total)}`);
  return stop.signal.aborted ? 130 : exitCode(total, ci);
}
