import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** Where and among which neighbours it was measured. */
export interface Machine {
  readonly processors: number;
  readonly model: string;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  /** Processes that wanted to run in the minute before. */
  readonly loadBefore: number;
  /** Percent of the time that went to other guests of the same host. */
  readonly stolen: number;
}

/** Call it at the beginning; what it answers tells of the time in between. */
export function watchMachine(): () => Machine {
  const [first] = cpus();
  const loadBefore = Number((loadavg()[0] ?? 0).toFixed(1));
  const before = times();
  return () => {
    const after = times();
    return {
      processors: cpus().length,
      model: first?.model ?? 'unknown',
      memoryGiB: Math.round(totalmem() / 1024 ** 3),
      kernel: release(),
      node: process.version,
      loadBefore,
      stolen: Number(((100 * (after.stolen - before.stolen)) / Math.max(1, after.all - before.all)).toFixed(1)),
    };
  };
}

function times(): { readonly all: number; readonly stolen: number } {
  const [line = ''] = readFileSync('/proc/stat', 'latin1').split('\n');
  const fields = line.trim().split(/\s+/).slice(1, 9).map(Number);
  return { all: fields.reduce((sum, field) => sum + field, 0), stolen: fields[7] ?? 0 };
}
