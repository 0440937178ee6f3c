import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('openai-key', value);
const body = 'aB3dE6gH9jK2'.repeat(4);

test('project, service account and older keys are found', () => {
  for (const key of [`sk-proj-${body}_-${body}`, `sk-svcacct-${body}`, `sk-admin-${body}`, `sk-${body}`])
    assert.deepEqual(found(`OPENAI_API_KEY=${key}`), [key]);
});

test('keys of compatible services are found', () => {
  assert.deepEqual(found(`sk-or-v1-${'0a1b2c3d'.repeat(8)}`), [`sk-or-v1-${'0a1b2c3d'.repeat(8)}`]);
});

test('words that end in sk and names without digits are left alone', () => {
  assert.deepEqual(found(`disk-${body} task-${body}`), []);
  assert.deepEqual(found('sk-this-is-a-css-class-name and sk-spinner'), []);
});
