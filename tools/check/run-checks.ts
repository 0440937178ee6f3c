// Runs the checks side by side: one line for each as it ends, with its time, and all that a failed one said.
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { type Counts, sum } from '../test/counts.ts';
import { killGroup } from '../test/process-group.ts';
import { type Check, checks } from './checks.ts';

interface Ran {
  readonly passed: boolean;
  readonly output: string;
}

export async function runChecks(root: string, say: (line: string) => void, abort: AbortSignal): Promise<Counts> {
  const runs = checks.map(async (check): Promise<Counts> => {
    const began = performance.now();
    const { passed, output } = await run(check, root, abort);
    const time = `${((performance.now() - began) / 1000).toFixed(1)} s`;
    say(passed ? `✔ ${check.name} (${time})` : `✖ ${check.name} (${time})\n${output}\n`);
    return { passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 };
  });
  return sum(await Promise.all(runs));
}

function run(check: Check, root: string, abort: AbortSignal): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...check.command], {
      cwd: root,
      env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: '1' } : {}) },
      stdio: ['ignore', 'pipe', 'pipe'],
      // The type-aware linter and others start programs of their own: one group ends with all of them.
      detached: true,
    });
    let output = '';
    const keep = (chunk: string): void => {
      output += chunk;
    };
    const onAbort = (): void => {
      if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL');
    };
    child.stdout.setEncoding('utf8').on('data', keep);
    child.stderr.setEncoding('utf8').on('data', keep);
    abort.addEventListener('abort', onAbort, { once: true });
    child.on('error', reject);
    child.on('close', (code) => {
      abort.removeEventListener('abort', onAbort);
      // The linter colours what it says in CI, whoever reads it.
      const plain = process.stdout.isTTY ? output : stripVTControlCharacters(output);
      resolve({ passed: code === 0, output: plain.trim() });
    });
  });
}
