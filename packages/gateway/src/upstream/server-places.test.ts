import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Transport } from '@mcpvault/domain/catalog/server';
import { createOutboundRules } from '../outbound/outbound-rules.ts';
import { type RunningGateway, startGateway } from '../testing/compose.ts';

let running: RunningGateway;

before(async () => {
  running = await startGateway({
    serverPlaces: createOutboundRules({ allowed: [], trust: 'approved' }),
  });
  running.host.addToken('token');
});

after(() => running.close());

const remote = ['streamable-http', 'sse', 'websocket'] as const;

async function open(name: string, transport: Transport): Promise<string> {
  running.host.addServer({ name, transport });
  const answer = await fetch(running.mcp(name), {
    method: 'POST',
    headers: {
      authorization: 'Bearer token',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }),
  });
  return answer.text();
}

for (const type of remote)
  test(`SSRF on registration: a server over ${type} is never where a cloud hands out credentials, though an admin named it`, async () => {
    const scheme = type === 'websocket' ? 'ws' : 'http';
    const said = await open(`m-${type}`, { type, url: `${scheme}://169.254.169.254/mcp`, headers: {} });
    assert.match(said, /hands out credentials/);
  });

test('a server whose URL carries a password is not asked', async () => {
  const url = 'http://me:hunter2@127.0.0.1:9/mcp';
  const said = await open('with-password', { type: 'streamable-http', url, headers: {} });
  assert.match(said, /carries a user name or password/);
  assert.doesNotMatch(said, /hunter2/);
});
