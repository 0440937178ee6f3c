import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { elementsOf, type ListKind, listKinds, matchesTemplate } from './merged-lists.ts';

const kind = (method: string): ListKind => {
  const found = listKinds.find((each) => each.method === method);
  assert.ok(found);
  return found;
};

function page(result: string) {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${result}}`);
  return parseMessage(raw, { maxDepth: 50, check: 'structure' });
}

test('a tool keeps every byte but its name', () => {
  const tool = '{ "x":1.50, "n\\u0061me" : "re\\u0061d", "inputSchema":{"name":"read"}, "é":[] }';
  const [element] = elementsOf(kind('tools/list'), 'files', page(`{"tools":[${tool}]}`));
  assert.equal(element?.key, 'read');
  assert.equal(element?.shown, 'files__read');
  assert.equal(element?.text, tool.replace('"re\\u0061d"', '"files__read"'));
});

test('a resource keeps every byte', () => {
  const resource = '{"name":"n", "uri": "file:///a\\/b" }';
  const [element] = elementsOf(kind('resources/list'), 'files', page(`{"resources":[${resource}]}`));
  assert.deepEqual(element, { key: 'file:///a/b', shown: 'file:///a/b', text: resource });
});

test('what has no readable key is left out, and what is no list has no elements', () => {
  const tools = '{"tools":[null,5,"a",[],{},{"name":5},{"title":"t"},{"name":"ok"}]}';
  assert.deepEqual(
    elementsOf(kind('tools/list'), 's', page(tools)).map(({ key }) => key),
    ['ok'],
  );
  for (const none of ['{}', '{"tools":null}', '{"tools":{}}', '[]', 'null'])
    assert.deepEqual(elementsOf(kind('tools/list'), 's', page(none)), []);
});

test('elements put together again are the JSON that the server wrote, under other names', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 12 });
  fc.assert(
    fc.property(fc.array(fc.record({ name, extra: fc.jsonValue() })), (tools) => {
      const elements = elementsOf(kind('tools/list'), 'srv', page(JSON.stringify({ tools })));
      const shown = JSON.parse(`[${elements.map(({ text }) => text).join(',')}]`) as { name: string }[];
      const expected = (JSON.parse(JSON.stringify(tools)) as object[]).map((tool, at) => ({
        ...tool,
        name: elements[at]?.shown,
      }));
      assert.deepEqual(shown, expected);
    }),
  );
});

for (const [template, uri, matches] of [
  ['test://a', 'test://a', true],
  ['test://a', 'test://ab', false],
  ['file:///{path}', 'file:///x/y', true],
  ['file:///{path}', 'http:///x', false],
  ['a/{id}/data', 'a/7/data', true],
  ['a/{id}/data', 'a/7/date', false],
  ['a/{x}/b/{y}/c', 'a/1/b/2/c', true],
  ['a/{x}/b/{y}/c', 'a/1/c', false],
  ['aa{x}aa', 'aaa', false],
  ['{all}', '', true],
] as const)
  test(`${uri} ${matches ? 'could' : 'could not'} come from ${template}`, () => {
    assert.equal(matchesTemplate(template, uri), matches);
  });
