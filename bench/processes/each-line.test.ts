import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import { eachLine } from './each-line.ts';

test('lines are whole, wherever the bytes were cut', () => {
  const input = new PassThrough();
  const seen: string[] = [];
  eachLine(input, (lines) => seen.push(...lines.map(String)));
  for (const part of ['{"a":1}\n{"b"', ':', '2}\n', '\n{"c":3}\n{"un']) input.emit('data', Buffer.from(part));
  assert.deepEqual(seen, ['{"a":1}', '{"b":2}', '{"c":3}']);
});
