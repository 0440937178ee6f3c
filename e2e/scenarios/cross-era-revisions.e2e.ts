// Clients of every revision at servers of either era: each is served in its own revision, with content that it knows.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createBareClient } from '../actors/bare-client.ts';
import { type ConformanceServer, startConformanceServer } from '../actors/conformance-server.ts';
import { type MemoryGateway, overHttp, startMemoryGateway } from '../actors/memory-gateway.ts';
import { connectV2 } from '../actors/sdk-clients.ts';
import { verifies } from '../requirements.ts';

const fixtures: ConformanceServer[] = [];
let gateway: MemoryGateway;

before(async () => {
  const servers = [];
  for (const era of ['legacy', 'modern'] as const) {
    const fixture = await startConformanceServer({ era });
    fixtures.push(fixture);
    servers.push(overHttp(era, fixture.url));
  }
  gateway = await startMemoryGateway({ servers });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  for (const fixture of fixtures) await fixture.close();
});

const knows: Readonly<Record<string, readonly string[]>> = {
  '2024-11-05': [],
  '2025-03-26': ['audio'],
  '2025-06-18': ['audio', 'resource_link', 'structure'],
  '2025-11-25': ['audio', 'resource_link', 'structure'],
};

for (const [revision, kinds] of Object.entries(knows))
  test(`a client of ${revision} is served in its revision by servers of either era`, async () => {
    verifies('CP-161', 'CP-164', 'CP-165');
    for (const server of ['legacy', 'modern']) {
      const client = createBareClient(gateway.mcp(server), gateway.token);
      const opened = await client.open(revision);
      assert.equal(opened.message?.result?.protocolVersion, revision, server);
      const listed = (await client.call('tools/list')).message?.result ?? {};
      assert.equal('ttlMs' in listed || 'resultType' in listed, false, server);
      const answer = (await client.call('tools/call', { name: 'add_numbers', arguments: { a: 1, b: 2 } })).message
        ?.result;
      assert.match(JSON.stringify(answer?.content), /The sum is 3/, server);
      await client.send({ method: 'DELETE' });
      client.close();
    }
    const client = createBareClient(gateway.mcp('modern'), gateway.token);
    await client.open(revision);
    const call = async (name: string, args = {}) =>
      (await client.call('tools/call', { name, arguments: args })).message?.result ?? {};
    const kindOf = async (name: string) => ((await call(name)).content as { type: string }[])[0]?.type;
    assert.equal(await kindOf('test_audio_content'), kinds.includes('audio') ? 'audio' : 'text');
    assert.equal(await kindOf('link_to_resource'), kinds.includes('resource_link') ? 'resource_link' : 'text');
    assert.equal('structuredContent' in (await call('add_numbers', { a: 1, b: 2 })), kinds.includes('structure'));
    await client.send({ method: 'DELETE' });
    client.close();
  });

test('a client of 2026-07-28 is served in its revision by servers of either era', async () => {
  verifies('CP-161');
  for (const server of ['legacy', 'modern']) {
    const { client, close } = await connectV2(gateway.mcp(server), { token: gateway.token, era: 'modern' });
    assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28', server);
    const answer = await client.callTool({ name: 'add_numbers', arguments: { a: 1, b: 2 } });
    assert.deepEqual(answer.structuredContent, { sum: 3 }, server);
    await close();
  }
});
