import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { asText, safeJson, safeLine, safeText } from './safe-text.ts';

const obeyed = /(?![\t\n])[\p{Cc}\u202e]/u;
const nasty = fc.string({
  unit: fc.constantFrom('a', '\u001b', '[', 'm', '\u009b', '\u202e', '\n', '\t', '\r', '\u0007', '\u007f', 'é'),
});

test('nothing that a terminal obeys survives', () => {
  fc.assert(fc.property(nasty, (text) => !obeyed.test(safeText(text))));
  assert.equal(safeText('\u001b[2Ja\u007f\u009b'), '␛[2Ja␡\ufffd');
});

test('harmless text stays as it is', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', 'é', '漢', '😀', '\n', '\t', ' ') }),
      (text) => safeText(text) === text,
    ),
  );
});

test('a line stays one line', () => {
  fc.assert(fc.property(nasty, (text) => !/[\n\t]/.test(safeLine(text))));
  assert.equal(safeLine(' a \r\n  b\tc '), 'a b c');
});

test('JSON means the same and holds nothing that a terminal obeys', () => {
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), nasty), (value) => {
      assert.deepEqual(JSON.parse(safeJson(value)), JSON.parse(JSON.stringify(value)));
      return !obeyed.test(safeJson(value, 2));
    }),
  );
});

test('what is not text is shown as JSON, and nothing as nothing', () => {
  assert.deepEqual([asText('a'), asText({ b: 1 }), asText(null), asText(undefined)], ['a', '{"b":1}', '', '']);
});
