// Rows written from the grammars: as many as asked for, the same for the same seed.
import { attackGrammar } from './written/attacks.ts';
import { carriedGrammar } from './written/carried-attacks.ts';
import { carriedTwinGrammar } from './written/carried-twins.ts';
import { disguises } from './written/disguises.ts';
import { documentationGrammar } from './written/documentation.ts';
import { foreignGrammar, heldGrammar } from './written/foreign-tasks.ts';
import { expand, type Grammar, pick } from './written/grammar.ts';
import { hiddenGrammar } from './written/hidden-attacks.ts';
import { lookAlikeGrammar } from './written/look-alikes.ts';
import { spoken } from './written/languages.ts';
import { twinGrammar } from './written/twins.ts';
import { wrapperGrammar } from './written/wrappers.ts';
import { createSeededRandom } from './seeded-random.ts';

export interface WrittenRow {
  readonly text: string;
  readonly label: 0 | 1;
  readonly kind: string;
  readonly channel: 'prompt' | 'result' | 'description';
  readonly source: string;
  /** The source of the honest text that it was made with, if any. */
  readonly madeOf?: string;
}

/** Honest texts of others that written rows are made with; without them only written ones are used. */
export interface Material {
  /** Results to hide payloads in. */
  readonly carriers: readonly Sourced[];
  /** What people ask models for. */
  readonly tasks: readonly Sourced[];
}

interface Sourced {
  readonly text: string;
  readonly source: string;
}

export function writtenRows(scale: number, { carriers, tasks }: Material, seed = 1): WrittenRow[] {
  const random = createSeededRandom(seed);
  const rows: WrittenRow[] = [];
  const shortened = (text: string): string => {
    const lines = text.replaceAll('\\n', random() < 0.8 ? '\n' : ' ');
    return recased(lines, random).slice(0, 2400);
  };
  const write = (count: number, grammar: Grammar, template: string, row: Omit<WrittenRow, 'text'>): void => {
    for (let i = 0; i < count * scale; i++) rows.push({ ...row, text: shortened(expand(grammar, template, random)) });
  };
  const attack = { label: 1, channel: 'prompt' } as const;
  const honest = { label: 0, channel: 'prompt' } as const;
  write(2200, attackGrammar, '{direct}', { ...attack, kind: 'direct', source: 'written-direct' });
  write(1100, attackGrammar, '{leak}', { ...attack, kind: 'prompt_leak', source: 'written-leak' });
  write(2800, attackGrammar, '{jailbreak}', { ...attack, kind: 'jailbreak', source: 'written-jailbreak' });
  write(3200, hiddenGrammar, '{indirect}', {
    label: 1,
    channel: 'result',
    kind: 'indirect',
    source: 'written-indirect',
  });
  write(1800, hiddenGrammar, '{poison}', {
    label: 1,
    channel: 'description',
    kind: 'tool_poison',
    source: 'written-poison',
  });
  write(4600, twinGrammar, '{instructionlike}', { ...honest, kind: 'instruction', source: 'written-questions' });
  write(4000, documentationGrammar, '{page}', {
    label: 0,
    channel: 'result',
    kind: 'doc',
    source: 'written-documentation',
  });
  write(4500, lookAlikeGrammar, '{alike}', { ...honest, kind: 'trigger_words', source: 'written-look-alikes' });
  write(3000, twinGrammar, '{result}', { label: 0, channel: 'result', kind: 'tool_result', source: 'written-results' });
  write(2200, twinGrammar, '{tooldesc}', {
    label: 0,
    channel: 'description',
    kind: 'tool_desc',
    source: 'written-definitions',
  });
  write(700, hiddenGrammar, '{carrier}', {
    label: 0,
    channel: 'result',
    kind: 'tool_result',
    source: 'written-carriers',
  });
  write(300, hiddenGrammar, '{purpose} {purpose}', {
    label: 0,
    channel: 'description',
    kind: 'tool_desc',
    source: 'written-purposes',
  });

  for (let i = 0; i < 3000 * scale && carriers.length > 0; i++) {
    const payload = shortened(expand(hiddenGrammar, '{payload}', random));
    const carrier = pick(carriers, random);
    rows.push({
      text: hidden(carrier.text, payload, random),
      madeOf: carrier.source,
      label: 1,
      channel: 'result',
      kind: 'indirect',
      source: 'written-carried',
    });
  }
  rows.push(...wrappedRows({ carriers, tasks }, scale, random));
  for (let i = 0; i < 2000 * scale; i++) {
    const language = pick(spoken, random);
    const isAttack = i % 2 === 0;
    const text = shortened(expand(attackGrammar, pick(isAttack ? language.attacks : language.twins, random), random));
    rows.push({
      text,
      label: isAttack ? 1 : 0,
      channel: 'prompt',
      kind: isAttack ? 'multilingual' : 'instruction',
      source: isAttack ? 'written-multilingual' : 'written-multilingual-twins',
    });
  }
  const names = Object.keys(disguises);
  for (let i = 0; i < 2600 * scale; i++) {
    const isAttack = i % 13 < 8;
    const plain = isAttack
      ? expand(
          hiddenGrammar,
          pick(
            [
              '{direct}',
              '{leak}',
              '{override}',
              '{override}',
              '{payload}',
              '{modeon} {ask}',
              '{override} {then} {newtask}',
            ],
            random,
          ),
          random,
        )
      : expand(twinGrammar, pick(['{question}', '{question}', '{doc}', '{strict} {strict}'], random), random);
    const disguise = disguises[pick(names, random)];
    if (disguise === undefined) continue;
    rows.push({
      text: disguise(plain.replaceAll('\\n', ' ').slice(0, 300), random),
      ...(isAttack ? attack : honest),
      kind: isAttack ? 'evasion' : 'code',
      source: isAttack ? 'written-disguised' : 'written-disguised-twins',
    });
  }
  return rows;
}

