import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { piecesOf } from './pieces.ts';
import { readableText } from './readable-text.ts';
import { createWordMeanings } from './word-meanings.ts';

const meanings = createWordMeanings('');
const choose = (text: string) => piecesOf(text, meanings);
const read = (value: unknown) => {
  const raw = Buffer.from(JSON.stringify(value));
  return { raw, readable: readableText(raw.toString('latin1'), 0, raw.length, choose) };
};

test('strings are read one below the other, written out, without keys, names and ids', () => {
  const { readable } = read({ 'a key with words': 'line one\n"two" é 😀', type: 'text', list: ['and more', 7] });
  assert.equal(readable.text, 'line one\n"two" é 😀\nand more');
});

test('every unit knows its bytes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 30 }), (text) => {
      const { raw, readable } = read(text);
      assert.equal(readable.text, text);
      for (let at = 0; at < text.length; at++) {
        const written = raw.toString('utf8', readable.startOf(at), readable.endOf(at));
        if (/[^\ud800-\udfff]/.test(text.charAt(at))) assert.equal(JSON.parse(`"${written}"`), text.charAt(at));
      }
    }),
  );
});

test('of what is too long to be read as a whole pieces are read as they are written, and the end is among them', () => {
  const { raw, readable } = read({ text: 'word '.repeat(20_000), last: 'thé end' });
  assert.match(readable.text.slice(-20), /thé end"\}$/);
  assert.equal(readable.endOf(readable.text.length - 1), raw.length);
  assert.ok(readable.text.length < 30_000);
  const at = readable.text.indexOf('thé');
  assert.equal(raw.toString('utf8', readable.startOf(at), readable.endOf(at + 2)), 'thé');
});

test('broken text ends somewhere', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const text = Buffer.from(bytes).toString('latin1');
      const readable = readableText(text, 0, text.length, choose);
      assert.ok(readable.text.length <= text.length + 1);
    }),
  );
});
