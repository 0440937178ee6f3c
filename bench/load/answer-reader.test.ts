import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Answer, AnswerReader, valueOf } from './answer-reader.ts';

function readAll(parts: readonly Buffer[], end = false): { status: number; body: string }[] {
  const answers: Answer[] = [];
  const reader = new AnswerReader((answer) => answers.push(answer));
  for (const part of parts) reader.push(part);
  if (end) reader.endOfInput();
  return answers.map(({ status, body }) => ({ status, body: body.toString() }));
}

const counted = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nhello';
const chunked =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\ndata: \r\nA\r\n0123456789\r\n2\r\n\n\n\r\n0\r\n\r\n';
const empty = 'HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n';
const bare = 'HTTP/1.1 204 No Content\r\n\r\n';

test('answers that follow each other are told apart, wherever the bytes are cut', () => {
  const all = Buffer.from(counted + chunked + empty + bare + counted);
  const expected = [
    { status: 200, body: 'hello' },
    { status: 200, body: 'data: 0123456789\n\n' },
    { status: 202, body: '' },
    { status: 204, body: '' },
    { status: 200, body: 'hello' },
  ];
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: all.length }), { maxLength: 12 }), (cuts) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), all.length];
      const parts = edges.slice(1).map((to, i) => all.subarray(edges[i], to));
      assert.deepEqual(readAll(parts), expected);
    }),
  );
});

test('an interim answer is no answer', () => {
  assert.deepEqual(readAll([Buffer.from(`HTTP/1.1 100 Continue\r\n\r\n${counted}`)]), [{ status: 200, body: 'hello' }]);
});

test('an answer without a length ends with its connection', () => {
  const parts = [Buffer.from('HTTP/1.1 200 OK\r\n\r\nto the '), Buffer.from('end')];
  assert.deepEqual(readAll(parts), []);
  assert.deepEqual(readAll(parts, true), [{ status: 200, body: 'to the end' }]);
});

test('a header is found by its whole name only', () => {
  const head = 'HTTP/1.1 200 OK\r\nX-Content-Length: 3\r\nContent-Length:  17\r\nLast: One';
  assert.equal(valueOf(head, 'content-length'), '17');
  assert.equal(valueOf(head, 'last'), 'One');
  assert.equal(valueOf(head, 'length'), null);
});
