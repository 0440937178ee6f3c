import { randomFillSync } from 'node:crypto';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRandom } from './random.ts';

test('nothing is given out twice, and what was given out does not change', () => {
  const random = createRandom(randomFillSync);
  const given = Array.from({ length: 2000 }, (_, at) => random.bytes(16 + (at % 3) * 24));
  const before = given.map((bytes) => Buffer.from(bytes).toString('hex'));
  for (let more = 0; more < 500; more++) random.bytes(12);
  assert.deepEqual(
    given.map((bytes) => Buffer.from(bytes).toString('hex')),
    before,
  );
  assert.equal(new Set(before.map((hex) => hex.slice(0, 32))).size, before.length);
});

test('any length is given, in full', () => {
  const random = createRandom(randomFillSync);
  for (const length of [0, 1, 12, 64, 65, 5000]) assert.equal(random.bytes(length).length, length);
  assert.ok(random.bytes(5000).some((byte) => byte !== 0));
});
