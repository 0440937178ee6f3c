import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Finding } from '@mcpvault/domain/inspection/finding';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { outlineOf, traceOf } from './outline.ts';

function call(params: object): Message {
  const raw = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
  return parseMessage(raw, { maxDepth: 50, check: 'strict' });
}

function outline(given: unknown, findings: readonly Finding[] = []): unknown {
  const text = outlineOf(call({ name: 'read', arguments: given }), findings);
  return text === null ? null : JSON.parse(text);
}

test('arguments are named with their kinds and sizes, and nothing of what they say', () => {
  const given = { path: '/etc/hosts', limit: 12, deep: true, none: null, list: [1, 2], filter: { a: 'b' } };
  assert.deepEqual(outline(given), {
    path: 'text 10',
    limit: 'number',
    deep: 'truth',
    none: 'null',
    list: 'list 5',
    filter: 'object 9',
  });
  assert.equal(outlineOf(call({ name: 'read' }), []), null);
  assert.deepEqual(outline({}), {});
});

test('what stands where a name belongs and is none, or was found to be a secret, is counted and not named', () => {
  assert.deepEqual(outline({ 'ada@example.com': 1, ok: 2 }), { '(1)': 'number', ok: 'number' });
  const message = call({ name: 'read', arguments: { AKIA1234: 'x' } });
  const start = message.text.indexOf('AKIA1234');
  const found: Finding = {
    detector: 'aws',
    start,
    end: start + 8,
    pointer: '/params/arguments',
    inKey: true,
    confidence: 1,
  };
  assert.equal(outlineOf(message, [found]), '{"(1)":"text 1"}');
});

test('many and large arguments are bounded', () => {
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`n${at}`, at]));
  const named = outline(many) as Record<string, string>;
  assert.equal(Object.keys(named).length, 41);
  assert.equal(named['(more)'], '10');
  assert.equal(outline({ text: 'x'.repeat(20_000) }), 'object 20011');
  assert.equal(outline('words'), 'text 5');
});

test('no value of any argument is in the outline', () => {
  const value = fc.oneof(
    fc.string({ minLength: 12, unit: 'grapheme-ascii' }),
    fc.bigInt({ min: 10n ** 12n }).map(Number),
  );
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 8 }), value, { maxKeys: 6 }), (given) => {
      const text = outlineOf(call({ name: 'read', arguments: given }), []) ?? '';
      JSON.parse(text);
      for (const said of Object.values(given)) assert.ok(!text.includes(String(said)), text);
    }),
  );
});

test('the trace is taken from what the client says of it, when it is one', () => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const traceparent = `00-${trace}-b7ad6b7169203331-01`;
  assert.equal(traceOf(call({ name: 'read', _meta: { progressToken: 1, traceparent } })), trace);
  assert.equal(
    traceOf(call({ name: 'read', _meta: { traceparent: `00-${'0'.repeat(32)}-b7ad6b7169203331-01` } })),
    null,
  );
  assert.equal(traceOf(call({ name: 'read', _meta: { traceparent: 'x' } })), null);
  assert.equal(traceOf(call({ name: 'read', _meta: {}, arguments: { traceparent } })), null);
  assert.equal(traceOf(call({ name: 'read' })), null);
});
