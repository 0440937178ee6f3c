import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodedLike } from './encoded-text.ts';

test('what replaces base64 is base64 of as many bytes, and reads as what was asked for', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 1, maxLength: 80 }),
      fc.constantFrom('base64', 'base64url'),
      (bytes, kind) => {
        const written = Buffer.from(bytes).toString(kind as 'base64');
        const replacement = encodedLike('[redacted:jwt]', 'base64', written);
        assert.equal(replacement.length, written.length);
        const decoded = Buffer.from(replacement, 'base64').toString();
        assert.equal(decoded, '[redacted:jwt]'.padEnd(bytes.length, '*').slice(0, bytes.length));
      },
    ),
  );
});

test('line breaks and escaped slashes of the original are not counted', () => {
  assert.equal(encodedLike('**', 'base64', String.raw`YWJj\nZGVm`).length, 8);
  assert.equal(encodedLike('**', 'base64', String.raw`YW\/j`).length, 4);
});

test('hexadecimal digits keep their number, percent codes are written anew', () => {
  assert.equal(encodedLike('ab', 'hex', '00112233'), '61622a2a');
  assert.equal(encodedLike('[a b]', 'percent', 'x%40y'), '%5Ba%20b%5D');
});
