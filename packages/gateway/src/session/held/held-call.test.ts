// Held calls with a desk in memory: how each kind of client waits, and what reaches the server when. What people decide, and
// how that is kept, is the hub's; with real clients it is the matter of e2e/scenarios/approvals.e2e.ts.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import type { ApprovalId } from '@mcpvault/domain/ids';
import type { ApprovalPort, HeldRequest, HoldStanding } from '../../ports.ts';
import { type RunningGateway, startGateway } from '../../testing/compose.ts';

/** Whoever decides, at once and from memory. */
class Desk implements ApprovalPort {
  lately = true;
  patience = 60_000;
  readonly asked = new Map<string, { id: ApprovalId; standing: 'pending' | 'approved' | 'refused' | 'withdrawn' }>();
  readonly requests: HeldRequest[] = [];
  readonly notes: string[] = [];
  /** Of a request, in milliseconds. */
  lasts = 600_000;
  #waiting = new Set<() => void>();

  async ask(call: HeldRequest): Promise<HoldStanding> {
    this.requests.push(call);
    const known = this.asked.get(call.asked);
    if (known?.standing === 'approved') {
      this.asked.delete(call.asked);
      return { kind: 'approved', id: known.id, by: ['mem_boss'] };
    }
    if (known?.standing === 'refused') return { kind: 'refused', id: known.id, by: ['mem_boss'], reason: 'Not today.' };
    const id: ApprovalId = known?.standing === 'pending' ? known.id : `apr_${this.requests.length}`;
    this.asked.set(call.asked, { id, standing: 'pending' });
    return { kind: 'pending', id, page: `https://vault.example.com/approvals/${id}`, until: Date.now() + this.lasts };
  }

