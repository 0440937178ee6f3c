import type { ProcessLimits } from '@mcpvault/domain/catalog/process-rules';

export interface LimitMeans {
  /** Of `prlimit`, null where there is none. */
  readonly prlimit: string | null;
  /** Memory and processes of a whole tree can be bounded. */
  readonly groups: boolean;
  /** The process will have a user namespace of its own, in which its processes are counted from zero. */
  readonly ownUser: boolean;
  /** The hub runs as root, whose processes the kernel does not count. */
  readonly root: boolean;
}

export interface LimitPlan {
  /** To be put before the program; empty when nothing is to be done. */
  readonly prefix: readonly string[];
  /** Limits that nothing here can hold, each as one sentence with its fix. */
  readonly missing: readonly string[];
}

const mebibyte = 1024 * 1024;
/** Without control groups it is reserved memory that counts, of which a runtime takes this much before it does anything. */
const reserve = 512;

/** How the limits of one process and its descendants are held; those of calls and of its life are not the system's. */
export function planLimits(limits: ProcessLimits, means: LimitMeans): LimitPlan {
  const { memory, cpuSeconds, processes } = limits;
  const wanted = [
    ...(memory === null || means.groups ? [] : [`--data=${(memory + reserve) * mebibyte}`]),
    // Asked first with SIGXCPU, and killed five seconds later.
    ...(cpuSeconds === null ? [] : [`--cpu=${cpuSeconds}:${cpuSeconds + 5}`]),
    ...(processes === null || !countsByItself(means) ? [] : [`--nproc=${processes}`]),
  ];
  const missing: string[] = [];
  if (means.prlimit === null && wanted.length > 0) missing.push(noPrlimit);
  if (processes !== null && !means.groups && !(countsByItself(means) && means.prlimit !== null)) missing.push(noCount);
  if (means.prlimit === null || wanted.length === 0) return { prefix: [], missing };
  return { prefix: [means.prlimit, '--core=0', ...wanted, '--'], missing };
}

function countsByItself({ ownUser, root }: LimitMeans): boolean {
  return ownUser && !root;
}

const noPrlimit =
  'Memory and processor time cannot be limited, because prlimit is missing. On Debian: apt-get install util-linux.';
const noCount =
  'The number of processes cannot be limited here. Let the hub have a control group of its own, or run it as an ordinary user with bubblewrap.';
