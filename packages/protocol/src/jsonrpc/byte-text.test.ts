import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { byteText } from './byte-text.ts';

test('every byte is one character, however many there are', () => {
  for (const length of [0, 1, 255, 999_999, 1_000_000, 1_000_001, 3_100_000]) {
    const raw = randomBytes(length);
    const text = byteText(raw);
    assert.equal(text.length, length);
    assert.ok(Buffer.from(text, 'latin1').equals(raw));
  }
});
