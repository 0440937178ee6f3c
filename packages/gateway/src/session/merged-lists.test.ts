import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import fc from 'fast-check';
import { type ListKind, listKinds, matchesTemplate, shareOf } from './merged-lists.ts';

const kind = (method: string): ListKind => {
  const found = listKinds.find((each) => each.method === method);
  assert.ok(found);
  return found;
};

function page(result: string) {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${result}}`);
  return parseMessage(raw, { maxDepth: 50, check: 'structure' });
}

/** The entries of a share, one by one. */
function elementsOf(method: string, server: string, result: string) {
  const share = shareOf(kind(method), server, [page(result)]);
  return share.keys.map((key, at) => ({ key, shown: share.shown[at], text: share.slice(at, at + 1).toString() }));
}

test('a tool keeps every byte but its name', () => {
  const tool = '{ "x":1.50, "n\\u0061me" : "re\\u0061d", "inputSchema":{"name":"read","uri":"x://y"}, "é":[] }';
  const [element] = elementsOf('tools/list', 'files', `{"tools":[${tool}]}`);
  assert.equal(element?.key, 'read');
  assert.equal(element?.shown, 'files__read');
  assert.equal(element?.text, tool.replace('"re\\u0061d"', '"files__re\\u0061d"'));
});

test('a tool’s page is shown as its server’s own, however it is spelled', () => {
  for (const meta of [
    '"_meta":{"ui":{"resourceUri":"ui://p"}}',
    '"_met\\u0061":{"u\\u0069":{"resourceUr\\u0069":"ui://p"}}',
  ]) {
    const [element] = elementsOf('tools/list', 'files', `{"tools":[{"name":"t",${meta}}]}`);
    assert.deepEqual(JSON.parse(element?.text ?? ''), {
      name: 'files__t',
      _meta: { ui: { resourceUri: 'ui://files.mcpvault/p' } },
    });
  }
});

test('tools for pages only are not listed, and known', () => {
  const tool = (name: string, visibility: unknown) => ({ name, _meta: { ui: { resourceUri: 'ui://p', visibility } } });
  const tools = [tool('page', ['app']), tool('both', ['model', 'app']), tool('odd', 'app'), { name: 'plain' }];
  const share = shareOf(kind('tools/list'), 's', [page(JSON.stringify({ tools }))]);
  assert.deepEqual([...share.keys], ['both', 'odd', 'plain']);
  assert.deepEqual([...share.kept], ['page']);
});

test('a resource keeps every byte but its URI', () => {
  const resource = '{"name":"n", "uri": "file:///a\\/b" }';
  assert.deepEqual(elementsOf('resources/list', 'files', `{"resources":[${resource}]}`), [
    {
      key: 'file:///a/b',
      shown: 'file://files.mcpvault//a/b',
      text: resource.replace('file://', 'file://files.mcpvault/'),
    },
  ]);
  const [web] = elementsOf('resources/list', 'files', '{"resources":[{"uri":"https://example.com/a"}]}');
  assert.equal(web?.text, '{"uri":"https://files.mcpvault/example.com/a"}');
});

test('what has no readable key, or one that was there before, is left out; what is no list has no elements', () => {
  const tools = '{"tools":[null,5,"a",[],{},{"name":5},{"title":"t"},{"name":"ok"},{"name":"ok","again":1}]}';
  assert.deepEqual(
    elementsOf('tools/list', 's', tools).map(({ key }) => key),
    ['ok'],
  );
  for (const none of ['{}', '{"tools":null}', '{"tools":{}}', '[]', 'null'])
    assert.deepEqual(elementsOf('tools/list', 's', none), []);
});

test('elements put together again are the JSON that the server wrote, under other names', () => {
  const name = fc.string({ unit: 'grapheme', maxLength: 12 });
  const tools = fc.uniqueArray(fc.record({ name, extra: fc.jsonValue() }), { selector: (tool) => tool.name });
  fc.assert(
    fc.property(tools, (listed) => {
      const share = shareOf(kind('tools/list'), 'srv', [page(JSON.stringify({ tools: listed }))]);
      const shown = JSON.parse(`[${share.bytes}]`) as { name: string }[];
      const expected = (JSON.parse(JSON.stringify(listed)) as object[]).map((tool, at) => ({
        ...tool,
        name: share.shown[at],
      }));
      assert.deepEqual(shown, expected);
      for (const [at, one] of share.shown.entries()) assert.equal(share.placeOf(one), at);
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
