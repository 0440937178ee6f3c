import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Channel } from '@mcpvault/domain/inspection/injection/injection-model';
import { type WrittenRow, writtenRows } from './written-rows.ts';

/** One labelled text. `source` is where it comes from: rows of one source are never split between training and test. */
export interface Row {
  readonly text: string;
  /** 1 attack, 0 honest. */
  readonly label: 0 | 1;
  readonly kind: string;
  readonly channel: Channel;
  readonly source: string;
  /** Written rows, which every model learns, are made with it: so it is never scored. */
  readonly isMaterial?: boolean;
  /** Of a written row: the source of what it was made with. */
  readonly madeOf?: string;
}

/** The rows of `train.jsonl` and `dev.jsonl` in a folder. */
export function readRows(folder: string): Row[] {
  return ['train.jsonl', 'dev.jsonl'].flatMap((name) =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Row),
  );
}

/** Honest code: every second part of this repository's own source files, but for those that hold attacks. */
export function ownCode(root: string): Row[] {
  return globSync('packages/{cli,contract,gateway,hub,store}/src/**/*.ts', { cwd: root })
    .toSorted()
    .filter((path) => !/inject|testing|detection/.test(path))
    .flatMap((path) => {
      const text = readFileSync(join(root, path), 'utf8');
      const parts = Array.from({ length: Math.ceil(text.length / codePart) }, (_, at) =>
        text.slice(at * codePart, (at + 1) * codePart),
      );
      return parts.filter((part, at) => at % 2 === 0 && part.length > 200);
    })
    .map((text) => ({ text, label: 0, kind: 'code', channel: 'result', source: 'this-repository' }));
}

const codePart = 1200;

/**
 * Rows from the grammars. Some honest rows are their material, as carriers of payloads and as tasks; those are
 * not scored, so that no figure rests on a text that was met in training.
 */
export function withWritten(rows: readonly Row[], scale: number, seed: number): Row[] {
  const isCarrier = spread(rows, 5, ({ channel, text }) => channel === 'result' && text.length > 80);
  const isTask = spread(rows, 7, ({ kind, text }) => kind === 'instruction' && text.length > 20 && text.length < 400);
  const written: WrittenRow[] = writtenRows(scale, { carriers: [...isCarrier], tasks: [...isTask] }, seed);
  const ours = rows.map((row) => (isCarrier.has(row) || isTask.has(row) ? { ...row, isMaterial: true } : row));
  return [...ours, ...written];
}

/** Every `step`th of the honest rows that fit. */
function spread(rows: readonly Row[], step: number, fits: (row: Row) => boolean): ReadonlySet<Row> {
  return new Set(rows.filter((row) => row.label === 0 && fits(row)).filter((_, at) => at % step === 0));
}

/** A plain foreign request has nothing of an attack in its words: flow rules must catch it, so no model learns it. */
export function isLearned({ kind }: Row): boolean {
  return kind !== 'indirect_bare';
}
