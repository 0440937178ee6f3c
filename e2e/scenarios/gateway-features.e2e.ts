// Everything that MCP offers, through one server's endpoint: real clients of both SDK lines and both eras, with the fixture
// behind HTTP, behind stdio with a process of its own for each session, and behind stdio with one process for all.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type ConformanceServer, startConformanceServer } from '../actors/conformance-server.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { describeFeatures } from './features.ts';

let fixture: ConformanceServer;
let gateway: MemoryGateway;

before(async () => {
  fixture = await startConformanceServer();
  gateway = await startMemoryGateway({
    servers: [
      overHttp('http', fixture.url),
      overStdio('stdio', [actor('conformance-server.ts'), '--stdio']),
      overStdio('shared', [actor('conformance-server.ts'), '--stdio'], 'shared'),
    ],
  });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await fixture?.close();
});

for (const name of ['http', 'stdio', 'shared']) {
  describeFeatures(() => gateway, { name, shared: name === 'shared' ? 'both' : null });
}

test('an answer of the client that nobody waits for is taken and dropped', async () => {
  const { url, headers } = await session();
  const answer = { jsonrpc: '2.0', id: 'nobody-asked', result: {} };
  assert.equal((await fetch(url, { method: 'POST', headers, body: JSON.stringify(answer) })).status, 202);
});

async function session() {
  const url = gateway.mcp('http');
  const headers: Record<string, string> = {
    authorization: `Bearer ${gateway.token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  };
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'bare', version: '1' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params });
  const opened = await fetch(url, { method: 'POST', headers, body });
  await opened.text();
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
  return { url, headers };
}
