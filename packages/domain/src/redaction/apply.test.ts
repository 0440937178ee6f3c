import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from './apply.ts';
import type { Edit } from './edit.ts';

const edit = (start: number, end: number, replacement: string): Edit => ({
  start,
  end,
  replacement,
  layer: 'hub',
  policy: null,
  reason: 'a test',
  detector: null,
});
const original = Buffer.from('{"a":"grün","b":1}');

test('without edits the same buffer comes back', () => {
  assert.equal(apply(original, []), original);
});

test('spans are bytes, and replacements may be longer, shorter or empty', () => {
  const delivered = apply(original, [edit(2, 3, 'ä'), edit(6, 11, ''), edit(17, 18, '23')]);
  assert.equal(delivered.toString(), '{"ä":"","b":23}');
  assert.equal(original.toString(), '{"a":"grün","b":1}');
});

test('edits that touch each other all apply', () => {
  assert.equal(apply(original, [edit(6, 7, 'x'), edit(7, 7, '-'), edit(7, 8, 'y')]).toString(), '{"a":"x-yün","b":1}');
});

test('edits that overlap, stand out of order or reach outside are refused', () => {
  for (const edits of [
    [edit(6, 9, ''), edit(8, 10, '')],
    [edit(8, 9, ''), edit(2, 3, '')],
    [edit(4, 3, '')],
    [edit(2, original.length + 1, '')],
  ])
    assert.throws(() => apply(original, edits), /does not fit/);
});
