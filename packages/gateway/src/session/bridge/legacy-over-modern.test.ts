import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Link } from '../../upstream/link.ts';
import { type Bridging, createBridging, send } from './fixtures/bridging.ts';
import { messageOf, respond, settled, until } from './fixtures/scripted-link.ts';

const discovered = {
  supportedVersions: ['2026-07-28'],
  capabilities: {
    tools: { listChanged: true },
    resources: { subscribe: true },
    extensions: { 'io.modelcontextprotocol/tasks': {}, 'io.modelcontextprotocol/ui': { mimeTypes: ['a/b'] } },
  },
  instructions: 'Be kind.',
  ttlMs: 5,
  cacheScope: 'public',
  resultType: 'complete',
  _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'modern', version: '3' } },
};
const everything = { sampling: {}, roots: { listChanged: true }, elicitation: { form: {}, url: {} } };

async function session(
  options: { readonly revision?: string; readonly capabilities?: object; readonly bridging?: Bridging } = {},
): Promise<{ readonly link: Link; readonly bridging: Bridging; readonly said: Record<string, unknown>[] }> {
  const { revision = '2025-11-25', capabilities = everything, bridging = createBridging('modern') } = options;
  bridging.script = ({ json }) => (json.method === 'server/discover' ? { result: discovered } : null);
  const said: Record<string, unknown>[] = [];
  const link = await bridging.link('legacy', {
    listener: { unsolicited: (message) => void said.push(message.json), lost() {} },
  });
  const clientInfo = { name: 'old', version: '1' };
  const { sink } = send(link, {
    id: 'open',
    method: 'initialize',
    params: { protocolVersion: revision, capabilities, clientInfo },
  });
  await settled();
  assert.equal(sink.result['protocolVersion'], revision);
  return { link, bridging, said };
}

const call = { id: 7, method: 'tools/call', params: { name: 'add', arguments: { n: 1 } } } as const;

test('initialize is answered from what the server says of itself', async () => {
  const bridging = createBridging('modern');
  bridging.script = ({ json }) => (json.method === 'server/discover' ? { result: discovered } : null);
  const link = await bridging.link('legacy');
  const params = { protocolVersion: '1999-01-01', capabilities: {}, clientInfo: { name: 'old', version: '1' } };
  const { sink } = send(link, { id: 1, method: 'initialize', params });
  await settled();
  assert.deepEqual(sink.result, {
    protocolVersion: '2025-11-25',
    capabilities: {
      tools: { listChanged: true },
      resources: { subscribe: true },
      extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: ['a/b'] } },
      tasks: { list: {}, cancel: {}, requests: { tools: { call: {} } } },
    },
    serverInfo: { name: 'modern', version: '3' },
    instructions: 'Be kind.',
  });
});

test('a server that cannot be discovered is taken as it comes', async () => {
  const bridging = createBridging('modern');
  bridging.script = () => ({ error: { code: -32601, message: 'no' } });
  const { sink } = send(await bridging.link('legacy'), { id: 1, method: 'initialize', params: {} });
  await settled();
  assert.deepEqual(sink.result['serverInfo'], { name: 'one', version: '0' });
});

test('what the session said once is said with each request, and what the server adds is taken off', async () => {
  const { link, bridging } = await session({ capabilities: { sampling: {} } });
  send(link, { id: 2, method: 'logging/setLevel', params: { level: 'warning' } });
  const { sink } = send(link, { ...call, params: { ...call.params, _meta: { progressToken: 'p', traceparent: 't' } } });
  const sent = bridging.server().last('tools/call');
  assert.deepEqual(sent.json.params['_meta'], {
    progressToken: 'p',
    traceparent: 't',
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'old', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': { sampling: {} },
    'io.modelcontextprotocol/logLevel': 'warning',
  });
  assert.equal(sent.modern?.version, '2026-07-28');
  sent.sink.answer(
    messageOf(
      `{"jsonrpc":"2.0","id":${sent.json.id},"result":{"content":[],"structuredContent":{"n":1.50,"big":12345678901234567890},"resultType":"complete","_meta":{"io.modelcontextprotocol/serverInfo":{},"x":1}}}`,
    ),
    200,
  );
  assert.equal(
    sink.text,
    '{"jsonrpc":"2.0","id":7,"result":{"content":[],"structuredContent":{"n":1.50,"big":12345678901234567890},"_meta":{"x":1}}}',
  );
});

