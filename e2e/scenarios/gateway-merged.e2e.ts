// The merged endpoint: every server a caller may use behind one URL, with names that never meet, one that is dead and one
// that hangs costing nothing but their own entries, and grants that narrow both the lists and the calls.
import assert from 'node:assert/strict';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { createBareClient } from '../actors/bare-client.ts';
import { type ConformanceServer, startConformanceServer } from '../actors/conformance-server.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { connectV1, connectV2 } from '../actors/sdk-clients.ts';
import { verifies } from '../requirements.ts';

const longName = 'a-server-with-a-name-that-is-very-long-indeed-and-goes-on';

let first: ConformanceServer;
let second: ConformanceServer;
let hanging: Server;
let gateway: MemoryGateway;

before(async () => {
  first = await startConformanceServer();
  second = await startConformanceServer();
  // Takes every connection and never says a word, in no era.
  hanging = createServer();
  await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve));
  gateway = await startMemoryGateway({
    settings: { callTimeout: 20_000, connectTimeout: 5_000 },
    servers: [
      overHttp('one', first.url),
      overStdio('two', [actor('conformance-server.ts'), '--stdio']),
      overHttp(longName, second.url),
      overHttp('dead', 'http://127.0.0.1:9/mcp'),
      overHttp('hanging', `http://127.0.0.1:${(hanging.address() as AddressInfo).port}/mcp`),
    ],
  });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await first?.close();
  await second?.close();
  hanging?.close();
});

const clients = {
  'a 1.x client': () => connectV1(gateway.mcp(), { token: gateway.token, sampling: () => 'Paris' }),
  'a 2.x client in the modern era': () =>
    connectV2(gateway.mcp(), { token: gateway.token, era: 'modern', sampling: () => 'Paris' }),
};

