// Trains the injection model: node tools/training/main.ts <folder with train.jsonl and dev.jsonl>
// Everything is seeded: the same rows give the same file.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { blockStarts } from '@mcpvault/domain/inspection/injection/features';
import { channels, type ModelHeader, writeInjectionModel } from '@mcpvault/domain/inspection/injection/injection-model';
import { createWordMeanings } from '@mcpvault/domain/inspection/injection/word-meanings';
import { createCorpus, windowSizes } from './corpus.ts';
import { anchorsOf, heldOutScores, training } from './held-out.ts';
import { softening, trainLinear } from './linear-model.ts';
import { isLearned, readRows, withWritten } from './rows.ts';

const modelFile = fileURLToPath(new URL('../../packages/hub/models/injection.model.gz', import.meta.url));
const groupsFile = fileURLToPath(new URL('./word-groups.txt', import.meta.url));

const folder = process.argv[2];
if (folder === undefined) throw new Error('usage: node tools/training/main.ts <folder with train.jsonl and dev.jsonl>');
const groups = readFileSync(groupsFile, 'utf8');
const rows = withWritten(readRows(folder), 1, 1);
const corpus = createCorpus(rows, createWordMeanings(groups));
process.stderr.write(`${rows.length} rows, ${corpus.windowFrom.length} windows\n`);
const anchors = anchorsOf(heldOutScores(corpus));
const learned = rows.flatMap((row, at) => (isLearned(row) ? [at] : []));
const model = trainLinear(corpus, learned, training(corpus));

const units = [0, 1, 2, 3].map((block) => {
  const part = model.weights
    .subarray(blockStarts[block], blockStarts[block + 1])
    .map(Math.abs)
    .toSorted();
  return (part[Math.floor(part.length * 0.9999)] ?? 1) / 127;
});
const weights = Int8Array.from(model.weights, (weight, id) => {
  const block = blockStarts.findLastIndex((start) => id >= start);
  return Math.max(-127, Math.min(127, Math.round(weight / (units[block] ?? 1))));
});
const header: ModelHeader = {
  format: 1,
  version: '2026-11-21',
  units,
  softening,
  bias: Object.fromEntries(channels.map((channel) => [channel, model.bias[channel]])) as ModelHeader['bias'],
  windows: windowSizes,
  anchors,
  trainedOn: countsBySource(),
};
const file = gzipSync(writeInjectionModel(header, groups, weights), { level: 9 });
writeFileSync(modelFile, file);
process.stderr.write(`${modelFile}: ${file.length} bytes\n`);

function countsBySource(): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) if (isLearned(row)) counts.set(row.source, (counts.get(row.source) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([source, count]) => `${source} ${count}`);
}
