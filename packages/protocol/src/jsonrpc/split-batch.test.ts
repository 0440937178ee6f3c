import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MalformedMessage } from './message.ts';
import { isBatch, splitBatch } from './split-batch.ts';

const limits = { maxDepth: 20, check: 'strict' } as const;
const one = '{"jsonrpc":"2.0","id":1,"method":"ping"}';

function split(text: string): readonly string[] {
  return splitBatch(Buffer.from(text), limits, 3).map(({ raw }) => raw.toString());
}

test('a batch is told from a message by its first character', () => {
  assert.equal(isBatch(Buffer.from(` \n[${one}]`)), true);
  assert.equal(isBatch(Buffer.from(one)), false);
  assert.equal(isBatch(Buffer.alloc(0)), false);
});

test('a batch falls into its messages, each with the bytes it came as', () => {
  const two = '{ "jsonrpc" : "2.0", "method":"notifications/initialized" , "params":{"n":1.50} }';
  assert.deepEqual(split(`[${one} , ${two}]\n`), [one, two]);
});

test('what is no batch of messages is refused with a reason', () => {
  for (const [text, says] of [
    ['[]', /says nothing/],
    [`[${one},${one},${one},${one}]`, /at most 3/],
    [`[${one}`, /not a batch/],
    [`[${one}] x`, /follows/],
    ['[1]', /expected/],
    [`[[${one}]]`, /batches/],
  ] as const) {
    assert.throws(
      () => split(text),
      (error) => error instanceof MalformedMessage && says.test(error.message),
      text,
    );
  }
});

test('whatever stands in the messages, they are told apart', () => {
  const message = fc.record({ params: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })) });
  fc.assert(
    fc.property(fc.array(message, { minLength: 1, maxLength: 3 }), (parts) => {
      const texts = parts.map(({ params }) => JSON.stringify({ jsonrpc: '2.0', method: 'm', params }));
      assert.deepEqual(split(`[${texts.join(',')}]`), texts);
    }),
  );
});