for (const [who, connect] of Object.entries(clients))
  describe(`${who} at the merged endpoint`, () => {
    const isModern = who.includes('modern');

    test('finds the tools of all servers under names that never meet, and hears which servers are away, and why', async () => {
      verifies('CP-082');
      const { client, close } = await connect();
      const away = ({ _meta }: { _meta?: Record<string, unknown> }) =>
        (_meta?.['io.mcpvault/unavailable'] ?? []) as { server: string; reason: string }[];
      let listed = await client.listTools();
      // A busy machine may need longer to start a process than a list waits.
      await eventually(async () => {
        if (away(listed).length > 2) listed = await client.listTools();
        return away(listed).length <= 2;
      }, 'the servers that are there');
      const names = listed.tools.map(({ name }) => name);
      assert.equal(new Set(names).size, names.length);
      assert.ok(names.every((name) => /^[A-Za-z0-9_.-]{1,64}$/.test(name)));
      const simple = names.filter((name) => name.includes('test_simple_text'));
      assert.equal(simple.length, 3);
      assert.ok(simple.includes('one__test_simple_text') && simple.includes('two__test_simple_text'));
      const unavailable = away(listed);
      assert.deepEqual(unavailable.map(({ server }) => server).toSorted(), ['dead', 'hanging']);
      for (const { reason } of unavailable) assert.match(reason, /could not be reached|did not answer/);
      for (const name of simple) {
        const result = await client.callTool({ name, arguments: {} });
        assert.equal(textOf(result), 'This is a simple text response for testing.');
      }
      const longest = names.filter((name) => name.startsWith('a-server') && name.length === 64);
      assert.ok(longest.length > 0, 'some names had to be shortened');
      for (const name of longest) {
        const tool = listed.tools.find((each) => each.name === name);
        if (tool?.description?.includes('Adds') !== true) continue;
        assert.equal(textOf(await client.callTool({ name, arguments: { a: 1, b: 2 } })), 'The sum is 3');
      }
      await close();
    });

    test('uses prompts, resources and completion of the server that has them', async () => {
      const { client, close } = await connect();
      const { prompts } = await client.listPrompts();
      assert.ok(prompts.some(({ name }) => name === 'two__test_prompt_with_arguments'));
      const prompt = await client.getPrompt({
        name: 'two__test_prompt_with_arguments',
        arguments: { arg1: 'x', arg2: 'y' },
      });
      assert.match(JSON.stringify(prompt.messages), /arg1='x'/);
      const { resources } = await client.listResources();
      const texts = resources.map(({ uri }) => uri).filter((uri) => uri.endsWith('.mcpvault/static-text'));
      assert.deepEqual(
        texts,
        [longName, 'one', 'two'].map((name) => `test://${name}.mcpvault/static-text`),
      );
      for (const uri of texts) {
        const { contents } = await client.readResource({ uri });
        assert.match(JSON.stringify(contents), /static text resource/);
        assert.equal(contents[0]?.uri, uri);
      }
      const unclear = /several servers .*test:\/\/one\.mcpvault\/static-text/;
      await assert.rejects(client.readResource({ uri: 'test://static-text' }), unclear);
      const { resourceTemplates } = await client.listResourceTemplates();
      const template = resourceTemplates.find(({ uriTemplate }) => uriTemplate.startsWith('test://one.mcpvault/'));
      const filled = template?.uriTemplate.replace(/\{[^}]*\}/, '9') ?? '';
      assert.match(JSON.stringify(await client.readResource({ uri: filled })), /ID: 9/);
      const { completion } = await client.complete({
        ref: { type: 'ref/prompt', name: 'one__test_prompt_with_arguments' },
        argument: { name: 'arg1', value: 'p' },
      });
      assert.ok(Array.isArray(completion.values));
      await close();
    });

    test('is asked by a server, hears progress of its own call, and what changes', async () => {
      const connection = await connect();
      const { client, inbox, close } = connection;
      const asked = await client.callTool({ name: 'two__test_sampling', arguments: { prompt: 'Where?' } });
      assert.equal(textOf(asked), 'LLM response: Paris');
      const uri = 'test://two.mcpvault/watched-resource';
      if ('listen' in client && isModern) await client.listen({ toolsListChanged: true, resourceSubscriptions: [uri] });
      else await client.subscribeResource({ uri });
      // Streams are opened without waiting for them, and what is said before that is nobody's.
      const callUntilHeard = async (name: string, news: string) => {
        let calls = 0;
        await eventually(async () => {
          await client.callTool({ name, arguments: {} });
          calls += 1;
          return inbox.received.some(({ method }) => method === news);
        }, news);
        return calls;
      };
      await callUntilHeard('two__touch_watched_resource', 'notifications/resources/updated');
      assert.equal((await inbox.next('notifications/resources/updated')).params?.uri, uri);
      const trigger = 'one__test_trigger_tool_change';
      const toggled = await callUntilHeard(trigger, 'notifications/tools/list_changed');
      if (toggled % 2 === 1) await client.callTool({ name: trigger, arguments: {} });
      await close();
      await gateway.quiet();
    });

    test('is told why a call of a server that is away fails, soon', async () => {
      const { client, close } = await connect();
      await assert.rejects(client.callTool({ name: 'dead__echo', arguments: {} }), /dead/);
      await assert.rejects(client.callTool({ name: 'hanging__echo', arguments: { text: 'x' } }), /hanging/);
      await assert.rejects(client.callTool({ name: 'nowhere__echo', arguments: {} }), /Unknown tool: nowhere__echo/);
      await assert.rejects(client.callTool({ name: 'echo', arguments: {} }), /Unknown tool: echo/);
      await close();
      await gateway.quiet();
    });
  });

