import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { LineReader } from './line-reader.ts';

function read(chunks: readonly Buffer[], most = 1_000): { lines: string[]; tooLong: number } {
  const lines: string[] = [];
  let tooLong = 0;
  const reader = new LineReader(most, { line: (line) => lines.push(line.toString()), tooLong: () => tooLong++ });
  for (const chunk of chunks) reader.push(chunk);
  reader.end();
  return { lines, tooLong };
}

test('lines come out whole, however the bytes come in', () => {
  const line = fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => `x${text.replace(/[\r\n]/g, ' ')}x`);
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.nat(20)), (lines, cuts) => {
      let rest = Buffer.from(lines.map((each) => `${each}\n`).join(''));
      const chunks: Buffer[] = [];
      for (const cut of cuts) {
        chunks.push(rest.subarray(0, cut));
        rest = rest.subarray(cut);
      }
      assert.deepEqual(read([...chunks, rest], 100_000), { lines, tooLong: 0 });
    }),
  );
});

test('blank lines are none, carriage returns go, and the last line needs no end', () => {
  assert.deepEqual(read([Buffer.from('a\r\n\n \t\r\nb')]).lines, ['a', 'b']);
});

test('a line that is too long is told once and skipped, and the next one is read', () => {
  const long = Buffer.alloc(400, 'x');
  assert.deepEqual(read([long, long, long, Buffer.from('\nnext\n')]), { lines: ['next'], tooLong: 1 });
  assert.deepEqual(read([long, long, long]), { lines: [], tooLong: 1 });
});
