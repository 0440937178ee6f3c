// Runs one test file as a process group of its own, so that a file that hangs or leaves processes behind is found out and
// ended without harm to the others.
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { countsMark } from './counting-reporter.ts';
import { type Counts, fromRunner, none } from './counts.ts';
import { endLeftovers, killGroup } from './process-group.ts';

const lastWordsMs = 2000;
/** A file that is told to end may still end what it started. */
const cleanUpMs = 5000;

export interface FileRun {
  /** Relative to the root. */
  readonly file: string;
  readonly counts: Counts;
  /** What the runner printed, colours included, without its own closing numbers. */
  readonly output: string;
  readonly seconds: number;
}

export interface FileLimits {
  /** A single test fails after this many seconds. */
  readonly testSeconds: number;
  /** The whole file, its process included, is ended after this many seconds. */
  readonly fileSeconds: number;
}

const reporter = fileURLToPath(new URL('./counting-reporter.ts', import.meta.url));

export async function runFile(
  root: string,
  file: string,
  env: NodeJS.ProcessEnv,
  limits: FileLimits,
  abort: AbortSignal,
): Promise<FileRun> {
  const began = performance.now();
  const flags = [
    `--test-timeout=${limits.testSeconds * 1000}`,
    `--test-reporter=${reporter}`,
    '--test-reporter-destination=stdout',
  ];
  const child = spawn(process.execPath, [...flags, file], {
    cwd: root,
    // Set when this code is itself under test; the file would then report to nobody.
    env: { ...env, NODE_TEST_CONTEXT: undefined },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = await endOf(child, limits.fileSeconds, abort);
  const reported = readCounts(ended.output);
  const trouble = troubleOf(ended, reported);
  const output = withoutTotals(ended.output);
  return {
    file,
    counts: trouble === undefined ? (reported ?? none) : withFailure(reported ?? none),
    output: trouble === undefined ? output : `${output}\n✖ ${trouble}\n`,
    seconds: (performance.now() - began) / 1000,
  };
}

interface Ended {
  readonly code: number | null;
  readonly output: string;
  readonly stopped: 'too slow' | 'aborted' | undefined;
  /** Processes of the file's group outlived it; they have been ended. */
  readonly leftovers: boolean;
}

function endOf(child: ChildProcess, seconds: number, abort: AbortSignal): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let output = '';
    let stopped: Ended['stopped'];
    let killing: NodeJS.Timeout | undefined;
    const keep = (chunk: string): void => {
      output += chunk;
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    const stop = (why: 'too slow' | 'aborted'): void => {
      stopped ??= why;
      if (child.pid === undefined) return;
      const group = child.pid;
      killGroup(group, 'SIGTERM');
      killing ??= setTimeout(() => killGroup(group, 'SIGKILL'), cleanUpMs);
    };
    const timer = setTimeout(() => stop('too slow'), seconds * 1000);
    const onAbort = (): void => stop('aborted');
    abort.addEventListener('abort', onAbort, { once: true });
    if (abort.aborted) onAbort();
    child.on('error', reject);
    const closed = new Promise<void>((done) => child.on('close', () => done()));
    child.on('exit', (code) => {
      clearTimeout(timer);
      clearTimeout(killing);
      abort.removeEventListener('abort', onAbort);
      const left = child.pid === undefined ? Promise.resolve(false) : endLeftovers(child.pid);
      left
        // What was printed last may still be on its way; a process that left the group may hold the pipe open for ever.
        .then((leftovers) =>
          Promise.race([closed, pause(lastWordsMs, undefined, { ref: false })]).then(() => leftovers),
        )
        .then((leftovers) => resolve({ code, output, stopped, leftovers }), reject);
    });
  });
}

function readCounts(output: string): Counts | undefined {
  const line = output.slice(output.lastIndexOf(countsMark) + countsMark.length).split('\n', 1)[0];
  // Without the line the file ended before its tests did; the exit says the rest.
  return output.includes(countsMark) && line ? fromRunner(JSON.parse(line)) : undefined;
}

function troubleOf(ended: Ended, counts: Counts | undefined): string | undefined {
  if (ended.stopped === 'aborted') return 'stopped on request';
  if (ended.stopped === 'too slow') return 'did not end by itself in time: a test hangs, or something was left open';
  if (counts === undefined) return `ended before its tests did (exit code ${ended.code})`;
  if (ended.leftovers) return 'left processes behind';
  if (counts.passed + counts.failed + counts.skipped === 0) return 'holds no tests';
  if (ended.code !== 0 && counts.failed === 0) return `failed outside its tests (exit code ${ended.code})`;
  return undefined;
}

function withFailure(counts: Counts): Counts {
  return { ...counts, failed: counts.failed + 1 };
}

/** The runner's own totals of one file would only drown the run's. */
function withoutTotals(output: string): string {
  return output
    .split('\n')
    .filter((line) => !line.startsWith(countsMark))
    .filter((line) => !/^\S*ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) [\d.]+\S*$/.test(line))
    .join('\n')
    .trim();
}
