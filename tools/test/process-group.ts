// What still runs of a process group, and its end. A group outlives its leader: that is how processes left behind show.
import { readdir, readFile } from 'node:fs/promises';

const graceMs = 3000;
const stepMs = 100;

/** Signals every process of the group. */
export function killGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    // Nobody is left to end.
  }
}

/** True when processes of the group were still there after a grace; they have been ended. */
export async function endLeftovers(group: number): Promise<boolean> {
  if (await diesOut(group)) return false;
  killGroup(group, 'SIGKILL');
  // On a busy machine even that takes its moment.
  await diesOut(group);
  return true;
}

async function diesOut(group: number): Promise<boolean> {
  for (let waited = 0; waited < graceMs; waited += stepMs) {
    if (!(await hasLiving(group))) return true;
    await new Promise((resolve) => setTimeout(resolve, stepMs));
  }
  return false;
}

/** True while any process of the group runs. */
export async function hasLiving(group: number): Promise<boolean> {
  if (!signalReaches(group)) return false;
  if (process.platform !== 'linux') return true;
  // A signal reaches dead processes too until somebody collects them, which not every first process of a container does.
  for (const pid of await readdir('/proc')) {
    if (/^\d+$/.test(pid) && isLivingMember(await statOf(pid), group)) return true;
  }
  return false;
}

function signalReaches(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

async function statOf(pid: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return '';
  }
}

/** `stat` is "pid (name) state ppid group …", where the name may hold anything. */
function isLivingMember(stat: string, group: number): boolean {
  const [state, , its] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(its) === group && state !== 'Z' && state !== 'X';
}
