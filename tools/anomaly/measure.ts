// How much misuse the baselines of callers give away, and how often they tell of honest work: the tables of docs/detection.md.
//
//   npm run detection -- --anomaly SESSIONS TOOLS          prints them; with --write, also into the page
//
// The files are those of tools/flow. Everything is seeded.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { newCallerBaseline, observe } from '@mcpvault/domain/anomaly/caller-baseline';
import { createSeededRandom } from '../training/seeded-random.ts';
import { readSessions, readTools } from '../flow/recorded-sessions.ts';
import { makePerson, misuse, workOf, type World } from './working-life.ts';

const [sessionsFile, toolsFile] = process.argv.slice(2).filter((word) => !word.startsWith('--'));
if (sessionsFile === undefined || toolsFile === undefined)
  throw new Error('npm run detection -- --anomaly SESSIONS TOOLS [--write]');
const random = createSeededRandom(5);
const world: World = { sessions: readSessions(sessionsFile), tools: readTools(toolsFile), random };

const people = 40;
const learning = 30;
const watched = 60;
const sensitivities = [12, 16, 20] as const;
const told = sensitivities.map(() => 0);
const found = new Map<string, { tried: number; told: number[]; calls: number[] }>();
let personDays = 0;
let calls = 0;

for (let who = 0; who < people; who++) {
  const person = makePerson(world);
  const baselines = sensitivities.map(newCallerBaseline);
  for (let day = 4; day < 4 + learning + watched; day++) {
    const isWatched = day >= 4 + learning;
    if (isWatched && day % 7 === 2) tryMisuse(person, day, baselines);
    const work = workOf(world, person, day);
    if (isWatched && work.length > 0) personDays++;
    if (isWatched) calls += work.length;
    for (const seen of work)
      for (const [at, bits] of sensitivities.entries()) {
        const baseline = baselines[at];
        if (baseline === undefined) continue;
        const anomaly = observe(baseline, seen, { bits, days: 5 });
        if (anomaly !== null && isWatched) told[at] = (told[at] ?? 0) + 1;
        if (anomaly !== null && isWatched && process.argv.includes('--told') && bits === 16)
          process.stdout.write(
            `${anomaly.bits} ${anomaly.reasons.map(({ kind, bits: some }) => `${kind} ${some}`).join(', ')}\n`,
          );
      }
  }
}

/** On copies, so that nobody learns from it. */
function tryMisuse(
  person: ReturnType<typeof makePerson>,
  day: number,
  baselines: ReturnType<typeof newCallerBaseline>[],
): void {
  for (const [kind, seen] of Object.entries(misuse(world, person, day))) {
    const entry = found.get(kind) ?? { tried: 0, told: sensitivities.map(() => 0), calls: [] };
    found.set(kind, entry);
    entry.tried++;
    for (const [at, bits] of sensitivities.entries()) {
      const copy = structuredClone(baselines[at] ?? newCallerBaseline());
      const first = seen.findIndex((one) => observe(copy, one, { bits, days: 5 }) !== null);
      if (first < 0) continue;
      entry.told[at] = (entry.told[at] ?? 0) + 1;
      if (bits === 16) entry.calls.push(first + 1);
    }
  }
}

const percent = (some: number, of: number) => `${((some / of) * 100).toFixed(1)} %`;
const median = (all: readonly number[]) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)] ?? '–';
const tables = [
  `| misuse | tried | ${sensitivities.map((bits) => `told at ${bits} bits`).join(' | ')} | calls until then (median, 16 bits) |`,
  `| --- | ---: |${sensitivities.map(() => ' ---: |').join('')} ---: |`,
  ...[...found].map(
    ([kind, { tried, told: some, calls: until }]) =>
      `| ${kind} | ${tried} | ${some.map((one) => percent(one, tried)).join(' | ')} | ${median(until)} |`,
  ),
  '',
  `| honest work | ${sensitivities.map((bits) => `at ${bits} bits`).join(' | ')} |`,
  `| --- |${sensitivities.map(() => ' ---: |').join('')}`,
  `| told, in ${personDays} days of ${people} people with ${calls} calls | ${told.join(' | ')} |`,
  `| a day, for 100 people at work | ${told.map((some) => ((some / personDays) * 100).toFixed(1)).join(' | ')} |`,
].join('\n');
process.stdout.write(`${tables}\n`);
if (process.argv.includes('--write')) {
  const path = fileURLToPath(new URL('../../docs/detection.md', import.meta.url));
  const [begin, end] = ['<!-- anomaly:begin -->', '<!-- anomaly:end -->'];
  const page = readFileSync(path, 'utf8');
  writeFileSync(path, `${page.split(begin)[0]}${begin}\n\n${tables}\n\n${end}${page.split(end)[1]}`);
}
