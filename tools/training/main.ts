// Measures injection detection on sources that the measured model never saw, and trains the model that ships.
//
//   npm run detection -- <folder>            prints the tables of docs/detection.md
//   npm run detection -- <folder> --train    also writes the model and the tables
//
// The folder has train.jsonl and dev.jsonl. Everything is seeded: the same rows give the same figures and the same file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createWordMeanings } from '@mcpvault/domain/inspection/injection/word-meanings';
import { createCorpus } from './corpus.ts';
import { detectionTables } from './detection-tables.ts';
import { anchorsOf, comparable, heldOutScores, training } from './held-out.ts';
import { trainLinear } from './linear-model.ts';
import { modelFileOf } from './model-file.ts';
import { isLearned, ownCode, readRows, withWritten } from './rows.ts';

const fileAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const given = process.argv.slice(2);
const folder = given.find((word) => !word.startsWith('--')) ?? fileAt('../../data/injection');
if (!existsSync(join(folder, 'train.jsonl')))
  throw new Error(
    `${folder} has no train.jsonl: npm run detection -- <folder with train.jsonl and dev.jsonl> [--train]`,
  );

const groups = readFileSync(fileAt('./word-groups.txt'), 'utf8');
const rows = withWritten([...readRows(folder), ...ownCode(fileAt('../..'))], 1, 1);
const corpus = createCorpus(rows, createWordMeanings(groups));
process.stderr.write(`${rows.length} rows, ${corpus.windowFrom.length} windows\n`);
const scored = heldOutScores(corpus);
const anchors = anchorsOf(scored);
const tables = detectionTables(comparable(scored, anchors));
process.stdout.write(`${tables}\n`);
if (given.includes('--train')) {
  const learned = rows.flatMap((row, at) => (isLearned(row) ? [at] : []));
  const file = modelFileOf(trainLinear(corpus, learned, training(corpus)), { groups, anchors, rows });
  writeFileSync(fileAt('../../packages/hub/models/injection.model.gz'), file);
  writeTables(fileAt('../../docs/detection.md'));
  process.stderr.write(`the model has ${file.length} bytes\n`);
}

function writeTables(path: string): void {
  const [begin, end] = ['<!-- figures:begin -->', '<!-- figures:end -->'];
  const page = readFileSync(path, 'utf8');
  writeFileSync(path, `${page.split(begin)[0]}${begin}\n\n${tables}\n\n${end}${page.split(end)[1]}`);
}
