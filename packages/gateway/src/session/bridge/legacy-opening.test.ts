import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import { createBridging, send } from './fixtures/bridging.ts';
import { messageOf, respond, settled, until } from './fixtures/scripted-link.ts';

const opening = (protocolVersion: string): object => ({ result: { protocolVersion, capabilities: {}, n: 1.5 } });
const params = { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'old', version: '1' } };

test('between legacy peers of one revision nothing is touched', async () => {
  const bridging = createBridging('legacy');
  const link = await bridging.link('legacy');
  const { sink } = send(link, { id: 1, method: 'initialize', params });
  const text = '{"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2024-11-05","n":1.50}}';
  bridging.server().last('initialize').sink.answer(messageOf(text), 200);
  assert.equal(sink.text, text);
  const { sink: called } = send(link, { id: 2, method: 'tools/call', params: { name: 'a' } });
  const answer = '{"jsonrpc":"2.0","id":2,"result":{"content":[{"type":"audio"}],"n":1.50}}';
  bridging.server().last('tools/call').sink.answer(messageOf(answer), 200);
  assert.equal(called.text, answer);
});

test('a client older than the server insists on is served in its own revision', async () => {
  const bridging = createBridging('legacy');
  const link = await bridging.link('legacy');
  const { sink } = send(link, { id: 1, method: 'initialize', params });
  respond(bridging.server().last('initialize'), opening('2025-11-25'));
  assert.equal(sink.result['protocolVersion'], '2024-11-05');
  const { sink: called } = send(link, { id: 2, method: 'tools/call', params: { name: 'a' } });
  const upstream = bridging.server().last('tools/call');
  upstream.sink.related(messageOf({ jsonrpc: '2.0', id: 'q', method: 'elicitation/create', params: { message: '?' } }));
  assert.equal(called.heard.length, 0);
  assert.match(JSON.stringify(bridging.server().told.at(-1)), /cannot ask its user anything/);
  respond(upstream, { result: { content: [{ type: 'audio', mimeType: 'audio/wav' }] } });
  assert.deepEqual(called.result['content'], [
    { type: 'text', text: '[a sound, audio/wav, which this client cannot play]' },
  ]);
});

test('a server that is away is not taken for one of the other era', async () => {
  const bridging = createBridging('modern');
  bridging.eras.doubt({ version: 'ver_1' } as never);
  const { sink } = send(await bridging.link('legacy'), { id: 1, method: 'initialize', params });
  bridging.server().last('initialize').sink.fail(new Failure('upstream_unavailable', 'away'));
  await settled();
  assert.equal(sink.failed?.message, 'away');
  assert.equal(bridging.opened.length, 1);
});

test('a process that ends when it is greeted is tried the modern way', async () => {
  const bridging = createBridging('modern', 'stdio');
  bridging.eras.doubt({ version: 'ver_1' } as never);
  let lost = 0;
  const link = await bridging.link('legacy', { listener: { unsolicited() {}, lost: () => void lost++ } });
  const { sink } = send(link, { id: 1, method: 'initialize', params });
  bridging.script = ({ json }) => (json.method === 'server/discover' ? { result: { capabilities: {} } } : null);
  bridging.server().listener?.lost(new Failure('upstream_unavailable', 'it ended'), true);
  bridging.server().last('initialize').sink.fail(new Failure('upstream_unavailable', 'it ended'));
  await until(() => sink.answered !== null, 'an answer');
  assert.equal(sink.result['protocolVersion'], '2024-11-05');
  assert.equal(lost, 0, 'the session goes on');
});
