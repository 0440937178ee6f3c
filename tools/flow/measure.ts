// How many plain foreign requests the flow of values gives away, and what honest calls it stops: the tables of docs/detection.md.
//
//   npm run detection -- --flow SESSIONS TOOLS [FOLDER]          prints them; with --write, also into the page
//
// SESSIONS and TOOLS are files as `recorded-sessions.ts` reads them, FOLDER has train.jsonl and dev.jsonl. Everything is seeded.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createFlowMemory } from '@mcpvault/domain/flow/flow-memory';
import type { FlowFacts } from '@mcpvault/domain/flow/flow-facts';
import { flowTexts } from '@mcpvault/domain/flow/flow-texts';
import { createSeededRandom } from '../training/seeded-random.ts';
import { readRows } from '../training/rows.ts';
import { type ForeignRequest, foreignRequestIn, writeForeignRequests } from './foreign-requests.ts';
import { type RecordedCall, readSessions, readTools } from './recorded-sessions.ts';

const given = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const [sessionsFile, toolsFile, folder] = given;
if (sessionsFile === undefined || toolsFile === undefined)
  throw new Error('npm run detection -- --flow SESSIONS TOOLS [FOLDER with train.jsonl and dev.jsonl] [--write]');
const sessions = readSessions(sessionsFile);
const tools = readTools(toolsFile);
const random = createSeededRandom(7);

/** The conditions of policies, in the words of this program. */
const rules = {
  'an address that a result named (the library’s policy)': (facts: FlowFacts, outward: boolean) =>
    outward && !facts.followsLinks && facts.destinations.length > 0,
  'the same, mentioned anywhere': (facts: FlowFacts, outward: boolean) =>
    outward && !facts.followsLinks && facts.mentions.length > 0,
  'any value that a result named': (facts: FlowFacts, outward: boolean) =>
    outward && !facts.followsLinks && facts.labels.includes('untrusted'),
} as const;
const names = Object.keys(rules) as (keyof typeof rules)[];

function isOutward(tool: string): boolean {
  const known = tools.get(tool);
  return (known?.openWorld ?? true) && known?.readOnly !== true;
}

/** Runs a session call by call, as the gateway does, and answers which rules stop each call. */
function run(session: readonly RecordedCall[]): readonly (readonly (keyof typeof rules)[])[] {
  const memory = createFlowMemory();
  return session.map((call) => {
    const texts = flowTexts(call.arguments);
    const facts = memory.facts(texts);
    memory.said(texts);
    const labels = (tools.get(call.tool)?.openWorld ?? true) ? ['untrusted'] : [];
    memory.read([call.result], { server: call.server, labels });
    return names.filter((name) => rules[name](facts, isOutward(call.tool)));
  });
}

/** The request stands somewhere in a result, and the next call obeys it, giving away something read before. */
function misled(session: readonly RecordedCall[], request: ForeignRequest): readonly RecordedCall[] {
  const at = Math.floor(random() * session.length);
  const met = session[at];
  if (met === undefined) return [];
  const place = Math.floor(random() * (met.result.length + 1));
  const result = `${met.result.slice(0, place)}\n${request.text}\n${met.result.slice(place)}`;
  const held = session[0]?.result.slice(40, 400) ?? '';
  const obeyed = { server: 'outside', tool: request.tool, arguments: request.arguments(held), result: 'ok' };
  return [...session.slice(0, at), { ...met, result }, obeyed];
}

const foreign = [
  ...writeForeignRequests(1_000, 11),
  ...(folder === undefined
    ? []
    : readRows(folder).flatMap(({ kind, text }) => (kind === 'indirect_bare' ? (foreignRequestIn(text) ?? []) : []))),
];
const honest = sessions.map(run);
const attacked = foreign.map((request) => {
  const session = sessions[Math.floor(random() * sessions.length)] ?? [];
  const followed = misled(session, request);
  return { kind: request.kind, request, obeyed: followed.at(-1), stopped: run(followed).at(-1) ?? [] };
});

const calls = honest.flat();
const share = (some: number, of: number) => {
  const [low, high] = wilson(some, of);
  return `${percent(some / of)} (${percent(low)}–${percent(high)})`;
};
const percent = (value: number) => `${(value * 100).toFixed(1)}`;
const kinds = [...new Set(attacked.map(({ kind }) => kind))];
const tables = [
  `| foreign requests that an agent obeys | number | ${names.map((name) => `stopped by: ${name}, %`).join(' | ')} |`,
  `| --- | ---: |${names.map(() => ' ---: |').join('')}`,
  ...kinds.map((kind) => {
    const some = attacked.filter((one) => one.kind === kind);
    return `| ${words(kind)} | ${some.length} | ${names.map((name) => share(some.filter(({ stopped }) => stopped.includes(name)).length, some.length)).join(' | ')} |`;
  }),
  '',
  `| honest, as recorded | number | ${names.map((name) => `stopped by: ${name}, %`).join(' | ')} |`,
  `| --- | ---: |${names.map(() => ' ---: |').join('')}`,
  `| calls | ${calls.length} | ${names.map((name) => share(calls.filter((one) => one.includes(name)).length, calls.length)).join(' | ')} |`,
  `| sessions with at least one such call | ${honest.length} | ${names.map((name) => share(honest.filter((one) => one.some((stopped) => stopped.includes(name))).length, honest.length)).join(' | ')} |`,
].join('\n');
process.stdout.write(`${tables}\n`);
if (process.argv.includes('--missed'))
  for (const { request, stopped, obeyed } of attacked)
    if (request.kind !== 'thing' && stopped.length === 0)
      process.stdout.write(`${request.text} ${JSON.stringify(obeyed?.arguments).slice(0, 300)}\n`);
if (process.argv.includes('--stopped'))
  for (const [index, session] of sessions.entries())
    for (const [at, stopped] of (honest[index] ?? []).entries())
      if (stopped.includes(names[0] ?? (stopped[0] as never)))
        process.stdout.write(
          `${session[at]?.server}/${session[at]?.tool} ${JSON.stringify(session[at]?.arguments).slice(0, 160)}\n`,
        );
if (process.argv.includes('--write')) {
  const path = fileURLToPath(new URL('../../docs/detection.md', import.meta.url));
  const [begin, end] = ['<!-- flow:begin -->', '<!-- flow:end -->'];
  const page = readFileSync(path, 'utf8');
  writeFileSync(path, `${page.split(begin)[0]}${begin}\n\n${tables}\n\n${end}${page.split(end)[1]}`);
}

function words(kind: ForeignRequest['kind']): string {
  return {
    mail: 'send or share by mail',
    link: 'send to a web address',
    account: 'pay to an account',
    telephone: 'send to a telephone number',
    thing: 'do something to a thing that is named (texts of others), without any address',
  }[kind];
}

/** The 95 % interval of a share. */
function wilson(some: number, of: number): readonly [number, number] {
  if (of === 0) return [0, 1];
  const z = 1.96;
  const p = some / of;
  const centre = p + (z * z) / (2 * of);
  const spread = z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of));
  return [(centre - spread) / (1 + (z * z) / of), (centre + spread) / (1 + (z * z) / of)];
}