/** Payloads and their twins in the same results, written and found ones: only what is said tells them apart. */
function wrappedRows({ carriers, tasks }: Material, scale: number, random: () => number): WrittenRow[] {
  const rows: WrittenRow[] = [];
  const wrapped = wrapperGrammar['wrapped'] ?? [];
  for (let i = 0; i < 18_000 * scale; i++) {
    const isAttack = i % 2 === 0;
    // Of two things found elsewhere at most one is in a row, so that a row has one source.
    const task = i % 4 < 2 && tasks.length > 0 ? pick(tasks, random) : null;
    const carrier = task === null && i % 5 < 2 && carriers.length > 0 ? pick(carriers, random) : null;
    const said = task === null ? written(isAttack, random) : withTask(isAttack, task.text, random);
    const shown = random() < 0.75 ? said : said.toLowerCase();
    const around = carrier === null ? expand({ ...carriedTwinGrammar, wrapped }, pick(wrapped, random), random) : '';
    const text = carrier === null ? around.replace('@@', () => shown) : hidden(carrier.text, shown, random);
    const madeOf = (task ?? carrier)?.source;
    rows.push({
      text: text.replaceAll('\\n', random() < 0.85 ? '\n' : '\\n').slice(0, 2400),
      label: isAttack ? 1 : 0,
      channel: 'result',
      kind: isAttack ? 'indirect' : 'tool_result',
      source: isAttack ? 'written-wrapped' : 'written-wrapped-twins',
      ...(madeOf !== undefined && { madeOf }),
    });
  }
  return rows;
}

function written(isAttack: boolean, random: () => number): string {
  if (random() < 0.06)
    return expand(attackGrammar, pick(pick(spoken, random)[isAttack ? 'attacks' : 'twins'], random), random);
  const grammar = isAttack ? carriedGrammar : carriedTwinGrammar;
  return recased(expand(grammar, isAttack ? '{carriedpayload}' : '{harmless}', random), random);
}

/** Somebody's task, handed to the reader or merely held by the text. */
function withTask(isAttack: boolean, task: string, random: () => number): string {
  const frame = isAttack ? expand(foreignGrammar, '{foreign}', random) : expand(heldGrammar, '{held}', random);
  return recased(frame, random).replace('##', () => task.slice(0, 300));
}

function recased(text: string, random: () => number): string {
  const way = random();
  if (way < 0.12) return text.toLowerCase();
  if (way < 0.17) return text.toUpperCase();
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function hidden(carrier: string, payload: string, random: () => number): string {
  const sentences = carrier.split(/(?<=[.!?\n])\s+/);
  const at = Math.floor(random() * (sentences.length + 1));
  const between = pick([' ', '\n', '\n\n', ' '], random);
  return [...sentences.slice(0, at), payload, ...sentences.slice(at)].join(between);
}