test('the server’s questions are put to the client, and the request is sent again with the answers', async () => {
  const { link, bridging } = await session();
  const { sink } = send(link, call);
  const first = bridging.server().last('tools/call');
  const name = { method: 'elicitation/create', params: { message: 'Who?', requestedSchema: { type: 'object' } } };
  const page = { method: 'elicitation/create', params: { mode: 'url', message: 'Go', url: 'https://example.com' } };
  respond(first, {
    result: { resultType: 'input_required', inputRequests: { a: name, b: page }, requestState: 'opaque "state"' },
  });
  assert.equal(sink.answered, null);
  const [asked, visit] = sink.heard;
  assert.equal(asked?.['method'], 'elicitation/create');
  assert.deepEqual(asked?.['params'], name.params);
  assert.equal((visit?.['params'] as { elicitationId?: string }).elicitationId, visit?.['id']);
  link.tell({ message: messageOf({ jsonrpc: '2.0', id: visit?.['id'], result: { action: 'accept' } }), edits: [] });
  assert.equal(bridging.server().sent.length, 2);
  const answer = `{"jsonrpc":"2.0","id":${JSON.stringify(asked?.['id'])},"result":{"action":"accept","content":{"n":1.0}}}`;
  link.tell({ message: messageOf(answer), edits: [] });
  const second = bridging.server().last('tools/call');
  assert.notEqual(second.json.id, first.json.id);
  assert.match(
    second.text,
    /"inputResponses":\{"b":\{"action":"accept"\},"a":\{"action":"accept","content":\{"n":1.0\}\}\}/,
  );
  assert.equal(second.json.params['requestState'], 'opaque "state"');
  respond(second, { result: { resultType: 'complete', content: [] } });
  assert.deepEqual(sink.result, { content: [] });
});

test('a question that cannot be answered ends the call readably, and never waits', async () => {
  const sampling = { method: 'sampling/createMessage', params: { messages: [], maxTokens: 1 } };
  const required = (request: object): object => ({
    result: { resultType: 'input_required', inputRequests: { q: request } },
  });
  const { link, bridging } = await session({ capabilities: {} });
  const { sink } = send(link, call);
  respond(bridging.server().last('tools/call'), required(sampling));
  assert.equal(sink.result['isError'], true);
  assert.match(JSON.stringify(sink.result['content']), /offers no sampling/);
  const { sink: prompt } = send(link, { id: 8, method: 'prompts/get', params: { name: 'p' } });
  respond(bridging.server().last('prompts/get'), required(sampling));
  assert.equal(prompt.error.code, -32603);

  const able = await session();
  const { sink: refused } = send(able.link, call);
  respond(able.bridging.server().last('tools/call'), required(sampling));
  const error = { code: -1, message: 'the user said no' };
  able.link.tell({ message: messageOf({ jsonrpc: '2.0', id: refused.heard[0]?.['id'], error }), edits: [] });
  assert.match(JSON.stringify(refused.result['content']), /the user said no/);
});

test('a server that asks for ever is stopped', async () => {
  const { link, bridging } = await session();
  const { sink } = send(link, call);
  for (let round = 0; sink.answered === null; round++) {
    assert.ok(round < 20);
    respond(bridging.server().last('tools/call'), {
      result: { resultType: 'input_required', requestState: `${round}` },
    });
  }
  assert.match(JSON.stringify(sink.result['content']), /more than 10 rounds/);
});

test('errors of the modern era reach a legacy client in its own words', async () => {
  const { link, bridging } = await session();
  const read = { id: 1, method: 'resources/read', params: { uri: 'a://b' } };
  const { sink } = send(link, read);
  respond(
    bridging.server().last('resources/read'),
    { error: { code: -32602, message: 'gone', data: { uri: 'a://b' } } },
    400,
  );
  assert.equal(sink.error.code, -32002);
  assert.equal(sink.status, 200);
  const { sink: unknown } = send(link, { id: 2, method: 'vendor/thing', params: {} });
  respond(bridging.server().last('vendor/thing'), { error: { code: -32601, message: 'no' } }, 404);
  assert.deepEqual([unknown.error.code, unknown.status], [-32601, 200]);
  const { sink: lacking } = send(link, call);
  respond(bridging.server().last('tools/call'), { error: { code: -32021, message: 'needs sampling' } }, 400);
  assert.match(JSON.stringify(lacking.result), /needs a client that can do more: needs sampling/);
  const { sink: version } = send(link, { id: 3, method: 'tools/list' });
  respond(bridging.server().last('tools/list'), { error: { code: -32022, message: 'no' } }, 400);
  assert.equal(version.failed?.code, 'upstream_invalid');
});

