// Whether a process still runs, for proofs that none was left behind.

import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** A process that ended but that nobody has collected yet counts as ended. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

/** False when it still runs after `patienceMs`. */
export async function endsWithin(pid: number, patienceMs: number): Promise<boolean> {
  for (let waited = 0; waited < patienceMs; waited += 25) {
    if (!isAlive(pid)) return true;
    await setTimeout(25);
  }
  return !isAlive(pid);
}

function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return true;
  }
}
