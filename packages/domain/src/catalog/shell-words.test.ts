import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shellWords } from './shell-words.ts';

const words = (line: string) => {
  const split = shellWords(line);
  return 'words' in split ? split.words : null;
};

test('quotes and backslashes join words as in a shell', () => {
  assert.deepEqual(words(`a  'b c' "d \\"e\\" \\n" f\\ g h'i'"j" '' \\\n k`), [
    'a',
    'b c',
    'd "e" \\n',
    'f g',
    'hij',
    '',
    'k',
  ]);
});

test('a comment ends the line, a # inside a word does not', () => {
  assert.deepEqual(words('npx a#b # later'), ['npx', 'a#b']);
});

test('what needs a shell is refused by name, except in single quotes', () => {
  for (const line of [
    'a | b',
    'a && b',
    'a; b',
    'a > b',
    'a < b',
    'a & b',
    'a `b`',
    'a $(b)',
    'a "$(b)"',
    'a "b',
    "a 'b",
  ])
    assert.equal(words(line), null, line);
  assert.deepEqual(words("a '| $(b) `c`' $D"), ['a', '| $(b) `c`', '$D']);
});
