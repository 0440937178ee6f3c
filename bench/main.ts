// The published benchmarks: what MCPVault adds to a call, measured against the same call made directly and through
// references of this room, in one session. It loads this machine only, and ends what it started and nothing else. A case that
// fails is told of, and costs the others nothing.
import { writeFile } from 'node:fs/promises';
import { type Case, cases, chosen, serversOf } from './cases/case.ts';
import type { Result } from './cases/result.ts';
import { runAuthorizationCase } from './cases/run-authorization-case.ts';
import { runCallCase } from './cases/run-call-case.ts';
import { runDriftCase } from './cases/run-drift-case.ts';
import { runHeldCase } from './cases/run-held-case.ts';
import { runHubCase } from './cases/run-hub-case.ts';
import { openStage, type Stage } from './cases/stage.ts';
import type { RunningHub } from './hub/start-hub.ts';
import { watchMachine } from './measure/machine.ts';
import { type Options, parseOptions, usage } from './options.ts';
import { markdown } from './report/markdown.ts';
import { targetsOf } from './report/targets.ts';

const usual = { members: 4, tokensPerMember: 1 };
/** Two hundred in all. */
const many = { members: 20, tokensPerMember: 10 };

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(usage);
  else if (process.platform !== 'linux') throw new Error('Processor time is read from /proc, which only Linux has.');
  else await bench(options);
} catch (error) {
  process.stderr.write(`${reasonOf(error)}\n`);
  process.exitCode = 1;
}

async function bench(options: Options): Promise<void> {
  const { only, json, pace } = options;
  const wanted = chosen(cases, only, options.drift);
  const machine = watchMachine();
  const results: Result[] = [];
  await using stage = openStage([...new Set(wanted.flatMap(serversOf))]);
  const interrupted = async (): Promise<void> => {
    process.stderr.write(' interrupted\n');
    await stage[Symbol.asyncDispose]();
    process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void interrupted());
  const plan = wanted.some(({ kind }) => kind === 'tokens') ? many : usual;
  const hub = sharedHub(() => stage.startHub(plan));
  for (const it of wanted) {
    const result = await tell(it, () => runCase(it, stage, hub.get, options));
    // What went wrong may have left it in any state.
    if (result.kind === 'failed') await hub.end();
    results.push(result);
    const measured = { machine: machine(), pace, results, targets: targetsOf(results) };
    if (json !== null) await writeFile(json, `${JSON.stringify(measured, null, 1)}\n`);
  }
  process.stdout.write(`${markdown(machine(), results)}\n`);
  if (results.some(({ kind }) => kind === 'failed')) process.exitCode = 1;
}

async function runCase(
  it: Case,
  stage: Stage,
  hub: () => Promise<RunningHub>,
  { pace, minutes, sessions, quick }: Options,
): Promise<Result> {
  switch (it.kind) {
    case 'call':
      return runCallCase(it, stage, await hub(), pace);
    case 'authorization':
      return runAuthorizationCase(it);
    case 'held':
      return runHeldCase(it, stage, sessions, quick);
    case 'drift':
      return runDriftCase(it, stage, minutes);
    default:
      return runHubCase(it, stage, await hub(), pace);
  }
}

/** One hub for all cases that can share it: started when the first wants it, and again after it was ended. */
function sharedHub(start: () => Promise<RunningHub>) {
  let running: Promise<RunningHub> | null = null;
  return {
    get: (): Promise<RunningHub> => (running ??= start()),
    async end(): Promise<void> {
      const ending = running;
      running = null;
      await (await ending?.catch(() => null))?.[Symbol.asyncDispose]();
    },
  };
}

async function tell(it: Case, run: () => Promise<Result>): Promise<Result> {
  const began = performance.now();
  process.stderr.write(`${it.name} …`);
  try {
    const result = await run();
    process.stderr.write(` ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
    return result;
  } catch (error) {
    process.stderr.write(` failed: ${reasonOf(error)}\n`);
    return { kind: 'failed', name: it.name, why: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
