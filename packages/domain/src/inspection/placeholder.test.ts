import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPlaceholder } from './placeholder.ts';

test('templates, masks and redactions are placeholders', () => {
  for (const value of [
    '<password>',
    '{token}',
    '{{ token }}',
    '$TOKEN',
    '%TOKEN%',
    '#{token}',
    '******',
    'xxxxxxxx',
    '[redacted:jwt]',
    'process.env.X',
    'YOUR_API_KEY',
  ])
    assert.ok(isPlaceholder(value), value);
  assert.ok(isPlaceholder('pre-${TOKEN}'));
});

test('values that only look a little like it are not', () => {
  for (const value of ['$ecret1!', 'a<b>c', 'xX1', 'p*ss*w', '{"a']) assert.ok(!isPlaceholder(value), value);
});