test('grants narrow what is listed and what can be called; taken back, they end at the next message', async () => {
  verifies('TV-HUB-11');
  await gateway.order({ do: 'add-token', token: 'ada', name: 'ada', role: 'member' });
  await gateway.order({ do: 'grant', member: 'ada', server: 'one', tools: ['test_simple_text', 'add_numbers'] });
  await gateway.order({ do: 'grant', member: 'ada', server: 'two', tools: null });
  const { client, close } = await connectV1(gateway.mcp(), { token: 'ada' });
  const names = async () => (await client.listTools()).tools.map(({ name }) => name);
  const one = (await names()).filter((name) => name.startsWith('one__'));
  assert.deepEqual(one.toSorted(), ['one__add_numbers', 'one__test_simple_text']);
  assert.ok((await names()).every((name) => /^(one|two)__/.test(name)));
  assert.ok((await client.listPrompts()).prompts.every(({ name }) => name.startsWith('two__')));
  assert.equal(textOf(await client.callTool({ name: 'one__add_numbers', arguments: { a: 1, b: 1 } })), 'The sum is 2');
  for (const name of ['one__test_error_handling', 'hanging__echo', 'one__no_such_tool'])
    await assert.rejects(client.callTool({ name, arguments: {} }), new RegExp(`Unknown tool: ${name}`));
  await assert.rejects(client.getPrompt({ name: 'one__test_simple_prompt' }), /Unknown prompt/);
  await gateway.order({ do: 'withdraw', member: 'ada', server: 'one' });
  await assert.rejects(client.callTool({ name: 'one__add_numbers', arguments: { a: 1, b: 1 } }), /Unknown tool/);
  assert.ok((await names()).every((name) => name.startsWith('two__')));
  await close();

  const single = await connectV1(gateway.mcp('two'), { token: 'ada' });
  await single.client.callTool({ name: 'test_simple_text' });
  await gateway.order({ do: 'withdraw', member: 'ada', server: 'two' });
  await assert.rejects(single.client.callTool({ name: 'test_simple_text' }), /no server "two" that you may use/);
  await assert.rejects(connectV1(gateway.mcp('two'), { token: 'ada' }), /may use/);
  await single.close();
});

test('a caller without any grant finds nothing, and is told what to do', async () => {
  await gateway.order({ do: 'add-token', token: 'eve', name: 'eve', role: 'member' });
  const { client, close } = await connectV1(gateway.mcp(), { token: 'eve' });
  assert.deepEqual((await client.listTools()).tools, []);
  assert.match(client.getInstructions() ?? '', /Ask an admin/);
  await close();
});

test('a client of the modern era finds the servers of the other one, too', async () => {
  await gateway.order({ do: 'add-token', token: 'cyd', name: 'cyd', role: 'member' });
  await gateway.order({ do: 'add-server', server: overStdio('old', [actor('rude-server.ts'), 'echo']) });
  for (const server of ['one', 'old']) await gateway.order({ do: 'grant', member: 'cyd', server, tools: null });
  const { client, close } = await connectV2(gateway.mcp(), { token: 'cyd', era: 'auto' });
  assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
  const listed = await client.listTools();
  assert.ok(listed.tools.some(({ name }) => name === 'old__echo'));
  assert.ok(listed.tools.some(({ name }) => name === 'one__add_numbers'));
  assert.equal(listed._meta?.['io.mcpvault/unavailable'], undefined);
  assert.equal(textOf(await client.callTool({ name: 'old__echo', arguments: { text: 'hello' } })), 'hello');
  await close();
  await gateway.order({ do: 'remove-server', name: 'old' });
});

test('the merged endpoint answers what it does not know, in either era, and leaves nothing behind', async () => {
  const client = createBareClient(gateway.mcp(), gateway.token);
  await client.open();
  assert.deepEqual((await client.call('ping')).message?.result, {});
  const unknown = await client.call('vendor/unknown');
  assert.equal(unknown.status, 200);
  assert.equal(unknown.message?.error?.code, -32601);
  assert.equal((await client.send({ method: 'DELETE' })).status, 200);
  client.close();
  const modern = createBareClient(gateway.mcp(), gateway.token);
  const meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const ask = (method: string, version: string, _meta: object | undefined) =>
    modern.send({
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { _meta } }),
      headers: { 'mcp-protocol-version': version, 'mcp-method': method },
    });
  const table: readonly (readonly [string, string, object | undefined, number, number])[] = [
    ['vendor/unknown', '2026-07-28', meta, 404, -32601],
    ['ping', '2026-07-28', meta, 404, -32601],
    ['initialize', '2026-07-28', meta, 404, -32601],
    ['tools/list', '2026-07-28', undefined, 400, -32602],
    ['tools/list', '2027-01-01', { ...meta, 'io.modelcontextprotocol/protocolVersion': '2027-01-01' }, 400, -32022],
    ['tools/list', '2027-01-01', meta, 400, -32020],
  ];
  for (const [method, version, _meta, status, code] of table) {
    const reply = await ask(method, version, _meta);
    assert.equal(reply.status, status, `${method} ${version}`);
    assert.equal(reply.message?.error?.code, code);
  }
  modern.close();
  await eventually(async () => {
    const { calls, waiting, sessions } = await gateway.load();
    return calls === 0 && waiting === 0 && sessions === 0;
  }, 'the end of everything');
});
