import assert from 'node:assert/strict';
import { test } from 'node:test';
import { apply } from '@mcpvault/domain/redaction/apply';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { inMergedWords, inServersWords } from './merged-words.ts';

function parsed(body: object | string) {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify({ jsonrpc: '2.0', ...body }));
  return parseMessage(raw, { maxDepth: 50, check: 'structure' });
}

function shown(body: object, plainUri: string | null = null): unknown {
  const message = parsed(body);
  return JSON.parse(apply(message.raw, inMergedWords(message, { server: 'one', plainUri })).toString());
}

function result(value: object): object {
  return { jsonrpc: '2.0', id: 1, result: value };
}

test('links, embedded resources, pages and tasks of a server are shown as its own', () => {
  const said = (uri: string, page: string, task: string) =>
    result({
      content: [
        { type: 'resource_link', uri, name: 'n' },
        { type: 'resource', resource: { uri, text: 'a text with "uri": "x://y" in it' } },
        { type: 'text', text: uri === '' ? '' : 'x' },
      ],
      _meta: { ui: { resourceUri: page, csp: {} }, 'ui/resourceUri': page, uri: 'x://left' },
      task: { taskId: task, status: 'working' },
    });
  assert.deepEqual(shown(said('x://y', 'ui://p', '7')), said('x://one.mcpvault/y', 'ui://one.mcpvault/p', 'one.7'));
});

test('what a prompt embeds, a resource that was read, and a result within a task are shown as its own', () => {
  const said = (uri: string) => ({ contents: [{ uri, text: 't' }] });
  assert.deepEqual(shown(result(said('x://y'))), result(said('x://one.mcpvault/y')));
  const prompt = (uri: string) =>
    result({ messages: [{ role: 'user', content: { type: 'resource', resource: { uri } } }] });
  assert.deepEqual(shown(prompt('x://y')), prompt('x://one.mcpvault/y'));
  const task = (uri: string, id: string) =>
    result({
      taskId: id,
      result: { content: [{ type: 'resource_link', uri }] },
      inputRequests: { a: { params: { taskId: id } } },
    });
  assert.deepEqual(shown(task('x://y', 't')), task('x://one.mcpvault/y', 'one.t'));
});

test('a resource that changed, and a message for a model, are shown as its own', () => {
  const updated = (uri: string) => ({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } });
  assert.deepEqual(shown(updated('https://example.com/')), updated('https://one.mcpvault/example.com/'));
  assert.deepEqual(shown(updated('x://y'), 'x://y'), updated('x://y'));
  const ask = (uri: string) => ({
    jsonrpc: '2.0',
    id: 1,
    method: 'sampling/createMessage',
    params: { messages: [{ role: 'user', content: [{ type: 'resource', resource: { uri } }] }] },
  });
  assert.deepEqual(shown(ask('x://y')), ask('x://one.mcpvault/y'));
});

test('what is data of the tool, and a link to the web, stay as they are', () => {
  const said = result({
    structuredContent: { uri: 'x://y', taskId: 't' },
    content: [{ type: 'resource_link', uri: 'https://example.com/a' }],
    _meta: { vendor: { uri: 'x://y', taskId: 't' } },
  });
  assert.deepEqual(shown(said), said);
});

test('a server that names another’s resource names one of its own', () => {
  const said = (uri: string) => result({ content: [{ type: 'resource_link', uri }] });
  assert.deepEqual(shown(said('x://two.mcpvault/y')), said('x://one.mcpvault/two.mcpvault/y'));
  const spelled = parsed('{"jsonrpc":"2.0","id":1,"result":{"contents":[{"\\u0075ri":"x:\\/\\/y"}]}}');
  const edits = inMergedWords(spelled, { server: 'one', plainUri: null });
  assert.match(apply(spelled.raw, edits).toString(), /"x:\\\/\\\/one\.mcpvault\/y"/);
});

test('an answer that is no JSON inside is left as it is', () => {
  for (const text of ['{"uri":nope}', '{"uri":"\\q"}', '{"content":[{"uri":"x://y"},]}', '{"a":[}'])
    assert.doesNotThrow(() => {
      const raw = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${text}}`);
      try {
        inMergedWords(parseMessage(raw, { maxDepth: 9, check: 'structure' }), { server: 'one', plainUri: null });
      } catch (error) {
        if (!/not a message/.test(String(error))) throw error;
      }
    }, text);
});

test('a URI handed back to its own server is in its own words, and any other argument is left alone', () => {
  const call = (args: object) => ({ id: 1, method: 'tools/call', params: { name: 'one__t', arguments: args } });
  const said = (uri: string) =>
    call({ uri, list: [uri, { deep: uri }], other: 'x://two.mcpvault/y', text: 'see x://one.mcpvault/y', n: 1 });
  const message = parsed(said('x://one.mcpvault/y'));
  const sent = JSON.parse(apply(message.raw, inServersWords(message, 'one')).toString());
  assert.deepEqual(sent, { jsonrpc: '2.0', ...said('x://y') });
});
