import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HeldBytes } from './held-bytes.ts';

const mebibyte = 1024 * 1024;

test('a member has room for some of the largest messages, and others have their own', () => {
  const held = new HeldBytes(16 * mebibyte);
  for (let count = 0; count < 16; count++) {
    assert.ok(held.hasRoom('mem_1', 16 * mebibyte));
    held.take('mem_1', 16 * mebibyte);
  }
  assert.ok(!held.hasRoom('mem_1', 16 * mebibyte));
  assert.ok(held.hasRoom('mem_2', 16 * mebibyte));
  held.give('mem_1', 16 * mebibyte);
  assert.ok(held.hasRoom('mem_1', 16 * mebibyte));
});

test('short messages are not counted, and what is given back leaves nothing behind', () => {
  const held = new HeldBytes(1024);
  for (let count = 0; count < 100_000; count++) held.take('mem_1', 1024);
  assert.ok(held.hasRoom('mem_1', 64 * mebibyte));
  held.take('mem_1', 64 * mebibyte);
  assert.ok(!held.hasRoom('mem_1', 1));
  held.give('mem_1', 64 * mebibyte);
  assert.ok(held.hasRoom('mem_1', 64 * mebibyte));
});
