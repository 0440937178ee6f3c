import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { packLines, unpackLines } from './packed-lines.ts';

const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\n', ' '));

test('what was packed comes back as it was', () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      assert.deepEqual(unpackLines(packLines(lines.map((one) => Buffer.from(`${one}\n`)))), lines);
    }),
  );
});

test('lines that an earlier version left unpacked are read as they are', () => {
  assert.deepEqual(unpackLines(Buffer.from('msg_1\ta\nmsg_2\tb\n')), ['msg_1\ta', 'msg_2\tb']);
});

test('what somebody spoilt is no line, and no error', () => {
  const packed = packLines([Buffer.from('msg_1\ta\n')]);
  assert.deepEqual(unpackLines(packed.subarray(0, packed.length - 3)), []);
});
