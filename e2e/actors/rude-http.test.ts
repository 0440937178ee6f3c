import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { fakeSecrets } from './rude/fake-secrets.ts';
import { type RudeHttp, type RudeHttpOptions, startRudeHttp } from './rude-http.ts';
import { connectV1 } from './sdk-clients.ts';

describe('the rude HTTP server', () => {
  it('serves a real client when it behaves, and tells which headers it got', async (t) => {
    const server = await start(t, { mode: 'echo' });
    const { client, close } = await connectV1(server.url, { token: 'abc' });
    const { content } = await client.callTool({ name: 'received_headers' });
    assert.match(JSON.stringify(content), /Bearer abc/);
    assert.ok(server.requests.some(({ said }) => said === 'initialize'));
    await close();
  });

  it('says any JSON exactly', async (t) => {
    const server = await start(t, { mode: 'exact' });
    const odd = '{"content":[],"big":12345678901234567890,"z":1.0,"a":2}';
    assert.match(
      await (await call(server, 'say', { json: odd })).text(),
      /"result":\{"content":\[\],"big":12345678901234567890,"z":1\.0,"a":2\}/,
    );
  });

  for (const mode of ['hang', 'slow-headers'] as const) {
    it(`gives no answer: ${mode}`, async (t) => {
      await assert.rejects(call(await start(t, { mode }), 'echo', {}, AbortSignal.timeout(300)), /Timeout/);
    });
  }

  it('gives headers and then no answer: hang-on-stream', async (t) => {
    const answer = await call(await start(t, { mode: 'hang-on-stream' }), 'echo', {}, AbortSignal.timeout(300));
    assert.equal(answer.status, 200);
    await assert.rejects(answer.text(), /Timeout/);
  });

  it('gives the status asked for', async (t) => {
    assert.equal((await call(await start(t, { mode: 'status' }))).status, 500);
    assert.equal((await call(await start(t, { mode: 'status', number: 503 }))).status, 503);
  });

  it('gives a page, or no type', async (t) => {
    assert.equal((await call(await start(t, { mode: 'wrong-type' }))).headers.get('content-type'), 'text/html');
    assert.equal((await call(await start(t, { mode: 'no-type' }))).headers.get('content-type'), null);
  });

  it('gives JSON that is none, and events that are none', async (t) => {
    await assert.rejects((await call(await start(t, { mode: 'garbage-json' }))).json(), SyntaxError);
    const events = await (await call(await start(t, { mode: 'garbage-events' }))).text();
    assert.match(events, /^data: not json/);
    assert.match(events, /"text":"hi"/);
  });

  for (const mode of ['truncated-stream', 'truncated-json'] as const) {
    it(`breaks off: ${mode}`, async (t) => {
      const answer = await call(await start(t, { mode }));
      assert.equal(answer.status, 200);
      await assert.rejects(answer.text());
    });
  }

  it('cuts the connection, or ends without an answer', async (t) => {
    await assert.rejects(call(await start(t, { mode: 'cut-off' })));
    assert.equal(await (await call(await start(t, { mode: 'empty-stream' }))).text(), '');
  });

  it('answers very much, very deep, to a request nobody made, and with secrets', async (t) => {
    assert.ok((await (await call(await start(t, { mode: 'huge' }))).text()).length > 20 * 1024 * 1024);
    assert.match(await (await call(await start(t, { mode: 'deep', number: 3 }))).text(), /\[\[\[\]\]\]/);
    assert.match(await (await call(await start(t, { mode: 'wrong-id' }))).text(), /"id":"nobody asked"/);
    const leaked = await (await call(await start(t, { mode: 'leaky' }))).text();
    assert.ok(leaked.includes(fakeSecrets.awsAccessKey));
  });

  it('redirects, sees who follows, and answers there', async (t) => {
    const server = await start(t, { mode: 'redirect' });
    assert.match(await (await call(server)).text(), /"text":"hi"/);
    assert.deepEqual(
      server.requests.map(({ path }) => path),
      ['/mcp', '/elsewhere'],
    );
  });

  it('waits before it answers, and misbehaves on everything where asked to', async (t) => {
    const began = performance.now();
    await (await call(await start(t, { mode: 'slow', number: 150 }))).text();
    assert.ok(performance.now() - began >= 149);
    const server = await start(t, { mode: 'status', on: 'everything' });
    assert.equal((await post(server, { method: 'initialize', params: {} })).status, 500);
  });
});

async function start(t: TestContext, options: RudeHttpOptions): Promise<RudeHttp> {
  const server = await startRudeHttp(options);
  t.after(server.close);
  return server;
}

function call(server: RudeHttp, name = 'echo', args: object = { text: 'hi' }, signal?: AbortSignal): Promise<Response> {
  return post(server, { method: 'tools/call', params: { name, arguments: args } }, signal);
}

function post(server: RudeHttp, message: object, signal?: AbortSignal): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, ...message });
  return fetch(server.url, { method: 'POST', headers, body, ...(signal && { signal }) });
}
