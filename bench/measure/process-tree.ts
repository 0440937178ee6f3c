import { readdirSync, readFileSync } from 'node:fs';
import { parseProportionalSize, parseResidentSize, parseStat } from './proc-stat.ts';

/** Whose work it is. `upstream` are the fixtures that a gateway runs: their work is not its own. */
export type Part = 'main' | 'database' | 'helpers' | 'upstream';

export interface Usage {
  /** User and system time since it started, milliseconds. */
  readonly cpu: number;
  readonly processes: number;
}

export type TreeUsage = Readonly<Record<Part, Usage>>;

interface Known {
  readonly pid: number;
  readonly parent: number;
  readonly started: number;
  readonly cpu: number;
}

/** Watches a process and all that descends from it. Reading costs about a millisecond. */
export class ProcessTree {
  readonly #root: number;
  readonly #parts = new Map<string, Part>();
  /** Time of processes that have ended since, by part. */
  readonly #last = new Map<string, { readonly part: Part; readonly cpu: number }>();

  constructor(root: number) {
    this.#root = root;
  }

  usage(): TreeUsage {
    const now = new Map<string, Known>();
    for (const process of descendants(this.#root)) now.set(`${process.pid}.${process.started}`, process);
    for (const [key, { pid, cpu }] of now) this.#last.set(key, { part: this.#partOf(key, pid), cpu });
    const usage = { main: none(), database: none(), helpers: none(), upstream: none() };
    for (const [key, { part, cpu }] of this.#last) {
      usage[part].cpu += cpu;
      if (now.has(key)) usage[part].processes++;
    }
    return usage;
  }

  /** Kibibytes that only this tree's own processes hold, shared pages counted once; without upstreams. */
  memory(): { readonly main: number; readonly whole: number } {
    let whole = 0;
    for (const { pid, started } of descendants(this.#root)) {
      if (this.#partOf(`${pid}.${started}`, pid) !== 'upstream') {
        whole += parseProportionalSize(textOf(`/proc/${pid}/smaps_rollup`));
      }
    }
    return { main: parseResidentSize(textOf(`/proc/${this.#root}/status`)), whole };
  }

  #partOf(key: string, pid: number): Part {
    const seen = this.#parts.get(key);
    if (seen !== undefined) return seen;
    const part = pid === this.#root ? 'main' : partOf(textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' '));
    this.#parts.set(key, part);
    return part;
  }
}

/** By its command line. Whoever only names a fixture among its arguments is not the fixture. */
export function partOf(command: string): Part {
  const [program = '', ...args] = command.trim().split(' ');
  if (/(^|\/)postgres:?$/.test(program)) return 'database';
  return args[0]?.endsWith('-echo.ts') ? 'upstream' : 'helpers';
}

function none(): { cpu: number; processes: number } {
  return { cpu: 0, processes: 0 };
}

function descendants(root: number): Known[] {
  const children = new Map<number, Known[]>();
  let top: Known | null = null;
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    const text = Number.isInteger(pid) ? textOf(`/proc/${pid}/stat`) : '';
    if (text === '') continue;
    const process = { pid, ...parseStat(text) };
    if (pid === root) top = process;
    const siblings = children.get(process.parent);
    if (siblings === undefined) children.set(process.parent, [process]);
    else siblings.push(process);
  }
  const found = top === null ? [] : [top];
  for (let at = 0; at < found.length; at++) found.push(...(children.get(found[at]?.pid ?? -1) ?? []));
  return found;
}

/** Empty when the process is gone. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
