import { setTimeout as pause } from 'node:timers/promises';

const pollEvery = 25;
/** After SIGKILL only a zombie that nobody collects can still count as a member of the group. */
const killWait = 1_000;

/** Sends a signal to a process group; false when the group has no member. Signal 0 only asks. */
export function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(process.platform === 'win32' ? leader : -leader, signal);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Ends a whole process group: SIGTERM, `grace` milliseconds, SIGKILL. Resolves when it has no member. */
export async function endGroup(leader: number, grace: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return;
  if (await isGone(leader, grace)) return;
  signalGroup(leader, 'SIGKILL');
  await isGone(leader, killWait);
}

async function isGone(leader: number, within: number): Promise<boolean> {
  for (let waited = 0; waited <= within; waited += pollEvery) {
    if (!signalGroup(leader, 0)) return true;
    await pause(pollEvery);
  }
  return !signalGroup(leader, 0);
}
