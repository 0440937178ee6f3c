// The published benchmarks: what MCPVault adds to a call, measured against the same call made directly and through
// references of this room, in one session. It loads this machine only, and ends what it started and nothing else.
import { writeFile } from 'node:fs/promises';
import { type Case, cases, chosen } from './cases/case.ts';
import type { Result } from './cases/result.ts';
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

const members = 20;
const tokensPerMember = 10;

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) process.stdout.write(usage);
  else if (process.platform !== 'linux') throw new Error('Processor time is read from /proc, which only Linux has.');
  else await bench(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function bench({ only, drift, json, pace }: Options): Promise<void> {
  const wanted = chosen(cases, only, drift);
  const machine = watchMachine();
  const results: Result[] = [];
  {
    await using stage = await openStage();
    const shared = wanted.filter(({ kind }) => kind !== 'held' && kind !== 'drift');
    if (shared.length > 0) {
      await using hub = await stage.startHub({ members, tokensPerMember });
      for (const it of shared) results.push(await tell(it, runWith(it, stage, hub)));
    }
    for (const it of wanted) {
      if (it.kind === 'held') results.push(await tell(it, runHeldCase(it, stage)));
      if (it.kind === 'drift') results.push(await tell(it, runDriftCase(it, stage)));
    }
  }
  process.stdout.write(`${markdown(machine(), results)}\n`);
  if (json === null) return;
  const measured = { machine: machine(), pace, results, targets: targetsOf(results) };
  await writeFile(json, `${JSON.stringify(measured, null, 1)}\n`);

  function runWith(it: Case, stage: Stage, hub: RunningHub): Promise<Result> {
    if (it.kind === 'call') return runCallCase(it, stage, hub, pace);
    if (it.kind === 'tokens' || it.kind === 'record') return runHubCase(it, stage, hub, pace);
    throw new Error(`${it.name} wants a hub of its own`);
  }
}

async function tell(it: Case, running: Promise<Result>): Promise<Result> {
  const began = performance.now();
  process.stderr.write(`${it.name} …`);
  const result = await running;
  process.stderr.write(` ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
  return result;
}
