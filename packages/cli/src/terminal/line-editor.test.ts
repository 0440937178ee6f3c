import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { emptyLine, typeInto } from './line-editor.ts';

const typed = (...chunks: string[]): string => chunks.reduce((line, chunk) => typeInto(line, chunk), emptyLine).text;

test('keys that edit do what they do in every shell', () => {
  assert.equal(typed('abx\u007fc'), 'abc');
  assert.equal(typed('a😀\b'), 'a');
  assert.equal(typed('one two \u0017x'), 'one x');
  assert.equal(typed('gone\u0015kept'), 'kept');
  assert.equal(typed('\u007f\u007fa'), 'a');
});

test('arrow keys and other escapes leave nothing behind', () => {
  assert.equal(typed('a\u001b[A\u001b[1;5C\u001bOPb\u0001'), 'ab');
});

test('a line ends with Enter, and what follows is kept for the next question', () => {
  assert.deepEqual(typeInto(emptyLine, 'one\r\ntwo'), { text: 'one', ended: 'entered', rest: 'two' });
  assert.deepEqual(typeInto(emptyLine, 'one\ntwo\r'), { text: 'one', ended: 'entered', rest: 'two\r' });
});

test('Ctrl-C gives up, and Ctrl-D does on an empty line only', () => {
  assert.equal(typeInto(emptyLine, 'half\u0003').ended, 'interrupted');
  assert.equal(typeInto(emptyLine, '\u0004').ended, 'interrupted');
  assert.equal(typeInto(emptyLine, 'a\u0004').ended, 'no');
});

test('it does not matter in which pieces keys arrive', () => {
  const keys = fc.array(fc.constantFrom('a', 'é', '😀', ' ', '\u007f', '\u0015', '\u0017'));
  fc.assert(fc.property(keys, (list) => typed(...list) === typed(list.join(''))));
});
