import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('anthropic-key', value);
const body = 'aB3-dE6_gH9'.repeat(8);

test('API, admin and OAuth keys are found', () => {
  for (const kind of ['api03', 'admin01', 'oat01'])
    assert.deepEqual(found({ text: `key: sk-ant-${kind}-${body}AA` }), [`sk-ant-${kind}-${body}AA`]);
});

test('the bare prefix is left alone', () => {
  assert.deepEqual(found('keys begin with sk-ant-api03-'), []);
});
