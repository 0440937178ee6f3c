import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reveal } from './revealed.ts';

test('escapes that hide are written at their shortest, others stay', () => {
  const shortest = (text: string) => reveal(text).text;
  assert.equal(shortest(String.raw`\u0041\/\u00e9\n\u003c\\x`), String.raw`A/\u00e9\n\u003c\\x`);
  assert.equal(shortest(String.raw`\u0022\u005c`), String.raw`\"\\`);
});

test('of a run of backslashes only those of the escape are taken', () => {
  assert.equal(reveal(String.raw`\\\u0041`).text, String.raw`\\A`);
  assert.equal(reveal(String.raw`\\u0041`).text, 'A');
  assert.equal(reveal(String.raw`\\u0022 \\\\u0041 \\\\\\u0041`).text, String.raw`\\\" A \\\\A`);
});

test('offsets lead back to the whole escape', () => {
  const original = String.raw`ab\u0063d\\\/e`;
  const { text, startOf, endOf } = reveal(original);
  assert.equal(text, String.raw`abcd\\/e`);
  const back = (from: number, to: number) => original.slice(startOf(from), endOf(to));
  assert.equal(back(0, text.length), original);
  assert.equal(back(0, 2), 'ab');
  assert.equal(back(2, 3), String.raw`\u0063`);
  assert.equal(back(1, 4), String.raw`b\u0063d`);
  assert.equal(back(6, 7), String.raw`\/`);
  assert.equal(back(7, 8), 'e');
});
