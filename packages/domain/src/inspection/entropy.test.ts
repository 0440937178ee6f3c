import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entropy } from './entropy.ts';

test('entropy counts bits a character', () => {
  assert.equal(entropy('aaaaaaaa'), 0);
  assert.equal(entropy('abababab'), 1);
  assert.equal(entropy('0123456789abcdef'), 4);
  assert.equal(entropy(''), 0);
});
