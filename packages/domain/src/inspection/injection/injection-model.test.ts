import assert from 'node:assert/strict';
import { test } from 'node:test';
import { featureCount } from './features.ts';
import { type ModelHeader, readInjectionModel, writeInjectionModel } from './injection-model.ts';
import { createInjectionScorer } from './injection-scorer.ts';

const header: ModelHeader = {
  format: 2,
  version: 'test',
  units: [1, 1, 1, 1],
  softening: [1, 1, 1, 1],
  bias: { prompt: 0, result: 1, description: -1 },
  windows: [{ words: 10, step: 5 }],
  anchors: { prompt: [0, 1], result: [0, 1], description: [0, 1] },
  trainedOn: [],
};
const file = writeInjectionModel(header, 'good fine\nbad poor\n', new Int8Array(featureCount).fill(-3));

test('a model is read as it was written, from a part of a larger buffer too', () => {
  const around = Buffer.concat([Buffer.alloc(5, 7), file, Buffer.alloc(5, 7)]);
  const model = readInjectionModel(around.subarray(5, 5 + file.length));
  assert.deepEqual(
    [model.version, model.weights.length, model.weights[0], model.weights.at(-1)],
    ['test', featureCount, -3, -3],
  );
  assert.equal(model.windows[0]?.words, 10);
});

test('anything but a whole file of this format is refused', () => {
  const other = file.slice();
  other[0] = 0;
  for (const wrong of [new Uint8Array(0), file.subarray(0, 100), file.subarray(0, -1), other])
    assert.throws(() => readInjectionModel(wrong), /injection model/);
});

test('a score is a share, grows with the channel’s bias, and its spans lie in the text', () => {
  const scorer = createInjectionScorer(readInjectionModel(file));
  const text =
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen '.repeat(4);
  const [prompt, result, description] = (['prompt', 'result', 'description'] as const).map((channel) =>
    scorer.score(text, channel),
  );
  assert.ok(prompt !== undefined && result !== undefined && description !== undefined);
  assert.ok(description.score < prompt.score && prompt.score < result.score && result.score <= 1);
  assert.ok(prompt.spans.length > 0 && prompt.spans.length <= 3);
  for (const { start, end } of prompt.spans) assert.ok(start >= 0 && start < end && end <= text.length);
  assert.deepEqual(scorer.score('', 'prompt').spans, []);
});
