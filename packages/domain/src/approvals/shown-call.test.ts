import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Edit } from '../redaction/edit.ts';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { indented, shownCall } from './shown-call.ts';

const held = (args: string) =>
  parseMessage(
    Buffer.from(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"drop","arguments":${args}}}`),
    { maxDepth: 100, check: 'strict' },
  );
const shown = (args: string, edits: readonly Edit[] = []) => shownCall({ message: held(args), edits, findings: [] });
const key = ['AKIA', 'Z7QXLMN2V5RT8K4W'].join('');

test('what is laid out over several lines is the same JSON, whatever it holds', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      assert.deepEqual(JSON.parse(indented(JSON.stringify(value))), JSON.parse(JSON.stringify(value)));
    }),
  );
  assert.equal(indented('{"a":[1,{}],"b":"x, {y}"}'), '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": "x, {y}"\n}');
});

test('numbers keep their digits, keys that come twice are both there, and what hides is spelled out', () => {
  assert.match(shown('{"n":12345678901234567890.50}').text, /12345678901234567890\.50/);
  assert.match(shown('{"path":"/etc","path":"/tmp"}').text, /"path": "\/etc",\n {2}"path": "\/tmp"/);
  assert.match(shown('{"a":"x\u202ey\u200bz\u{e0041}"}').text, /"x\\u\{202e\}y\\u\{200b\}z\\u\{e0041\}"/);
});

test('secrets are masked though no policy looks for them, and what stands for one is not put back', () => {
  assert.equal(shown(`{"key":"${key}"}`).text, '{\n  "key": "[redacted:aws-access-key]"\n}');
  const text = '{"to":"mcpvault-token-1"}';
  const start = held(text).text.indexOf('mcpvault-token-1');
  const restores: Edit = {
    ...{ start, end: start + 16, replacement: 'ada@example.com', layer: 'hub', policy: null, reason: '' },
    ...{ detector: null, restores: true },
  };
  assert.match(shown(text, [restores]).text, /mcpvault-token-1/);
});

test('what nobody would read is cut, and more secrets than can be told apart are not shown at all', () => {
  const long = shown(JSON.stringify({ text: 'x'.repeat(100_000) }));
  assert.ok(long.isCut && long.text.length <= 32 * 1024);
  assert.equal(shown('{"a":1}').isCut, false);
  const many = shown(
    JSON.stringify(Array.from({ length: 2000 }, (_, n) => `${key.slice(0, -4)}${String(n).padStart(4, 'A')}`)),
  );
  assert.ok(many.isCut && !many.text.includes('AKIA'));
});

test('an address that holds a secret is told to nobody', () => {
  const read = (uri: string) =>
    shownCall({
      message: parseMessage(
        Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'resources/read', params: { uri } })),
        { maxDepth: 100, check: 'strict' },
      ),
      edits: [],
      findings: [],
    }).hidesTarget;
  assert.equal(read(`https://example.com/?key=${key}`), true);
  assert.equal(read('https://example.com/'), false);
});