test('arguments that the server wants in headers are put there, and read again where they do not fit', async () => {
  const tool = (mark: string): object => ({
    name: 'add',
    inputSchema: { type: 'object', properties: { n: { type: 'integer', 'x-mcp-header': mark } } },
  });
  const { link, bridging } = await session();
  const { sink: list } = send(link, { id: 1, method: 'tools/list' });
  const bad = {
    name: 'bad',
    inputSchema: { type: 'object', properties: { o: { type: 'object', 'x-mcp-header': 'O' } } },
  };
  respond(bridging.server().last('tools/list'), { result: { tools: [tool('Old'), bad] } });
  assert.deepEqual(
    (list.result['tools'] as { name: string }[]).map(({ name }) => name),
    ['add'],
  );
  assert.equal(bridging.warnings.length, 1);
  const { sink } = send(link, call);
  assert.deepEqual(bridging.server().last('tools/call').modern?.params, { 'mcp-param-old': '1' });
  respond(bridging.server().last('tools/call'), { error: { code: -32020, message: 'no' } }, 400);
  respond(bridging.server().last('tools/list'), { result: { tools: [tool('New')] } });
  const again = bridging.server().last('tools/call');
  assert.deepEqual(again.modern?.params, { 'mcp-param-new': '1' });
  respond(again, { error: { code: -32020, message: 'still no' } }, 400);
  assert.match(sink.failed?.message ?? '', /did not take our headers/);
});

test('one subscription upstream follows what the session wants to hear, without a gap', async () => {
  const { link, bridging, said } = await session();
  link.listen();
  const first = bridging.server().last('subscriptions/listen');
  assert.deepEqual(first.json.params['notifications'], { toolsListChanged: true });
  const ack = { jsonrpc: '2.0', method: 'notifications/subscriptions/acknowledged', params: { notifications: {} } };
  first.sink.related(messageOf(ack));
  const { sink } = send(link, { id: 1, method: 'resources/subscribe', params: { uri: 'a://b' } });
  const second = bridging.server().last('subscriptions/listen');
  assert.deepEqual(second.json.params['notifications'], { toolsListChanged: true, resourceSubscriptions: ['a://b'] });
  assert.equal(first.cancelled, null);
  assert.equal(sink.answered, null);
  second.sink.related(messageOf(ack));
  assert.notEqual(first.cancelled, null);
  assert.deepEqual(sink.result, {});
  const params = { uri: 'a://b', _meta: { 'io.modelcontextprotocol/subscriptionId': second.json.id } };
  second.sink.related(messageOf({ jsonrpc: '2.0', method: 'notifications/resources/updated', params }));
  assert.deepEqual(said, [{ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri: 'a://b' } }]);
  link.close();
  assert.notEqual(second.cancelled, null);
});

test('a subscription that the server refuses is refused to the client', async () => {
  const { link, bridging } = await session();
  const { sink } = send(link, { id: 1, method: 'resources/subscribe', params: { uri: 'a://b' } });
  respond(bridging.server().last('subscriptions/listen'), { error: { code: -32601, message: 'not here' } });
  assert.match(sink.error.message, /not here/);
});

test('a cancelled call is cancelled upstream, whichever round it is in', async () => {
  const { link, bridging } = await session();
  const { sink, call: under } = send(link, call);
  const sent = bridging.server().last('tools/call');
  under.cancel('enough');
  assert.equal(sent.cancelled, 'enough');
  respond(sent, { result: { resultType: 'complete', content: [] } });
  assert.equal(sink.answered, null);
});

test('a link that is lost is opened again with the next request, and nothing that was said is forgotten', async () => {
  const { link, bridging } = await session({ capabilities: { sampling: {} } });
  bridging.server().listener?.lost(undefined as never, true);
  send(link, call);
  assert.equal(bridging.opened.length, 2);
  const meta = bridging.server().last('tools/call').json.params['_meta'] as Record<string, unknown>;
  assert.deepEqual(meta['io.modelcontextprotocol/clientCapabilities'], { sampling: {} });
});

