import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { LineFramer } from './line-framer.ts';

function frame(chunks: readonly Buffer[], maxBytes = 1_000) {
  const lines: string[] = [];
  let tooLong = 0;
  const framer = new LineFramer(
    maxBytes,
    (line) => lines.push(line.toString()),
    () => tooLong++,
  );
  for (const chunk of chunks) framer.push(chunk);
  return { lines, tooLong };
}

describe('a line framer', () => {
  test('gives the same lines however the stream is cut into chunks', () => {
    const line = fc.string({ unit: 'binary', maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, ''));
    fc.assert(
      fc.property(fc.array(line), fc.array(fc.nat(60)), (lines, sizes) => {
        const stream = Buffer.from(lines.map((text) => `${text}\n`).join(''));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) chunks.push(stream.subarray(at, (at += size)));
        chunks.push(stream.subarray(at));
        const expected = lines.map((text) => Buffer.from(text).toString()).filter((text) => /[^ \t]/.test(text));
        assert.deepEqual(frame(chunks).lines, expected);
      }),
    );
  });

  test('keeps a character whole that two chunks share', () => {
    const bytes = Buffer.from('"naïve 🙂"\n');
    const chunks = Array.from(bytes, (byte) => Buffer.from([byte]));
    assert.deepEqual(frame(chunks).lines, ['"naïve 🙂"']);
  });

  test('skips blank lines and carriage returns at line ends', () => {
    assert.deepEqual(frame([Buffer.from('\n \t\r\none\r\n\r\n\ntwo\n')]).lines, ['one', 'two']);
  });

  test('keeps back a line that has not ended', () => {
    assert.deepEqual(frame([Buffer.from('one\ntw')]).lines, ['one']);
  });

  test('takes a line as long as its bound, and says once that a longer one is too long', () => {
    assert.deepEqual(frame([Buffer.from(`${'x'.repeat(10)}\n`)], 10), { lines: ['x'.repeat(10)], tooLong: 0 });
    const cut = frame([Buffer.from('ok\n'), Buffer.from('x'.repeat(6)), Buffer.from(`${'x'.repeat(5)}\nmore\n`)], 10);
    assert.deepEqual(cut, { lines: ['ok'], tooLong: 1 });
    assert.deepEqual(frame([Buffer.from(`${'x'.repeat(11)}\nmore\n`)], 10), { lines: [], tooLong: 1 });
  });
});
