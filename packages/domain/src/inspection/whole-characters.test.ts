import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wholeCharacters } from './whole-characters.ts';

function widened(string: string, start: number, end: number): string {
  const text = Buffer.from(string).toString('latin1');
  const span = wholeCharacters(text, 0, text.length, { start, end });
  return Buffer.from(text.slice(span.start, span.end), 'latin1').toString();
}

test('a span between characters stays', () => {
  assert.equal(widened('a\\nbc', 3, 4), 'b');
  assert.equal(widened('aéb', 1, 3), 'é');
});

test('a span inside an escape takes the whole escape', () => {
  assert.equal(widened('a\\nb', 2, 4), '\\nb');
  assert.equal(widened('x\\u2028y', 0, 3), 'x\\u2028');
  assert.equal(widened('\\\\\\n', 1, 3), '\\\\\\n');
});

test('an escaped surrogate pair is one character, lone halves are not', () => {
  assert.equal(widened('a\\ud83d\\ude42b', 7, 14), '\\ud83d\\ude42b');
  assert.equal(widened('a\\ud83d\\ud83db', 7, 14), '\\ud83db');
});

test('a span inside a UTF-8 sequence takes all of it', () => {
  assert.equal(widened('🙂', 1, 2), '🙂');
  assert.equal(widened('a漢b', 2, 3), '漢');
});

test('a span is cut to its string', () => {
  const text = '["abc","def"]';
  assert.deepEqual(wholeCharacters(text, 2, 5, { start: 0, end: 9 }), { start: 2, end: 5 });
});
