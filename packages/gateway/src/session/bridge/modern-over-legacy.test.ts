import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bridging, createBridging, envelope, modern, send } from './fixtures/bridging.ts';
import { type KeepingSink, messageOf, respond, settled, type Sent, until } from './fixtures/scripted-link.ts';

const everything = { sampling: {}, roots: {}, elicitation: { form: {}, url: {} } };
const opening = {
  protocolVersion: '2025-11-25',
  capabilities: {
    tools: { listChanged: true },
    resources: { subscribe: true },
    logging: {},
    tasks: { requests: { tools: { call: {} } } },
  },
  serverInfo: { name: 'legacy', version: '2' },
  instructions: 'Be kind.',
};
const serverInfo = { 'io.modelcontextprotocol/serverInfo': opening.serverInfo };

/** Answers what every server answers, and lists no tools. */
function usual({ json }: Sent): object | null {
  if (json.method === 'initialize') return { result: opening };
  if (json.method === 'tools/list') return { result: { tools: [] } };
  return json.method === 'logging/setLevel' || json.method.startsWith('resources/sub') ? { result: {} } : null;
}

function bridged(script: (sent: Sent) => object | null = usual): Bridging {
  const bridging = createBridging('legacy');
  bridging.script = script;
  return bridging;
}

interface Asking {
  readonly capabilities?: object;
  readonly meta?: object;
  readonly member?: string;
  readonly params?: object;
  readonly id?: number | string;
}

/** A message of a modern client, each on a link of its own. */
async function ask(bridging: Bridging, method: string, asking: Asking = {}): Promise<ReturnType<typeof send>> {
  const { capabilities = everything, meta = {}, member = 'one', params = {}, id = 1 } = asking;
  const link = await bridging.link('modern', { member });
  return send(link, { id, method, params: { ...params, _meta: envelope(capabilities, meta) } }, modern);
}

const call = { name: 'add', arguments: { n: 1 } };

async function sent(bridging: Bridging, method: string, times = 1): Promise<Sent> {
  const count = (): number =>
    bridging.opened.flatMap(({ link }) => link.sent).filter(({ json }) => json.method === method).length;
  await until(() => bridging.opened.length > 0 && count() >= times, `${method} at the server`);
  return bridging.server().last(method);
}

async function parked(
  bridging: Bridging,
  asking: Asking = {},
): Promise<{ readonly upstream: Sent; readonly state: string }> {
  const { sink } = await ask(bridging, 'tools/call', { params: call, ...asking });
  const upstream = await sent(bridging, 'tools/call');
  upstream.sink.related(question('e1'));
  await until(() => sink.answered !== null, 'the question');
  return { upstream, state: String(sink.result['requestState']) };
}

function question(id: string, method = 'elicitation/create'): ReturnType<typeof messageOf> {
  return messageOf({ jsonrpc: '2.0', id, method, params: { message: 'Who?', requestedSchema: { type: 'object' } } });
}

const yes = { 'question-1': { action: 'accept', content: { name: 'Ada' } } };

test('discovery is answered from initialize', async () => {
  const { sink } = await ask(bridged(), 'server/discover');
  await until(() => sink.answered !== null, 'an answer');
  assert.deepEqual(sink.result, {
    supportedVersions: ['2026-07-28'],
    capabilities: {
      tools: { listChanged: true },
      resources: { subscribe: true },
      logging: {},
      extensions: { 'io.modelcontextprotocol/tasks': {} },
    },
    instructions: 'Be kind.',
    ttlMs: 0,
    cacheScope: 'private',
    resultType: 'complete',
    _meta: serverInfo,
  });
});

test('a session is opened once for each principal and set of capabilities, in the client’s name', async () => {
  const bridging = bridged();
  const asked: Asking[] = [
    {},
    { meta: { 'io.modelcontextprotocol/clientInfo': { name: 'another', version: '1' } } },
    { capabilities: {} },
    { member: 'two' },
  ];
  for (const asking of asked) {
    const { sink } = await ask(bridging, 'tools/list', asking);
    await until(() => sink.answered !== null, 'an answer');
  }
  const opened = bridging.opened.map(({ link }) => link.last('initialize').json.params);
  assert.deepEqual(
    opened.map(({ capabilities }) => capabilities),
    [everything, {}, everything],
  );
  assert.deepEqual(opened[0]?.['clientInfo'], { name: 'a client', version: '1' });
  assert.deepEqual(bridging.server().told[0], { jsonrpc: '2.0', method: 'notifications/initialized', params: {} });
});

