import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Authorization } from '../authorization/measure.ts';
import type { AuthorizationCase } from './case.ts';
import type { Result } from './result.ts';

const program = fileURLToPath(new URL('../authorization/measure.ts', import.meta.url));
const limitMs = 300_000;

/** In a process of its own, so that nothing else is on its heap. */
export async function runAuthorizationCase({ name }: AuthorizationCase): Promise<Result> {
  const child = spawn(process.execPath, ['--expose-gc', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: limitMs,
  });
  const said = await child.stdout.toArray();
  const measured = JSON.parse(Buffer.concat(said).toString()) as Authorization;
  return { kind: 'authorization', name, ...measured };
}
