// Runs the files of one suite, a few at a time, and says for each how it went: one line when it passed, all of what it
// printed when it did not.
import { glob } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { type Counts, sum } from './counts.ts';
import { type FileRun, runFile } from './run-file.ts';
import type { Suite } from './suites.ts';

export interface SuiteRun {
  readonly root: string;
  readonly env: NodeJS.ProcessEnv;
  /** Parts of paths; a file runs when it holds any of them, or when there are none. */
  readonly filters: readonly string[];
  readonly abort: AbortSignal;
  readonly say: (line: string) => void;
}

export async function filesOf(suite: Suite, root: string, filters: readonly string[]): Promise<string[]> {
  const files = await Array.fromAsync(
    glob([...suite.files], { cwd: root, exclude: ['**/node_modules/**', ...(suite.except ?? [])] }),
  );
  return files.filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter))).toSorted();
}

export async function runSuite(suite: Suite, files: readonly string[], run: SuiteRun): Promise<Counts> {
  const queue = [...files];
  const results: Counts[] = [];
  const work = async (): Promise<void> => {
    for (let file = queue.shift(); file !== undefined && !run.abort.aborted; file = queue.shift()) {
      const result = await runFile(run.root, file, { ...run.env, ...suite.env }, suite.limits, run.abort);
      run.say(describe(result));
      results.push(result.counts);
    }
  };
  await Promise.all(Array.from({ length: Math.min(suite.atATime, availableParallelism()) }, work));
  return sum(results);
}

function describe({ file, counts, output, seconds }: FileRun): string {
  const time = `${seconds.toFixed(1)} s`;
  if (counts.failed > 0) {
    return `✖ ${file}: ${counts.failed} failed, ${counts.passed} passed (${time})\n${indented(output)}`;
  }
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  return [`✔ ${file}: ${counts.passed} passed${skipped} (${time})`, ...worthSaying(output).map(indented)].join('\n');
}

/** Of a file that passed: what it skipped, and what it wanted to be known. */
function worthSaying(output: string): string[] {
  return output.split('\n').filter((line) => /^\s*\S*(﹣|ℹ) /.test(line));
}

function indented(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '    ');
}
