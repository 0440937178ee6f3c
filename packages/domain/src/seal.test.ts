import assert from 'node:assert/strict';
import { createDecipheriv, randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { seal, unseal } from './seal.ts';

const key = randomBytes(32);
const random = { bytes: (length: number) => randomBytes(length) };

test('what was sealed comes back, of whatever length, and is what AES-256-GCM makes of it at once', () => {
  for (const length of [0, 1, 262_143, 262_144, 262_145, 1_000_003]) {
    const plaintext = randomBytes(length);
    const sealed = seal(key, 'this', plaintext, random);
    assert.equal(sealed.length, 12 + length + 16);
    assert.ok(unseal(key, 'this', sealed)?.equals(plaintext));
    const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12));
    decipher.setAAD(Buffer.from('this')).setAuthTag(sealed.subarray(-16));
    assert.ok(Buffer.concat([decipher.update(sealed.subarray(12, -16)), decipher.final()]).equals(plaintext));
    assert.equal(unseal(key, 'that', sealed), null);
  }
});
