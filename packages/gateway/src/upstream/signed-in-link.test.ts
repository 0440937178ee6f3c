import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { Credential } from '../ports.ts';
import { CredentialRefused } from './credential-refused.ts';
import type { CallSink, Link, Outbound } from './link.ts';
import { SignedInLink } from './signed-in-link.ts';

const url = 'http://hub.test/connect/tickets';
const modern = { version: '2026-07-28', params: {} };

function outbound(message: object): Outbound {
  const raw = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return { message: parseMessage(raw, { maxDepth: 50, check: 'structure' }), edits: [] };
}

const opening = (capabilities: object) => ({
  id: 'i',
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities, clientInfo: { name: 'c', version: '1' } },
});
const calling = (more: object = {}) => ({ id: 7, method: 'tools/call', params: { name: 'list', ...more } });

/** A server that takes one token, behind a link of which it is seen what was sent. */
function world(era: Era = 'legacy', standsIn = true) {
  const state = { token: null as string | null, accepts: 'good', next: null as string | null };
  const sent: { token: string; message: Record<string, unknown> }[] = [];
  const told: string[] = [];
  const unsolicited: string[] = [];
  let closed = 0;
  const credential: Credential = {
    ready() {
      if (state.token === null) throw new Failure('not_connected', 'Sign in first.', { url });
    },
    value: () => `Bearer ${state.token}`,
    async refused() {
      if (state.next === null) throw new Failure('not_connected', 'It has ended.', { url });
      state.token = state.next;
      state.next = null;
    },
    remembered: async () => [{ name: 'list', inputSchema: {} }],
  };
  const inner: Link = {
    call({ message }, _modern, sink) {
      const token = credential.value();
      sent.push({ token, message: message.json });
      queueMicrotask(() => {
        if (token !== `Bearer ${state.accepts}`) return sink.fail(new CredentialRefused('tickets', 401, null));
        const result = { jsonrpc: '2.0', id: message.id, result: { from: 'server' } };
        sink.answer(outbound(result).message, 200);
      });
      return { cancel() {} };
    },
    tell({ message }, taken) {
      told.push(String(message.method));
      if (taken !== undefined) queueMicrotask(taken);
    },
    listen: (ready) => ready?.(),
    close: () => void closed++,
  };
  const link = new SignedInLink({
    server: 'tickets',
    credential,
    era,
    standsIn,
    listener: { unsolicited: (message) => void unsolicited.push(String(message.method)), lost() {} },
    open: () => inner,
    onClose() {},
  });
  return { link, state, sent, told, unsolicited, closed: () => closed };
}

function ask(link: Link, message: object, headers: typeof modern | null = null): Promise<Record<string, unknown>> {
  return new Promise((resolve) => {
    const sink: CallSink = {
      related() {},
      answer: (answer: Message) => resolve(answer.json),
      fail: (failure) => resolve({ failed: failure.code, text: failure.message, fixed: failure.details?.['url'] }),
      hasRoom: () => true,
      onRoom() {},
    };
    link.call(outbound(message), headers, sink);
  });
}

test('nothing is sent without a token, and tools stay where they were', async () => {
  const { link, sent } = world();
  const opened = await ask(link, opening({}));
  assert.deepEqual((opened['result'] as { capabilities: object }).capabilities, { tools: { listChanged: true } });
  const listed = await ask(link, { id: 2, method: 'tools/list' });
  assert.deepEqual(listed['result'], { tools: [{ name: 'list', inputSchema: {} }] });
  assert.deepEqual(await ask(link, calling()), { failed: 'not_connected', text: 'Sign in first.', fixed: url });
  assert.deepEqual(sent, []);
});

test('a legacy client that can open pages is sent to the one at which it signs in', async () => {
  const { link } = world();
  await ask(link, opening({ elicitation: { url: {} } }));
  const { error } = (await ask(link, calling())) as { error: { code: number; data: { elicitations: object[] } } };
  assert.equal(error.code, -32042);
  assert.deepEqual(error.data.elicitations, [
    { mode: 'url', elicitationId: 'mcpvault-connect-1', url, message: 'Sign in first.' },
  ]);
});

test('a modern client that can open pages is asked to, once, and its answer never reaches the server', async () => {
  const { link, state, sent } = world('modern');
  const _meta = { 'io.modelcontextprotocol/clientCapabilities': { elicitation: { url: {} } } };
  const first = (await ask(link, calling({ _meta }), modern)) as {
    result: { resultType: string; inputRequests: object };
  };
  assert.equal(first.result.resultType, 'input_required');
  assert.deepEqual(first.result.inputRequests, {
    'mcpvault-connect': { method: 'elicitation/create', params: { mode: 'url', url, message: 'Sign in first.' } },
  });
  const inputResponses = { 'mcpvault-connect': { action: 'accept' }, theirs: { action: 'accept', content: { é: 1 } } };
  assert.equal((await ask(link, calling({ _meta, inputResponses }), modern))['failed'], 'not_connected');
  state.token = 'good';
  assert.deepEqual((await ask(link, calling({ _meta, inputResponses }), modern))['result'], { from: 'server' });
  assert.deepEqual((sent[0]?.message['params'] as { inputResponses: object }).inputResponses, {
    theirs: { action: 'accept', content: { é: 1 } },
  });
});

test('once somebody signed in, the server is greeted as the client did, and the client hears that tools changed', async () => {
  const { link, state, sent, told, unsolicited } = world();
  await ask(link, opening({ roots: {} }));
  link.tell(outbound({ method: 'notifications/initialized' }));
  state.token = 'good';
  link.recheck();
  while (unsolicited.length === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(told, ['notifications/initialized']);
  assert.deepEqual(unsolicited, ['notifications/tools/list_changed']);
  assert.deepEqual((await ask(link, calling()))['result'], { from: 'server' });
  assert.deepEqual(
    sent.map(({ message }) => message['method']),
    ['initialize', 'tools/call'],
  );
});

test('a call that finds somebody signed in greets the server first, without waiting to be told', async () => {
  const { link, state, sent } = world();
  await ask(link, opening({}));
  state.token = 'good';
  assert.deepEqual((await ask(link, calling()))['result'], { from: 'server' });
  assert.equal(sent.length, 2);
});

test('what was refused for its token is sent again with the next one, and never without bound', async () => {
  const { link, state, sent } = world();
  state.token = 'old';
  state.next = 'good';
  assert.deepEqual((await ask(link, opening({})))['result'], { from: 'server' });
  assert.deepEqual(
    sent.map(({ token }) => token),
    ['Bearer old', 'Bearer good'],
  );
  state.accepts = 'none';
  for (const next of ['a', 'b', 'c', 'd', 'e']) state.next ??= next;
  const answer = await ask(link, calling());
  assert.equal(answer['failed'], 'not_connected');
  assert.ok(sent.length <= 6, `${sent.length} were sent`);
});

test('a sign-in that ends closes the conversation with the server, and the stand-in takes its place', async () => {
  const { link, state, closed } = world();
  state.token = 'good';
  await ask(link, opening({}));
  state.token = null;
  link.recheck();
  while (closed() === 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual((await ask(link, { id: 2, method: 'tools/list' }))['result'], {
    tools: [{ name: 'list', inputSchema: {} }],
  });
});

test('where only the server itself may answer, nothing stands in for it', async () => {
  const { link } = world('legacy', false);
  assert.equal((await ask(link, opening({})))['failed'], 'not_connected');
});
