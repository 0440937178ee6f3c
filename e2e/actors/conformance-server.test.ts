import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ConformanceServer, startConformanceServer } from './conformance-server.ts';
import { eventually, textOf } from './eventually.ts';
import { type ClientOptions, connectV1, connectV2, type Elicited, type Target } from './sdk-clients.ts';

const script = fileURLToPath(new URL('./conformance-server.ts', import.meta.url));
const overStdio = (...flags: string[]): Target => ({ command: process.execPath, args: [script, '--stdio', ...flags] });

const asked: ClientOptions = {
  sampling: () => 'Paris',
  elicitation({ message }) {
    const content: Elicited['content'] = message.includes('color') ? { color: 'blue' } : { name: 'Ada' };
    return { action: 'accept', content };
  },
  roots: ['file:///somewhere'],
};

describe('the fixture server', () => {
  let server: ConformanceServer;
  before(async () => {
    server = await startConformanceServer();
  });
  after(() => server.close());

  const connections = {
    'a 1.x client over HTTP': () => connectV1(server.url, asked),
    'a 2.x legacy client over HTTP': () => connectV2(server.url, { ...asked, era: 'legacy' }),
    'a 2.x modern client over HTTP': () => connectV2(server.url, { ...asked, era: 'modern' }),
    'a 1.x client over stdio': () => connectV1(overStdio(), asked),
    'a 2.x modern client over stdio': () => connectV2(overStdio(), { ...asked, era: 'modern' }),
    'a 2.x client that finds a legacy server over stdio': () => connectV2(overStdio('--era', 'legacy'), asked),
  };
  for (const [who, connect] of Object.entries(connections)) {
    it(`answers, asks back and completes its rounds for ${who}`, async () => {
      const { client, close } = await connect();
      try {
        const call = async (name: string, args = {}) => textOf(await client.callTool({ name, arguments: args }));
        assert.equal(await call('test_simple_text'), 'This is a simple text response for testing.');
        assert.equal(await call('test_sampling', { prompt: 'Where?' }), 'LLM response: Paris');
        assert.equal(await call('test_input_required_result_list_roots'), 'Roots: file:///somewhere');
        assert.equal(await call('test_input_required_result_multi_round'), 'Ada likes blue');
        assert.equal((await client.readResource({ uri: 'test://template/7/data' })).contents.length, 1);
      } finally {
        await close();
      }
    });
  }

  it('tells one legacy client what another one changed', async () => {
    const [watcher, changer] = await Promise.all([connectV1(server.url), connectV1(server.url)]);
    const uri = 'test://watched-resource';
    await watcher.client.subscribeResource({ uri });
    await changer.client.callTool({ name: 'touch_watched_resource' });
    assert.deepEqual((await watcher.inbox.next('notifications/resources/updated')).params, { uri });
    await changer.client.callTool({ name: 'test_trigger_tool_change' });
    await watcher.inbox.next('notifications/tools/list_changed');
    const { tools } = await watcher.client.listTools();
    assert.ok(tools.some(({ name }) => name === 'appearing_tool'));
    await changer.client.callTool({ name: 'test_trigger_tool_change' });
    await Promise.all([watcher.close(), changer.close()]);
  });

  it('tells a modern client what it listens for', async () => {
    const { client, inbox, close } = await connectV2(server.url, { era: 'modern' });
    const uri = 'test://watched-resource';
    const subscription = await client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] });
    await client.callTool({ name: 'touch_watched_resource' });
    assert.equal((await inbox.next('notifications/resources/updated')).params?.uri, uri);
    await client.callTool({ name: 'test_trigger_tool_change' });
    await inbox.next('notifications/tools/list_changed');
    await client.callTool({ name: 'test_trigger_tool_change' });
    await subscription.close();
    await close();
  });

  it('notices a cancelled call in both eras', async () => {
    for (const era of ['legacy', 'modern'] as const) {
      const { client, close } = await connectV2(server.url, { era });
      const cancelled = async () => Number(textOf(await client.callTool({ name: 'count_cancelled' })));
      const before = await cancelled();
      const stop = new AbortController();
      const call = client.callTool(
        { name: 'wait_for_cancel', arguments: { milliseconds: 120_000 } },
        { signal: stop.signal, onprogress: () => stop.abort() },
      );
      await assert.rejects(call);
      await eventually(async () => (await cancelled()) > before);
      await close();
    }
  });
});

describe('the variants of the fixture server', () => {
  it('speaks legacy only where asked to', async (t) => {
    const server = await startConformanceServer({ era: 'legacy' });
    t.after(server.close);
    await assert.rejects(connectV2(server.url, { era: 'modern' }));
    const { client, sessionId, close } = await connectV2(server.url, { era: 'auto' });
    assert.equal(client.getNegotiatedProtocolVersion(), '2025-11-25');
    assert.ok(sessionId());
    await close();
  });

  it('speaks modern only where asked to', async (t) => {
    const server = await startConformanceServer({ era: 'modern' });
    t.after(server.close);
    await assert.rejects(connectV1(server.url));
    const { client, close } = await connectV2(server.url, { era: 'auto' });
    assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
    await close();
  });
});