test('a call as a task becomes one, whether or not the server makes one of it', async () => {
  const { link, bridging } = await session();
  const asTask = { ...call, params: { ...call.params, task: { ttl: 1000 } } };
  const { sink } = send(link, asTask);
  const sent = bridging.server().last('tools/call');
  assert.equal('task' in sent.json.params, false);
  const meta = sent.json.params['_meta'] as Record<string, { extensions?: object }>;
  assert.deepEqual(meta['io.modelcontextprotocol/clientCapabilities']?.extensions, {
    'io.modelcontextprotocol/tasks': {},
  });
  const times = { createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z' };
  respond(sent, {
    result: { resultType: 'task', taskId: 't', status: 'working', ...times, ttlMs: 9, pollIntervalMs: 100 },
  });
  const task = { taskId: 't', status: 'working', ...times, ttl: 9, pollInterval: 100 };
  assert.deepEqual(sink.result, { task });

  const { sink: waiting } = send(link, { id: 9, method: 'tasks/result', params: { taskId: 't' } });
  const question = { method: 'elicitation/create', params: { message: 'Who?' } };
  respond(bridging.server().last('tasks/get'), {
    result: { taskId: 't', status: 'input_required', inputRequests: { k: question }, ...times },
  });
  assert.deepEqual(waiting.heard[0]?.['params'], question.params);
  link.tell({
    message: messageOf({ jsonrpc: '2.0', id: waiting.heard[0]?.['id'], result: { action: 'decline' } }),
    edits: [],
  });
  const update = bridging.server().last('tasks/update');
  assert.deepEqual(update.json.params['inputResponses'], { k: { action: 'decline' } });
  respond(update, { result: { resultType: 'complete' } });
  respond(bridging.server().last('tasks/get'), {
    result: { taskId: 't', status: 'completed', result: { content: [], resultType: 'complete' }, ...times },
  });
  assert.deepEqual(waiting.result, {
    content: [],
    _meta: { 'io.modelcontextprotocol/related-task': { taskId: 't' } },
  });

  const { sink: atOnce } = send(link, { ...asTask, id: 10 });
  respond(bridging.server().last('tools/call'), {
    result: { resultType: 'complete', content: [{ type: 'text', text: 'x' }] },
  });
  const minted = atOnce.result['task'] as { taskId: string; status: string };
  assert.equal(minted.status, 'completed');
  const { sink: result } = send(link, { id: 11, method: 'tasks/result', params: { taskId: minted.taskId } });
  const { sink: listed } = send(link, { id: 12, method: 'tasks/list' });
  const { sink: unknown } = send(link, { id: 13, method: 'tasks/get', params: { taskId: 'foreign' } });
  await settled();
  assert.deepEqual(result.result['content'], [{ type: 'text', text: 'x' }]);
  assert.equal((listed.result['tasks'] as object[]).length, 2);
  assert.equal(unknown.error.code, -32602);
});

test('tools may be called as tasks by clients that know of it', async () => {
  const { link, bridging } = await session();
  const { sink } = send(link, { id: 1, method: 'tools/list' });
  respond(bridging.server().last('tools/list'), { result: { tools: [{ name: 'a' }] } });
  assert.deepEqual(sink.result['tools'], [{ name: 'a', execution: { taskSupport: 'optional' } }]);
  const older = await session({ revision: '2025-06-18' });
  const { sink: plain } = send(older.link, { id: 1, method: 'tools/list' });
  respond(older.bridging.server().last('tools/list'), { result: { tools: [{ name: 'a' }] } });
  assert.deepEqual(plain.result['tools'], [{ name: 'a' }]);
});

test('a server that answers initialize only with an error is tried the modern way, before the client hears of it', async () => {
  const bridging = createBridging('modern');
  bridging.eras.doubt({ version: 'ver_1' } as never);
  bridging.script = ({ json }) =>
    json.method === 'initialize' ? { error: { code: -32022, message: 'no' } } : { result: discovered };
  const { sink } = send(await bridging.link('legacy'), { id: 1, method: 'initialize', params: {} });
  await until(() => sink.answered !== null, 'an answer');
  assert.equal(sink.result['protocolVersion'], '2025-11-25');
  assert.deepEqual(
    bridging.opened.map(({ era, link }) => [era, link.closed]),
    [
      ['legacy', true],
      ['modern', false],
    ],
  );
  await bridging.link('legacy');
  assert.equal(bridging.opened.length, 2, 'from now on it is known');
});
