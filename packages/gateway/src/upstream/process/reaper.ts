// The process that outlives the hub by two seconds: told of every process group over stdin, it ends them all when stdin
// closes, which is what a kill -9 of the hub looks like from here. It also ends descendants that left their group once
// their server process has ended. It knows groups and ids, and nothing of what runs in them.
//
// Runs by itself: node reaper.ts <instance>. Lines: `+<group> <process id>` and `-<group> <process id>`.
import { endGroup } from './process-group.ts';
import { endMarked, findMarked } from './sweep.ts';

const instance = process.argv[2] ?? '';
const grace = 2_000;
/** Milliseconds to gather ended processes before looking for their strays, since each look reads all of /proc. */
const strayDelay = 250;

const groups = new Map<number, string>();
const ended = new Set<string>();
let rest = '';
let looking: Promise<unknown> | null = null;

// A signal meant for the hub's whole service must not end the one that ends the others.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

process.stdin.setEncoding('utf8');
process.stdin.on('data', (text: string) => {
  const lines = (rest + text).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) take(line);
});
process.stdin.on('error', () => {});
process.stdin.on('close', () => void endAll());

function take(line: string): void {
  const [group = '', id = ''] = line.slice(1).split(' ');
  if (!(Number(group) > 1)) return;
  if (line.startsWith('+')) {
    groups.set(Number(group), id);
  } else {
    groups.delete(Number(group));
    ended.add(id);
    looking ??= lookForStrays();
  }
}

async function lookForStrays(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, strayDelay).unref());
  const ids = new Set(ended);
  ended.clear();
  await endMarked(() => findMarked(instance, ids));
  looking = ended.size > 0 ? lookForStrays() : null;
}

async function endAll(): Promise<void> {
  const ids = new Set([...groups.values(), ...ended]);
  await Promise.all([looking, ...[...groups.keys()].map((group) => endGroup(group, grace))]);
  await endMarked(() => findMarked(instance, ids));
  process.exit(0);
}
