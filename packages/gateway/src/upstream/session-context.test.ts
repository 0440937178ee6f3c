import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from '@mcpvault/domain/redaction/apply';
import { combineEdits } from '@mcpvault/domain/redaction/combine-edits';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { contextEdits, declaresContext, sessionNamedIn } from './session-context.ts';

const key = 'io.mcpvault/session';
const read = (text: string) => parseMessage(Buffer.from(text), { maxDepth: 50, check: 'structure' });

/** The `_meta` of what a server gets of a message with these params, as text. */
function delivered(params: string | null, context: string | null): Record<string, unknown> | undefined {
  const message = read(
    `{"jsonrpc":"2.0","id":1,"method":"tools/call"${params === null ? '' : `,"params":${params}`} }`,
  );
  const raw = apply(message.raw, combineEdits(contextEdits(message, context)));
  return (JSON.parse(raw.toString()) as { params?: { _meta?: Record<string, unknown> } }).params?._meta;
}

test('the context is put in, wherever there is place for it', () => {
  const context = '{"session":"con_1"}';
  for (const params of [null, '{}', '{ }', '{"name":"x"}', '{"_meta":{}}', '{"_meta":{ "a":1 },"name":"x"}']) {
    assert.deepEqual(delivered(params, context)?.[key], { session: 'con_1' }, String(params));
  }
  assert.equal(delivered('{"_meta":{"a":1}}', context)?.['a'], 1);
});

test('without a context a request stays as it was, but for what was forged', () => {
  assert.deepEqual(delivered('{"_meta":{"a":1}}', null), { a: 1 });
  assert.equal(delivered(null, null), undefined);
  assert.deepEqual(delivered(`{"_meta":{"${key}":{"session":"forged"},"a":1}}`, null), { [key]: null, a: 1 });
});

test('whatever a client writes there, the server reads ours', () => {
  const member = fc.constantFrom(`"${key}"`, '"io.mcpvault\\/session"', '"\\u0069o.mcpvault/session"');
  fc.assert(
    fc.property(member, fc.jsonValue({ maxDepth: 3 }), fc.boolean(), (name, value, first) => {
      const forged = `${name}:${JSON.stringify(value)}`;
      const meta = first ? `{${forged},"a":1}` : `{"a":1,${forged}}`;
      assert.deepEqual(delivered(`{"_meta":${meta}}`, '"ours"'), { a: 1, [key]: 'ours' });
    }),
  );
});

test('what is there twice is refused, since readers differ in which one they take', () => {
  const twice = `{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{"${key}":1,"${key}":2}}}`;
  assert.throws(() => contextEdits(read(twice), '1'), { code: 'invalid_request' });
});

test('a session is found where a server names one', () => {
  const named = (meta: string) => sessionNamedIn(read(`{"jsonrpc":"2.0","method":"x","params":{"_meta":${meta}}}`));
  assert.equal(named(`{"${key}":{"session":"con_1"}}`), 'con_1');
  for (const meta of ['{}', `{"${key}":null}`, `{"${key}":{"session":1}}`, `{"${key}":"con_1"}`]) {
    assert.equal(named(meta), null, meta);
  }
});

test('a server declares that it understands the extension', () => {
  const declares = (capabilities: string) =>
    declaresContext(read(`{"jsonrpc":"2.0","id":1,"result":{"capabilities":${capabilities}}}`));
  assert.equal(declares(`{"experimental":{"${key}":{}}}`), true);
  assert.equal(declares(`{"extensions":{"${key}":{}}}`), true);
  for (const capabilities of ['{}', '{"experimental":{}}', `{"${key}":{}}`])
    assert.equal(declares(capabilities), false);
});