  async decided(_organization: unknown, id: ApprovalId, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    signal.addEventListener('abort', () => resolve());
    if (signal.aborted || this.#of(id)?.standing !== 'pending') resolve();
    await promise;
    this.#waiting.delete(resolve);
  }

  async note(_organization: unknown, _id: ApprovalId, text: string): Promise<void> {
    this.notes.push(text);
  }

  async withdraw(_organization: unknown, id: ApprovalId): Promise<void> {
    const one = this.#of(id);
    if (one?.standing === 'pending') one.standing = 'withdrawn';
  }

  decide(standing: 'approved' | 'refused'): void {
    for (const one of this.asked.values()) if (one.standing === 'pending') one.standing = standing;
    this.wake();
  }

  wake(): void {
    for (const resolve of this.#waiting) resolve();
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get standings(): string[] {
    return [...this.asked.values()].map(({ standing }) => standing);
  }

  #of(id: ApprovalId) {
    return [...this.asked.values()].find((one) => one.id === id);
  }
}

const holds = completePolicy({
  id: 'pol_1',
  name: 'Ask first',
  reason: 'This tool may destroy something.',
  condition: 'method == "tools/call"',
  actions: [{ type: 'hold' }],
});

let server: Server;
let heard: { readonly method: string; readonly params: Record<string, unknown> }[];
let answers: object[];
let running: RunningGateway;
let desk: Desk;

before(async () => {
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const { id, method, params } = JSON.parse(body) as { id?: number; method: string; params: Record<string, unknown> };
    if (id === undefined) return void response.writeHead(202).end();
    heard.push({ method, params });
    const modern = request.headers['mcp-protocol-version'] === '2026-07-28';
    const result =
      method === 'initialize'
        ? { protocolVersion: '2025-11-25', capabilities: { tools: {} } }
        : method === 'server/discover'
          ? { resultType: 'complete', supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, ttlMs: 0 }
          : (answers.shift() ?? {
              content: [{ type: 'text', text: 'done' }],
              ...(modern && { resultType: 'complete' }),
            });
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ jsonrpc: '2.0', id, result }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});

after(() => {
  server.closeAllConnections();
  server.close();
});

beforeEach(async () => {
  heard = [];
  answers = [];
  running = await startGateway();
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`;
  running.host.addToken('token');
  running.host.addServer({ name: 'echo', transport: { type: 'streamable-http', url, headers: {} } });
  running.host.setPolicies([holds]);
  desk = new Desk();
  running.host.setApprovals(desk);
});

afterEach(() => running.close());

const calls = () => heard.filter(({ method }) => method === 'tools/call');
const until = async (holdsNow: () => boolean) => {
  while (!holdsNow()) await new Promise((again) => setTimeout(again, 5));
};

interface Result {
  readonly content?: readonly [{ readonly text: string }];
  readonly resultType?: string;
  readonly requestState?: string;
  readonly inputRequests?: {
    readonly approval: { readonly method: string; readonly params: { readonly mode: string } };
  };
}

interface Said {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Result;
  readonly error?: { readonly message: string; readonly data: Record<string, unknown> };
}

/** A legacy client: what it is told on the stream of its call, with a chance to answer, and the answer. */
class LegacyClient {
  readonly told: Said[] = [];
  #session = '';

  async open(capabilities: object): Promise<this> {
    const params = { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'c', version: '1' } };
    const opened = await this.#post({ id: 0, method: 'initialize', params });
    this.#session = opened.headers.get('mcp-session-id') ?? assert.fail(await opened.text());
    await opened.text();
    return this;
  }

  async call(args: object, meta?: object): Promise<Said> {
    const params = { name: 'drop', arguments: args, ...(meta !== undefined && { _meta: meta }) };
    const response = await this.#post({ id: 1, method: 'tools/call', params });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return (await response.json()) as Said;
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^data: (.*)$/m.exec(event)?.[1];
        if (data !== undefined && data !== '') this.told.push(JSON.parse(data) as Said);
      }
    }
    return this.told.at(-1) ?? assert.fail('the stream ended without an answer');
  }

  async say(body: object): Promise<void> {
    await (await this.#post(body)).text();
  }

  #post(body: object): Promise<Response> {
    return fetch(running.mcp('echo'), {
      method: 'POST',
      headers: {
        authorization: 'Bearer token',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        ...(this.#session !== '' && { 'mcp-session-id': this.#session }),
      },
      body: JSON.stringify({ jsonrpc: '2.0', ...body }),
    });
  }
}

const legacy = (capabilities: object = {}) => new LegacyClient().open(capabilities);

async function modern(args: object, more: object = {}, capabilities: object = {}, token = 'token'): Promise<Said> {
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': capabilities,
    'io.modelcontextprotocol/clientInfo': { name: 'c', version: '1' },
  };
  const params = { name: 'drop', arguments: args, _meta, ...more };
  const response = await fetch(running.mcp('echo'), {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'drop',
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params }),
  });
  const text = await response.text();
  return JSON.parse(/^data: (\{.*)$/m.exec(text)?.[1] ?? text) as Said;
}

test('a client that can do neither is refused at once, and the same call goes through once after a yes', async () => {
  const client = await legacy();
  const held = await client.call({ table: 'a' });
  assert.equal(held.error?.data['code'], 'approval_required');
  assert.equal(held.error?.data['retryable'], true);
  assert.equal(held.error?.data['approval'], 'apr_1');
  assert.match(held.error?.message ?? '', /may destroy something.*https:\/\/vault\.example\.com\/approvals\/apr_1/);
  assert.equal(calls().length, 0);
  desk.decide('approved');
  assert.equal((await client.call({ table: 'b' })).error?.data['code'], 'approval_required', 'other arguments');
  assert.equal((await client.call({ table: 'a' })).result?.content?.[0].text, 'done');
  assert.equal((await client.call({ table: 'a' })).error?.data['code'], 'approval_required', 'a second time');
  assert.deepEqual(
    calls().map(({ params }) => params['arguments']),
    [{ table: 'a' }],
  );
});

test('a client that wants progress waits with it, and its call goes on when somebody said yes', async () => {
  const client = await legacy();
  const answered = client.call({ table: 'a' }, { progressToken: 'p-1' });
  await until(() => desk.waiting === 1 && client.told.length > 0);
  assert.equal(client.told[0]?.method, 'notifications/progress');
  assert.equal(client.told[0]?.params?.['progressToken'], 'p-1');
  assert.equal(calls().length, 0, 'nothing is sent before');
  desk.decide('approved');
  assert.equal((await answered).result?.content?.[0].text, 'done');
  const record = running.host.records.findLast(({ draft }) => draft.method === 'tools/call');
  assert.deepEqual(record?.draft.judged?.call?.approval, { id: 'apr_1', said: 'approved', by: ['mem_boss'] });
});

test('a person who can be asked is told what is going on, may say what it is for, and decides nothing by it', async () => {
  const client = await legacy({ elicitation: {} });
  const answered = client.call({ table: 'a' });
  await until(() => client.told.length > 0);
  const [question] = client.told;
  assert.equal(question?.method, 'elicitation/create');
  assert.match(String(question?.params?.['message']), /waits for somebody’s approval.*approvals\/apr_1/);
  assert.equal(question?.params?.['mode'], undefined);
  await client.say({ id: question?.id, result: { action: 'accept', content: { note: ' The quarter is over. ' } } });
  await until(() => desk.notes.length > 0);
  assert.deepEqual(desk.notes, ['The quarter is over.']);
  assert.equal(calls().length, 0);
  desk.wake();
  await until(() => desk.requests.length === 2 && desk.waiting === 1);
  assert.equal(client.told.length, 1, 'it is asked once');
  desk.decide('approved');
  assert.equal((await answered).result?.content?.[0].text, 'done');
});

test('a person who can only be sent to a page is sent to the one of the request', async () => {
  const client = await legacy({ elicitation: { url: {} } });
  const answered = client.call({ table: 'a' });
  await until(() => client.told.length > 0);
  const { params } = client.told[0] ?? assert.fail();
  assert.equal(params?.['mode'], 'url');
  assert.equal(params?.['url'], 'https://vault.example.com/approvals/apr_1');
  desk.decide('refused');
  const refused = await answered;
  assert.equal(refused.error?.message, 'Not today.');
  assert.equal(refused.error?.data['code'], 'refused_by_policy');
  const cancelled = client.told.find(({ method }) => method === 'notifications/cancelled');
  assert.equal(cancelled?.params?.['requestId'], client.told[0]?.id, 'the open question is taken back');
  assert.equal(calls().length, 0);
});

test('who declines, who cancels, and whose session ends closes the request', async () => {
  const client = await legacy({ elicitation: {} });
  const declined = client.call({ table: 'a' });
  await until(() => client.told.length > 0);
  await client.say({ id: client.told[0]?.id, result: { action: 'decline' } });
  assert.match((await declined).error?.message ?? '', /taken back/);
  assert.deepEqual(desk.standings, ['withdrawn']);
  const cancelled = client.call({ table: 'b' }, { progressToken: 1 });
  await until(() => desk.waiting === 1);
  await client.say({ method: 'notifications/cancelled', params: { requestId: 1 } });
  await cancelled;
  assert.deepEqual(desk.standings, ['withdrawn', 'withdrawn']);
  assert.equal(calls().length, 0);
});

test('what changed while a call was held counts when it goes on', async () => {
  const client = await legacy();
  const refusedLater = client.call({ table: 'a' }, { progressToken: 1 });
  await until(() => desk.waiting === 1);
  running.host.setPolicies([
    holds,
    completePolicy({ ...holds, id: 'pol_2', name: 'No', actions: [{ type: 'refuse' }] }),
  ]);
  desk.decide('approved');
  assert.equal((await refusedLater).error?.data['policy'], 'pol_2');
  assert.equal(calls().length, 0);
  assert.deepEqual(desk.standings, ['approved'], 'and nothing was used up');
  running.host.setPolicies([holds]);
  desk.asked.clear();
  const edited = client.call({ table: 'a' }, { progressToken: 1 });
  await until(() => desk.waiting === 1);
  running.host.setPolicies([
    holds,
    completePolicy({ ...holds, id: 'pol_3', actions: [{ type: 'set', argument: '/table', value: 'other' }] }),
  ]);
  desk.decide('approved');
  await edited;
  assert.deepEqual(calls().at(-1)?.params['arguments'], { table: 'other' });
  running.host.setPolicies([]);
  assert.equal(
    (await client.call({ table: 'c' })).result?.content?.[0].text,
    'done',
    'what is not held is not asked about',
  );
});

test('a server that is taken away while a call is held ends it', async () => {
  const client = await legacy();
  const held = client.call({ table: 'a' }, { progressToken: 1 });
  await until(() => desk.waiting === 1);
  running.host.removeServer('echo');
  desk.decide('approved');
  assert.notEqual((await held).error, undefined);
  assert.equal(calls().length, 0);
});

test('a modern client is asked to come back, waits round by round, and only what it asked reaches the server', async () => {
  const first = await modern({ table: 'a' }, {}, { elicitation: { form: {} } });
  assert.equal(first.result?.resultType, 'input_required');
  const { approval } = first.result?.inputRequests ?? assert.fail();
  assert.equal(approval.method, 'elicitation/create');
  assert.equal(approval.params.mode, 'form');
  const requestState = first.result?.requestState ?? assert.fail();
  assert.ok(!Buffer.from(requestState, 'base64url').toString('latin1').includes('apr_1'), 'sealed');
  const inputResponses = { approval: { action: 'accept', content: { note: 'Once a year.' } } };
  const back = modern({ table: 'a' }, { inputResponses, requestState }, { elicitation: { form: {} } });
  await until(() => desk.waiting === 1);
  assert.deepEqual(desk.notes, ['Once a year.']);
  assert.equal(desk.requests.length, 2);
  assert.equal(desk.asked.size, 1, 'it is one request');
  assert.equal(calls().length, 0);
  desk.decide('approved');
  assert.equal((await back).result?.content?.[0].text, 'done');
  const { params } = calls()[0] ?? assert.fail();
  assert.deepEqual(Object.keys(params).toSorted(), ['_meta', 'arguments', 'name']);
});

test('a modern client that cannot be asked anything waits as well, with a state alone', async () => {
  const first = await modern({ table: 'a' });
  assert.deepEqual(Object.keys(first.result ?? {}).toSorted(), ['requestState', 'resultType']);
  const back = modern({ table: 'a' }, { requestState: first.result?.requestState });
  await until(() => desk.waiting === 1);
  desk.decide('refused');
  assert.equal((await back).error?.message, 'Not today.');
});

test('a state that was changed, or comes with another call or from another caller, opens nothing', async () => {
  const requestState = (await modern({ table: 'a' })).result?.requestState ?? assert.fail();
  desk.decide('approved');
  const changed = `${requestState.slice(0, -1)}${requestState.endsWith('A') ? 'B' : 'A'}`;
  for (const [args, state, token] of [
    [{ table: 'b' }, requestState, 'token'],
    [{ table: 'a' }, changed, 'token'],
    [{ table: 'a' }, 'mcpvault-held.', 'token'],
    [{ table: 'a' }, `${requestState}AAAA`, 'token'],
  ] as const) {
    const reply = await modern(args, { requestState: state }, {}, token);
    assert.equal(reply.error?.data['code'], 'invalid_params', state);
  }
  running.host.addToken('other', { name: 'other' });
  const stolen = await modern({ table: 'a' }, { requestState }, {}, 'other');
  assert.equal(stolen.error?.data['code'], 'invalid_params');
  assert.equal(calls().length, 0);
});

test('who comes back when nothing is held any more is not kept waiting, and the server hears nothing of the rounds', async () => {
  const { requestState } = (await modern({ table: 'a' })).result ?? {};
  running.host.setPolicies([]);
  const inputResponses = { approval: { action: 'accept', content: {} } };
  assert.equal((await modern({ table: 'a' }, { inputResponses, requestState })).result?.content?.[0].text, 'done');
  assert.deepEqual(Object.keys(calls()[0]?.params ?? {}).toSorted(), ['_meta', 'arguments', 'name']);
});

test('what a server asks of an approved call is brought back without a second yes, once and with its own state only', async () => {
  const client = async (more: object) => modern({ table: 'a' }, more);
  const { requestState } = (await client({})).result ?? {};
  desk.decide('approved');
  answers.push({
    resultType: 'input_required',
    inputRequests: { sure: { method: 'elicitation/create', params: { message: 'Sure?', requestedSchema: {} } } },
    requestState: 'of-the-server',
  });
  const asked = await client({ requestState });
  assert.equal(asked.result?.requestState, 'of-the-server');
  const inputResponses = { sure: { action: 'accept', content: {} } };
  const other = await client({ inputResponses, requestState: 'made up' });
  assert.equal(other.error?.data['code'], 'approval_required');
  const done = await client({ inputResponses, requestState: 'of-the-server' });
  assert.equal(done.result?.content?.[0].text, 'done');
  assert.deepEqual(calls().at(-1)?.params['inputResponses'], inputResponses);
  assert.equal(
    (await client({ inputResponses, requestState: 'of-the-server' })).error?.data['code'],
    'approval_required',
  );
  assert.equal(calls().length, 2);
});

test('when patience is over, and when nobody decides in time, the client is told to send the call again', async () => {
  const client = await legacy();
  desk.patience = 30;
  const tired = await client.call({ table: 'a' }, { progressToken: 1 });
  assert.equal(tired.error?.data['code'], 'approval_required');
  assert.match(tired.error?.message ?? '', /Send the same call again/);
  assert.deepEqual(desk.standings, ['pending'], 'the request stands');
  desk.patience = 60_000;
  desk.asked.clear();
  desk.lasts = 30;
  const late = await client.call({ table: 'a' }, { progressToken: 1 });
  assert.match(late.error?.message ?? '', /Nobody decided in time/);
  assert.equal(calls().length, 0);
});

test('a hub that stops tells who waits to send the call again, and leaves the request standing', async () => {
  const client = await legacy();
  const held = client.call({ table: 'a' }, { progressToken: 1 });
  await until(() => desk.waiting === 1);
  void running.gateway.drain(50);
  assert.equal((await held).error?.data['code'], 'shutting_down');
  assert.deepEqual(desk.standings, ['pending']);
});
