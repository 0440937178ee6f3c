import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { pack, unpack } from './pack.ts';

const repeated = fc
  .tuple(fc.uint8Array({ minLength: 1, maxLength: 40 }), fc.nat(1000))
  .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes)));
const anything = fc.uint8Array({ maxLength: 20_000 }).map((bytes) => Buffer.from(bytes));

test('whatever was packed comes back as it was', () => {
  fc.assert(fc.property(fc.oneof(repeated, anything), (bytes) => assert.deepEqual(unpack(pack(bytes)), bytes)));
});

test('bytes that look packed already come back as they were', () => {
  fc.assert(
    fc.property(fc.oneof(repeated, anything), (bytes) => {
      const packed = zstdCompressSync(bytes);
      assert.deepEqual(unpack(pack(packed)), packed);
      assert.deepEqual(unpack(pack(packed.subarray(0, 4))), packed.subarray(0, 4));
    }),
  );
});

test('a request and its like answer take little more room than one of them', () => {
  const letters = fc.sample(fc.string({ minLength: 20_000, maxLength: 20_000 }), { numRuns: 1, seed: 1 })[0] ?? '';
  const once = pack(Buffer.from(letters)).length;
  assert.ok(pack(Buffer.from(letters + letters)).length < once * 1.2);
});

test('short and random plaintexts stay as they are', () => {
  const short = Buffer.from('{"jsonrpc":"2.0"}'.repeat(500));
  assert.equal(pack(short), short);
  const random = randomBytes(20_000);
  assert.equal(pack(random), random);
});