test('a member has so many sessions with a server and no more: idle ones make room', async () => {
  const bridging = bridged();
  for (let index = 0; index < 20; index++) {
    const { sink } = await ask(bridging, 'tools/list', { capabilities: { experimental: { [`e${index}`]: {} } } });
    await until(() => sink.answered !== null, 'an answer');
  }
  assert.equal(bridging.opened.filter(({ link }) => !link.closed).length, 16);
});

test('a request travels without its envelope, and its result comes back as a modern one, digit by digit', async () => {
  const bridging = bridged();
  const { sink } = await ask(bridging, 'tools/call', {
    params: call,
    meta: { progressToken: 'p', traceparent: 't' },
    id: 'x',
  });
  const upstream = await sent(bridging, 'tools/call');
  assert.deepEqual(upstream.json.params, { ...call, _meta: { traceparent: 't', progressToken: upstream.json.id } });
  const progress = { progressToken: upstream.json.id, progress: 1 };
  upstream.sink.related(messageOf({ jsonrpc: '2.0', method: 'notifications/progress', params: progress }));
  assert.deepEqual(sink.heard[0]?.['params'], { progressToken: 'p', progress: 1 });
  const result = '{"content":[],"structuredContent":{"n":1.50,"big":12345678901234567890}}';
  upstream.sink.answer(messageOf(`{"jsonrpc":"2.0","id":${upstream.json.id},"result":${result}}`), 200);
  assert.match(
    sink.text ?? '',
    /^\{"jsonrpc":"2.0","id":"x","result":\{"content":\[\],"structuredContent":\{"n":1.50,"big":12345678901234567890\}/,
  );
  assert.deepEqual(sink.result['_meta'], serverInfo);
});

test('log messages reach the call that asked for them, from its level on', async () => {
  const bridging = bridged();
  const { sink } = await ask(bridging, 'tools/call', {
    params: call,
    meta: { 'io.modelcontextprotocol/logLevel': 'warning' },
  });
  const { sink: silent } = await ask(bridging, 'tools/call', { params: call });
  await sent(bridging, 'tools/call', 2);
  assert.equal(bridging.server().last('logging/setLevel').json.params['level'], 'warning');
  const say = (level: string) =>
    messageOf({ jsonrpc: '2.0', method: 'notifications/message', params: { level, data: 1 } });
  for (const { sink: on } of bridging.server().sent.filter(({ json }) => json.method === 'tools/call')) {
    on.related(say('info'));
    on.related(say('error'));
  }
  bridging.server().listener?.unsolicited(say('error'));
  assert.equal(sink.heard.length, 1);
  assert.equal(silent.heard.length, 0);
});

test('a question becomes input_required, and the call goes on when the client comes back', async () => {
  const bridging = bridged();
  const { sink } = await ask(bridging, 'tools/call', { params: call });
  const upstream = await sent(bridging, 'tools/call');
  upstream.sink.related(question('e1'));
  upstream.sink.related(question('r1', 'roots/list'));
  await until(() => sink.answered !== null, 'the questions');
  const asked = sink.result['inputRequests'] as Record<string, { method: string }>;
  assert.deepEqual(
    Object.values(asked).map(({ method }) => method),
    ['elicitation/create', 'roots/list'],
  );
  assert.equal(sink.result['resultType'], 'input_required');
  assert.equal(upstream.cancelled, null);

  const one = {
    ...call,
    requestState: sink.result['requestState'],
    inputResponses: { ...yes, 'question-2': { wrong: 1 } },
  };
  const { sink: second } = await ask(bridging, 'tools/call', { params: one, id: 2 });
  await until(() => second.answered !== null, 'the question that is left');
  assert.deepEqual(Object.keys(second.result['inputRequests'] as object), ['question-2']);
  assert.deepEqual(bridging.server().told.at(-1), { jsonrpc: '2.0', id: 'e1', result: yes['question-1'] });

  const two = { ...call, requestState: second.result['requestState'], inputResponses: { 'question-2': { roots: [] } } };
  const { sink: third } = await ask(bridging, 'tools/call', { params: two, id: 3 });
  await settled();
  assert.deepEqual(bridging.server().told.at(-1), { jsonrpc: '2.0', id: 'r1', result: { roots: [] } });
  respond(upstream, { result: { content: [] } });
  assert.equal(third.result['resultType'], 'complete');
  assert.equal(third.answered?.['id'], 3);
});

test('state hijack: a state opens nothing for others, for other requests, twice, changed, or late; all read alike', async () => {
  const texts = new Set<string>();
  const refused = async (bridging: Bridging, asking: Asking): Promise<void> => {
    const { sink } = await ask(bridging, 'tools/call', asking);
    await until(() => sink.answered !== null, 'a refusal');
    assert.equal(sink.error.code, -32602);
    texts.add(sink.error.message);
  };
  const bridging = bridged();
  const { state } = await parked(bridging);
  const back = { ...call, requestState: state, inputResponses: yes };
  const flipped = `${state.startsWith('A') ? 'B' : 'A'}${state.slice(1)}`;
  await refused(bridging, { params: back, member: 'two' });
  await refused(bridging, { params: { ...back, arguments: { n: 2 } } });
  await refused(bridging, { params: { ...back, name: 'other' } });
  for (const changed of [flipped, `${state}A`, state.slice(0, -2), '', 'x'.repeat(5_000)]) {
    await refused(bridging, { params: { ...back, requestState: changed } });
  }
  const { sink } = await ask(bridging, 'tools/call', { params: { ...back, arguments: { n: 1.0 } } });
  await settled();
  assert.equal(sink.answered, null, 'the right one is taken');
  await refused(bridging, { params: back });

  const late = bridged();
  const waiting = await parked(late);
  late.clock.now += 600_001;
  await refused(late, { params: { ...call, requestState: waiting.state } });
  late.bridge.sweep(late.clock.now);
  assert.match(waiting.upstream.cancelled ?? '', /did not come back/);
  assert.equal(texts.size, 1);
});

test('what the server answers while the client is away is kept for it', async () => {
  const bridging = bridged();
  const { upstream, state } = await parked(bridging);
  respond(upstream, { error: { code: -32002, message: 'gone' } });
  const { sink } = await ask(bridging, 'tools/call', { params: { ...call, requestState: state } });
  await until(() => sink.answered !== null, 'the answer');
  assert.equal(sink.error.code, -32602);
});

test('a client that leaves cancels its call upstream, unless the call waits for it to come back', async () => {
  const bridging = bridged();
  const { call: leaving } = await ask(bridging, 'tools/call', { params: call });
  const upstream = await sent(bridging, 'tools/call');
  leaving.cancel('gone');
  assert.equal(upstream.cancelled, 'gone');
});

test('a question that no client can be asked is refused to the server', async () => {
  const bridging = bridged();
  await ask(bridging, 'tools/call', { params: call, capabilities: { roots: {} } });
  const upstream = await sent(bridging, 'tools/call');
  upstream.sink.related(question('e1'));
  bridging.server().listener?.unsolicited(messageOf({ jsonrpc: '2.0', id: 5, method: 'ping' }));
  const { told } = bridging.server();
  assert.equal((told.at(-2)?.['error'] as { code: number }).code, -32601);
  assert.deepEqual(told.at(-1), { jsonrpc: '2.0', id: 5, result: {} });
});

test('a page that must be visited first becomes a question, and the request is sent again', async () => {
  const bridging = bridged();
  const { sink } = await ask(bridging, 'tools/call', { params: call });
  const page = { mode: 'url', message: 'Sign in', url: 'https://example.com', elicitationId: 'e' };
  respond(await sent(bridging, 'tools/call'), {
    error: { code: -32042, message: 'first', data: { elicitations: [page] } },
  });
  assert.deepEqual(sink.result['inputRequests'], {
    'question-1': {
      method: 'elicitation/create',
      params: { mode: 'url', message: 'Sign in', url: 'https://example.com' },
    },
  });
  const params = {
    ...call,
    requestState: sink.result['requestState'],
    inputResponses: { 'question-1': { action: 'accept' } },
  };
  const { sink: again } = await ask(bridging, 'tools/call', { params });
  respond(await sent(bridging, 'tools/call', 2), { result: { content: [] } });
  assert.equal(again.result['resultType'], 'complete');
});

test('methods that the modern era has no more are refused before the server hears of them', async () => {
  const bridging = bridged();
  for (const method of [
    'initialize',
    'ping',
    'logging/setLevel',
    'resources/subscribe',
    'tasks/list',
    'tasks/result',
  ]) {
    const { sink } = await ask(bridging, method);
    await until(() => sink.answered !== null, method);
    assert.deepEqual([sink.error.code, sink.status], [-32601, 404], method);
  }
  assert.equal(bridging.opened.length, 0);
});

test('a subscription is acknowledged with what the server promises, and hears just that', async () => {
  const bridging = bridged();
  const notifications = { toolsListChanged: true, promptsListChanged: true, resourceSubscriptions: ['a://b'] };
  const { sink, call: listening } = await ask(bridging, 'subscriptions/listen', {
    params: { notifications },
    id: 'sub',
  });
  await until(() => sink.heard.length > 0, 'the acknowledgement');
  const _meta = { 'io.modelcontextprotocol/subscriptionId': 'sub' };
  assert.deepEqual(sink.heard[0]?.['params'], {
    notifications: { toolsListChanged: true, resourceSubscriptions: ['a://b'] },
    _meta,
  });
  assert.equal(bridging.server().listening, true);
  const heard = bridging.server().listener;
  for (const uri of ['a://b', 'other://c']) {
    heard?.unsolicited(messageOf({ jsonrpc: '2.0', method: 'notifications/resources/updated', params: { uri } }));
  }
  heard?.unsolicited(messageOf({ jsonrpc: '2.0', method: 'notifications/prompts/list_changed' }));
  heard?.unsolicited(messageOf({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' }));
  assert.deepEqual(
    sink.heard.slice(1).map(({ method, params }) => [method, params]),
    [
      ['notifications/resources/updated', { uri: 'a://b', _meta }],
      ['notifications/tools/list_changed', { _meta }],
    ],
  );
  listening.cancel('enough');
  assert.deepEqual(bridging.server().last('resources/unsubscribe').json.params, { uri: 'a://b' });
});

test('a subscription whose session ends is answered, so that the client listens anew', async () => {
  const bridging = bridged();
  const { sink } = await ask(bridging, 'subscriptions/listen', { params: { notifications: {} }, id: 'sub' });
  await until(() => sink.heard.length > 0, 'the acknowledgement');
  bridging.bridge.drop('srv_1');
  assert.equal(sink.result['resultType'], 'complete');
  assert.equal((sink.result['_meta'] as Record<string, unknown>)['io.modelcontextprotocol/subscriptionId'], 'sub');
  assert.equal(bridging.server().closed, true);
});

test('a session that the server has forgotten is opened again, and the client does not notice', async () => {
  const bridging = bridged();
  const { sink } = await ask(bridging, 'tools/call', { params: call });
  const { Failure } = await import('@mcpvault/domain/failure');
  (await sent(bridging, 'tools/call')).sink.fail(new Failure('session_not_found', 'who?'));
  respond(await sent(bridging, 'tools/call', 2), { result: { content: [] } });
  assert.equal(sink.result['resultType'], 'complete');
  assert.equal(bridging.opened.length, 2);
});

test('a session that nobody uses is ended, one with a call or a task in it is not', async () => {
  const bridging = bridged();
  const { sink } = await ask(bridging, 'tools/list');
  await until(() => sink.answered !== null, 'an answer');
  bridging.bridge.sweep(bridging.clock.now + 59_000);
  assert.equal(bridging.server().closed, false);
  bridging.bridge.sweep(bridging.clock.now + 61_000);
  assert.equal(bridging.server().closed, true);
  const { upstream } = await parked(bridging);
  bridging.clock.now += 120_000;
  bridging.bridge.sweep(bridging.clock.now);
  assert.equal(upstream.cancelled, null);
  assert.equal(bridging.server().closed, false);
});

const tools = [
  { name: 'add', execution: { taskSupport: 'optional' } },
  { name: 'long', execution: { taskSupport: 'required' } },
];
const withTools = (message: Sent): object | null =>
  message.json.method === 'tools/list' ? { result: { tools } } : usual(message);
const takesTasks = { ...everything, extensions: { 'io.modelcontextprotocol/tasks': {} } };
const task = { taskId: 't', createdAt: '2026-01-01T00:00:00Z', lastUpdatedAt: '2026-01-01T00:00:00Z' };

test('a client that takes tasks gets one, flat, with its result and questions inside', async () => {
  const bridging = bridged(withTools);
  const about = async (method: string, params: object = {}): Promise<KeepingSink> =>
    (await ask(bridging, method, { capabilities: takesTasks, params: { taskId: 't', ...params } })).sink;
  const { sink } = await ask(bridging, 'tools/call', { params: call, capabilities: takesTasks });
  const upstream = await sent(bridging, 'tools/call');
  assert.deepEqual(upstream.json.params['task'], {});
  respond(upstream, { result: { task: { ...task, status: 'working', ttl: 60_000, pollInterval: 5 } } });
  const flat = { ...task, status: 'working', ttlMs: 60_000, pollIntervalMs: 5 };
  assert.deepEqual(sink.result, { ...flat, resultType: 'task', _meta: serverInfo });

  const asked = await about('tasks/get');
  respond(await sent(bridging, 'tasks/get'), { result: { ...task, status: 'input_required', ttl: 60_000 } });
  const watch = await sent(bridging, 'tasks/result');
  watch.sink.related(question('e1'));
  await until(() => asked.answered !== null, 'the question');
  assert.deepEqual(Object.keys(asked.result['inputRequests'] as object), ['question-1']);
  const updated = await about('tasks/update', { inputResponses: yes });
  respond(await sent(bridging, 'tasks/get', 2), { result: { ...task, status: 'input_required' } });
  await until(() => updated.answered !== null, 'the acknowledgement');
  assert.deepEqual(updated.result, { resultType: 'complete', _meta: serverInfo });
  assert.deepEqual(bridging.server().told.at(-1), { jsonrpc: '2.0', id: 'e1', result: yes['question-1'] });

  const done = await about('tasks/get');
  respond(await sent(bridging, 'tasks/get', 3), { result: { ...task, status: 'failed' } });
  respond(await sent(bridging, 'tasks/result', 2), { result: { content: [], isError: true } });
  await until(() => done.answered !== null, 'the result');
  assert.deepEqual([done.result['status'], done.result['result']], ['completed', { content: [], isError: true }]);

  const unknown = await about('tasks/get');
  respond(await sent(bridging, 'tasks/get', 4), { error: { code: -32602, message: 'no' } });
  await until(() => unknown.answered !== null, 'the refusal');
  assert.equal(unknown.error.code, -32602);
  const { sink: undeclared } = await ask(bridging, 'tasks/get', { params: { taskId: 't' } });
  await until(() => undeclared.answered !== null, 'the refusal');
  assert.equal(undeclared.error.code, -32021);
});

test('a tool that must be a task is one for a client that knows of none, who just waits', async () => {
  const bridging = bridged(withTools);
  const { sink: plain } = await ask(bridging, 'tools/call', { params: call });
  assert.equal('task' in (await sent(bridging, 'tools/call')).json.params, false);
  const { sink } = await ask(bridging, 'tools/call', { params: { name: 'long' } });
  const upstream = await sent(bridging, 'tools/call', 2);
  assert.deepEqual(upstream.json.params['task'], {});
  respond(upstream, { result: { task: { ...task, status: 'working', pollInterval: 1 } } });
  respond(await sent(bridging, 'tasks/get'), { result: { ...task, status: 'completed' } });
  respond(await sent(bridging, 'tasks/result'), { result: { content: [{ type: 'text', text: 'done' }] } });
  assert.deepEqual(sink.result['content'], [{ type: 'text', text: 'done' }]);
  assert.equal(plain.answered, null);
});
