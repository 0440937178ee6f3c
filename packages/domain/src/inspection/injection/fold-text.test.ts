import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { afterUnseen, foldText, wasDisguised, wasUpper } from './fold-text.ts';

const read = (text: string): string => {
  const { codes, length } = foldText(text);
  return String.fromCharCode(...codes.subarray(0, length));
};

test('what looks alike reads alike', () => {
  for (const written of [
    'IGNORE all',
    'іgnоrе аll',
    'ｉｇｎｏｒｅ ａｌｌ',
    '𝐢𝐠𝐧𝐨𝐫𝐞 𝐚𝐥𝐥',
    'ⓘⓖⓝⓞⓡⓔ ⓐⓛⓛ',
    'ig\u200bno\u00adre a\u2060ll',
    'i\u0301gnöre àll',
    [...'ignore all'].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join(''),
  ])
    assert.equal(read(written), 'ignore all', written);
});

test('words of other scripts stay what they are', () => {
  assert.equal(read('Не забудь ключи'), 'не забудь ключи');
  assert.equal(read('忽略 之前'), '忽略 之前');
});

test('what was done to a character is remembered', () => {
  const { marks, origins } = foldText('A\u200bb сat');
  assert.equal(marks[0], wasUpper);
  assert.equal(marks[1], afterUnseen);
  assert.equal(marks[3], wasDisguised);
  assert.equal(origins[1], 2);
});

test('every folded character knows a place in the original, in order', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { origins, length } = foldText(text);
      for (let at = 0; at < length; at++) {
        assert.ok((origins[at] as number) < text.length);
        assert.ok(at === 0 || (origins[at] as number) >= (origins[at - 1] as number));
      }
    }),
  );
});
