// The endpoint for clients that choke on many tools: it lists one that searches and one that calls, and what is called that
// way is granted, judged and recorded as if it had been called by its own name.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createBareClient } from '../actors/bare-client.ts';
import { type CatalogueServer, startCatalogueServer } from '../actors/catalogue-server.ts';
import { textOf } from '../actors/eventually.ts';
import { type MemoryGateway, overHttp, startMemoryGateway } from '../actors/memory-gateway.ts';
import { connectV1, connectV2 } from '../actors/sdk-clients.ts';

// Joined here, so that no scanner takes this file for a leak.
const secret = ['ghp_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0hL3nRx'].join('');
let upstream: CatalogueServer;
let gateway: MemoryGateway;

before(async () => {
  upstream = await startCatalogueServer();
  gateway = await startMemoryGateway();
  const tool = (name: string, description: string) => ({ name, description, inputSchema: { type: 'object' } });
  upstream.set('tracker', {
    tools: [tool('create_issue', 'Opens an issue.'), tool('close_issue', 'Closes an issue.')],
  });
  upstream.set('mail', { tools: [tool('send_email', 'Sends a letter.'), tool('x'.repeat(70), 'Archives a letter.')] });
  for (const name of ['tracker', 'mail'])
    await gateway.order({ do: 'add-server', server: overHttp(name, upstream.url(name)) });
  await gateway.order({ do: 'add-token', token: 'ann', name: 'ann', role: 'member' });
  await gateway.order({ do: 'grant', member: 'ann', server: 'tracker', tools: ['create_issue'] });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await upstream?.close();
});

function foundIn(result: object): string[] {
  const { tools } = JSON.parse(textOf(result)) as { tools: { name: string }[] };
  return tools.map(({ name }) => name);
}

const clients = {
  'a 1.x client': () => connectV1(gateway.mcp('_search'), { token: gateway.token }),
  'a 2.x client in the modern era': () => connectV2(gateway.mcp('_search'), { token: gateway.token, era: 'modern' }),
};

for (const [who, connect] of Object.entries(clients))
  describe(`${who} at the endpoint that searches`, () => {
    test('sees two tools, finds the others by what they do, and calls them', async () => {
      const { client, close } = await connect();
      assert.match(client.getInstructions() ?? '', /search_tools/);
      const { tools } = await client.listTools();
      assert.deepEqual(
        tools.map(({ name }) => name),
        ['search_tools', 'call_tool'],
      );
      const search = async (query: string, more: object = {}) =>
        foundIn(await client.callTool({ name: 'search_tools', arguments: { query, ...more } }));
      assert.equal((await search('report a new bug'))[0], 'tracker__create_issue');
      assert.deepEqual(await search('issue', { server: 'mail' }), []);
      assert.equal((await search('issue', { limit: 1 })).length, 1);
      const name = 'tracker__create_issue';
      const called = await client.callTool({ name: 'call_tool', arguments: { name, arguments: { title: 'é' } } });
      assert.equal(textOf(called), 'create_issue {"title":"é"}');
      const [long = ''] = await search('archive a letter');
      assert.equal(
        textOf(await client.callTool({ name: 'call_tool', arguments: { name: long } })),
        `${'x'.repeat(70)} {}`,
      );
      assert.equal(textOf(await client.callTool({ name, arguments: {} })), 'create_issue {}');
      await close();
    });

    test('is told what is wrong with a search or a call', async () => {
      const { client, close } = await connect();
      for (const asked of [{}, { query: ' ' }, { query: 'x', limit: 0 }, { query: 'x', limit: 1.5 }]) {
        const result = await client.callTool({ name: 'search_tools', arguments: asked });
        assert.equal(result.isError, true);
      }
      for (const asked of [{}, { name: 5 }, { name: 'tracker__create_issue', arguments: [] }])
        await assert.rejects(
          client.callTool({ name: 'call_tool', arguments: asked }),
          /call_tool needs|must be an object/,
        );
      await assert.rejects(
        client.callTool({ name: 'call_tool', arguments: { name: 'nope__x' } }),
        /Unknown tool: nope__x/,
      );
      await close();
      await gateway.quiet();
    });
  });

test('grants hold for what is found and what is called', async () => {
  const { client, close } = await connectV1(gateway.mcp('_search'), { token: 'ann' });
  const search = async (query: string) =>
    foundIn(await client.callTool({ name: 'search_tools', arguments: { query } }));
  assert.deepEqual(await search('issue'), ['tracker__create_issue']);
  assert.deepEqual(await search('letter'), []);
  for (const name of ['tracker__close_issue', 'mail__send_email'])
    await assert.rejects(
      client.callTool({ name: 'call_tool', arguments: { name } }),
      new RegExp(`Unknown tool: ${name}`),
    );
  await close();
});

test('policies act on what is called, and the record names the tool that it was', async () => {
  const policy = {
    id: 'pol_1',
    name: 'secrets',
    reason: 'secrets stay here',
    detectors: ['secrets'],
    directions: ['call', 'result'],
    actions: [{ type: 'redact', style: 'label' }],
  };
  await gateway.order({ do: 'policies', policies: [policy] });
  await gateway.records();
  const client = createBareClient(gateway.mcp('_search'), gateway.token);
  await client.open();
  const name = 'mail__send_email';
  const called = await client.call('tools/call', {
    name: 'call_tool',
    arguments: { arguments: { text: secret }, name },
  });
  assert.match(textOf(called.message?.result ?? {}), /^send_email \{"text":"\[/);
  const named = await client.call('tools/call', { name: 'call_tool', arguments: { name: `mail__${secret}` } });
  assert.equal(named.status, 200);
  const heard = upstream.heard
    .filter(({ method }) => method === 'tools/call')
    .map(({ params }) => JSON.stringify(params));
  assert.ok(heard.every((params) => !params.includes(secret)));
  const records = (await gateway.records()).filter(({ method }) => method === 'tools/call');
  assert.deepEqual(
    records.map(({ serverName, target }) => [serverName, target]),
    [
      ['mail', 'send_email'],
      ['mail', '[redacted]'],
    ],
  );
  await client.send({ method: 'DELETE' });
  client.close();
  await gateway.order({ do: 'policies', policies: [] });
});
