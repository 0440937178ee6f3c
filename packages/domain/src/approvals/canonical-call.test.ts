import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { canonicalCall } from './canonical-call.ts';

const asked = (params: string, target: string | null = 'drop', without?: ReadonlySet<string>) =>
  canonicalCall(
    parseMessage(Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`), {
      maxDepth: 100,
      check: 'strict',
    }),
    target,
    without,
  );

test('order and spaces, the name a veneer gives it, and what differs with each sending make no other call of it', () => {
  const plain = asked('{"name":"drop","arguments":{"a":1,"b":[true,null,{"c":"x","d":"y"}]}}');
  assert.equal(asked('{ "arguments" : {"b":[ true,null,{"d":"y","c":"x"} ], "a":1}, "name":"up__drop" }'), plain);
  assert.equal(
    asked('{"_meta":{"progressToken":7},"name":"drop","arguments":{"a":1,"b":[true,null,{"c":"\\u0078","d":"y"}]}}'),
    plain,
  );
});

test('whatever a server could read in another way makes another call of it', () => {
  const plain = asked('{"name":"drop","arguments":{"a":1}}');
  for (const other of [
    '{"name":"drop","arguments":{"a":2}}',
    '{"name":"drop","arguments":{"a":1.0}}',
    '{"name":"drop","arguments":{"a":"1"}}',
    '{"name":"drop","arguments":{"a":[1]}}',
    '{"name":"drop","arguments":{"a":2,"a":1}}',
    '{"name":"drop","arguments":{"a":1,"a":2}}',
    '{"name":"drop","arguments":{"A":1}}',
    '{"name":"drop","arguments":{"a":1,"b":null}}',
    '{"name":"drop","arguments":{"a":1},"task":{"ttl":1}}',
    '{"name":"drop","arguments":{"a":1},"requestState":"s"}',
    '{"name":"drop"}',
  ])
    assert.notEqual(asked(other), plain, other);
  assert.notEqual(
    asked('{"name":"drop","arguments":{"a":2,"a":1}}'),
    asked('{"name":"drop","arguments":{"a":1,"a":2}}'),
  );
  assert.notEqual(
    asked('{"name":"drop","arguments":{"n":12345678901234567890}}'),
    asked('{"name":"drop","arguments":{"n":12345678901234567891}}'),
  );
  assert.notEqual(asked('{"name":"drop","arguments":{"a":1}}', 'other'), plain);
});

test('members that are named are left out, and long params count as the bytes they are', () => {
  const rounds = new Set(['inputResponses', 'requestState']);
  assert.equal(
    asked('{"name":"drop","requestState":"s","inputResponses":{},"arguments":{"a":1}}', 'drop', rounds),
    asked('{"name":"drop","arguments":{"a":1}}'),
  );
  const long = 'x'.repeat(300_000);
  assert.notEqual(
    asked(`{"name":"drop","arguments":{"a":1,"b":"${long}"}}`),
    asked(`{"name":"drop","arguments":{"b":"${long}","a":1}}`),
  );
});

test('two calls are the same exactly when their values are', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, (a, b) => {
      const one = asked(JSON.stringify({ name: 'drop', arguments: { a } }));
      const other = asked(JSON.stringify({ arguments: { a: b }, name: 'drop' }, null, 2));
      assert.equal(one === other, canonical(a) === canonical(b));
    }),
  );
});

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
