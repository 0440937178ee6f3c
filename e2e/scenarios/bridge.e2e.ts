// `mcpvault bridge`, as AI clients run it: real clients of both lines of the official SDK through it, its pipes by hand, and
// what it makes of a hub that is away, forgets, refuses or breaks off.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type BridgeProcess, bridgeCommand, startBridge } from '../actors/bridge-process.ts';
import { type ConformanceServer, startConformanceServer } from '../actors/conformance-server.ts';
import { eventually } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { type ScriptedHttp, startScriptedHttp } from '../actors/scripted-http.ts';
import { connectV1, connectV2 } from '../actors/sdk-clients.ts';
import { verifies } from '../requirements.ts';

let fixture: ConformanceServer;
let held: ScriptedHttp;
let gateway: MemoryGateway;

const servers = () => [
  overHttp('http', fixture.url),
  overStdio('stdio', [actor('conformance-server.ts'), '--stdio']),
  overStdio('exact', [actor('rude-server.ts'), 'exact']),
  overHttp('held', held.url),
];

before(async () => {
  fixture = await startConformanceServer();
  held = await startScriptedHttp();
  gateway = await startMemoryGateway({ servers: servers() });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await fixture?.close();
  await held?.close();
});

/** Resolves when the server whose answers a test writes was told so. */
async function heardBy(method: string): Promise<void> {
  await eventually(() => held.heard.some((each) => each.method === method), `hearing ${method}`);
  held.heard.length = 0;
}

const token = () => ({ MCPVAULT_TOKEN: gateway.token });

/** Starts the bridge, and the gateway again where a test has ended it. */
function bridgeTo(server?: string, env: Readonly<Record<string, string>> = {}): Promise<BridgeProcess> {
  return startBridge(['--hub', gateway.url, ...(server === undefined ? [] : [server])], { ...token(), ...env });
}

for (const server of ['http', 'stdio'])
  test(`a legacy client of a server over ${server} has everything through the bridge, asked questions included`, async () => {
    verifies('MV-REQ-074', 'CP-004', 'CP-079', 'TV-HUB-74');
    const command = await bridgeCommand([gateway.mcp(server)], token());
    const { client, inbox, close } = await connectV1(command, {
      sampling: () => 'the model’s answer',
      elicitation: () => ({ action: 'accept', content: { username: 'ana', email: 'ana@example.com' } }),
    });
    assert.ok((await client.listTools()).tools.some(({ name }) => name === 'test_simple_text'));
    const sampled = await client.callTool({ name: 'test_sampling', arguments: { prompt: 'say' } });
    assert.match(JSON.stringify(sampled.content), /the model’s answer/);
    const elicited = await client.callTool({ name: 'test_elicitation', arguments: { message: 'who?' } });
    assert.match(JSON.stringify(elicited.content), /ana/);
    await client.setLoggingLevel('debug');
    await client.callTool({ name: 'test_tool_with_logging', arguments: {} });
    assert.ok((await inbox.next('notifications/message')) !== undefined);
    // The client drops steps that come in one piece with the answer: then the next call shows them.
    await eventually(async () => {
      const progress: number[] = [];
      await client.callTool({ name: 'test_tool_with_progress', arguments: {} }, undefined, {
        onprogress: (step) => progress.push(step.progress),
      });
      return isDeepStrictEqual(progress.slice(0, 2), [0, 50]);
    }, 'the steps of a call');
    const { contents } = await client.readResource({ uri: 'test://static-text' });
    assert.equal(contents.length, 1);
    await close();
    await command.remove();
  });

test('a modern client stays modern through the bridge, which says its headers for it', async () => {
  const command = await bridgeCommand(['--hub', gateway.url, 'http'], token());
  const { client, close } = await connectV2(command, {
    era: 'modern',
    elicitation: () => ({ action: 'accept', content: { username: 'ana' } }),
  });
  const { tools } = await client.listTools();
  assert.ok(tools.length > 10);
  const called = await client.callTool({ name: 'test_simple_text', arguments: {} });
  assert.match(JSON.stringify(called.content), /simple text/);
  const { messages } = await client.getPrompt({ name: 'test_simple_prompt' });
  assert.ok(messages.length > 0);
  const methods = (await gateway.records()).map(({ method }) => method);
  assert.ok(
    !methods.includes('initialize') || methods.lastIndexOf('initialize') < methods.lastIndexOf('server/discover'),
  );
  await close();
  await eventually(async () => (await gateway.load()).sessions === 0, 'the end of all sessions');
  await command.remove();
});

test('bytes pass unchanged, both ways, and stdout holds nothing but messages', async () => {
  await using bridge = await bridgeTo('exact');
  await bridge.open();
  const odd = '{"content":[],"n":12345678901234567890.10,"z":1,"a":{"é":"\\u00e9","__proto__":null}}';
  bridge.say(
    `{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"say","arguments":{"json":${JSON.stringify(odd)}}}}`,
  );
  assert.equal(await bridge.line(({ id }) => id === 'x'), `{"jsonrpc":"2.0","id":"x","result":${odd}}`);
  const sent =
    '{ "jsonrpc" : "2.0","method":"tools/call", "id":  7.0e1, "params":{"z":1e400,"name":"heard","arguments":{"b":1,"a":[ ]}}}';
  bridge.say(sent);
  const heard = JSON.parse(await bridge.line(({ result }) => JSON.stringify(result)?.includes('1e400') === true)) as {
    result: { content: { text: string }[] };
  };
  const arrived = heard.result.content[0]?.text ?? '';
  assert.ok(arrived.includes('"params":{"z":1e400,"name":"heard","arguments":{"b":1,"a":[ ]}}'), arrived);
  for (const line of bridge.lines) assert.equal((JSON.parse(line) as { jsonrpc: string }).jsonrpc, '2.0');
  assert.equal(await bridge.end(), 0);
  assert.equal(bridge.err(), '');
});

test('what is no message is answered as such, and what comes after it is not harmed', async () => {
  await using bridge = await bridgeTo('exact');
  for (const [line, code] of [
    ['no json at all', -32700],
    ['{"jsonrpc":"2.0","id":1}', -32600],
    ['[]', -32600],
    ['[1]', -32600],
    ['{"jsonrpc":"1.0","id":1,"method":"ping"}', -32600],
  ] as const) {
    const before = bridge.lines.length;
    bridge.say(line);
    const answer = JSON.parse(
      await bridge.line(({ error }) => error !== undefined && bridge.lines.length > before),
    ) as {
      error: { code: number };
    };
    assert.ok(bridge.lines.at(-1)?.includes(String(code)), `${line}: ${JSON.stringify(answer)}`);
  }
  bridge.say('   ');
  assert.ok((await bridge.open()).result !== undefined);
  assert.ok((await bridge.ask('tools/list')).result !== undefined);
  bridge.say('[{"jsonrpc":"2.0","id":"a","method":"ping"},{"jsonrpc":"2.0","id":"b","method":"tools/list"}]');
  for (const id of ['a', 'b']) await bridge.line((said) => said.id === id && said.result !== undefined);
});

test('a cancelled call is cancelled at the server, and its answer is not told to the client', async () => {
  await using bridge = await bridgeTo('held');
  held.onCall = () => undefined;
  await bridge.open();
  bridge.say({ id: 'long', method: 'tools/call', params: { name: 'allowed' } });
  await heardBy('tools/call');
  bridge.say({ method: 'notifications/cancelled', params: { requestId: 'long', reason: 'changed my mind' } });
  await heardBy('notifications/cancelled');
  assert.ok((await bridge.ask('ping')).result !== undefined);
  assert.ok(!bridge.lines.some((line) => line.includes('"long"')));
});

test('with its stdin, and with SIGTERM, the bridge ends at once and its session with it', async () => {
  for (const how of ['stdin', 'SIGTERM'] as const) {
    const bridge = await bridgeTo('exact');
    await bridge.open();
    await bridge.ask('tools/list');
    assert.equal((await gateway.load()).sessions, 1);
    if (how === 'SIGTERM') bridge.child.kill('SIGTERM');
    assert.equal(how === 'stdin' ? await bridge.end() : await bridge.ended(), 0);
    await eventually(async () => (await gateway.load()).sessions === 0, 'the end of its session');
    await bridge[Symbol.asyncDispose]();
  }
});

test('what was said before the end of stdin is still answered', async () => {
  await using bridge = await bridgeTo('exact');
  await bridge.open();
  bridge.say({ id: 'last', method: 'tools/call', params: { name: 'echo', arguments: { text: 'bye' } } });
  assert.equal(await bridge.end(), 0);
  assert.ok(bridge.lines.some((line) => line.includes('"last"') && line.includes('bye')));
});

test('when the hub is killed and comes back, the session goes on, and the client hears that lists may have changed', async () => {
  const port = Number(new URL(gateway.url).port);
  await using own = await startMemoryGateway({ servers: servers() });
  const at = Number(new URL(own.url).port);
  assert.notEqual(at, port);
  await using bridge = await startBridge(['--hub', own.url, 'http'], token());
  await bridge.open();
  await bridge.ask('logging/setLevel', { level: 'debug' });
  await bridge.ask('resources/subscribe', { uri: 'test://watched-resource' });
  process.kill(own.pid, 'SIGKILL');
  const waits = bridge.ask('tools/list');
  await using again = await startMemoryGateway({ port: at, servers: servers() });
  assert.ok((await waits).result !== undefined);
  await bridge.line(({ method }) => method === 'notifications/tools/list_changed');
  assert.match(bridge.err(), /is away; trying again[^]*is back[^]*session/);
  const methods = (await again.records()).map(({ method }) => method);
  for (const said of ['initialize', 'notifications/initialized', 'logging/setLevel', 'resources/subscribe'])
    assert.ok(methods.includes(said), `${said} was said again`);
  assert.ok((await bridge.ask('tools/call', { name: 'test_simple_text' })).result !== undefined);
});

test('a modern subscription outlives the hub, and the client hears in its name that lists may have changed', async () => {
  await using own = await startMemoryGateway({ servers: servers() });
  await using bridge = await startBridge(['--hub', own.url, 'http'], token());
  const key = 'io.modelcontextprotocol/subscriptionId';
  const _meta = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientCapabilities': {},
  };
  const params = { notifications: { toolsListChanged: true }, _meta };
  bridge.say({ id: 'sub', method: 'subscriptions/listen', params });
  const acknowledged = 'notifications/subscriptions/acknowledged';
  await bridge.line(({ method }) => method === acknowledged);
  process.kill(own.pid, 'SIGKILL');
  await using again = await startMemoryGateway({ port: Number(new URL(own.url).port), servers: servers() });
  const changed = JSON.parse(await bridge.line(({ method }) => method === 'notifications/tools/list_changed')) as {
    params: { _meta: Record<string, unknown> };
  };
  assert.equal(changed.params._meta[key], 'sub');
  assert.equal(bridge.lines.filter((line) => line.includes(acknowledged)).length, 1);
  assert.ok(again.pid !== own.pid);
  bridge.say({ method: 'notifications/cancelled', params: { requestId: 'sub' } });
  await eventually(async () => (await again.load()).calls === 0, 'the end of the subscription');
});

test('a call under way when the hub dies is not repeated, and the client reads that nobody knows how it ended', async () => {
  await using own = await startMemoryGateway({ servers: servers() });
  await using bridge = await startBridge(['--hub', own.url, 'held'], token());
  held.onCall = () => undefined;
  await bridge.open();
  const call = bridge.ask('tools/call', { name: 'allowed' });
  await heardBy('tools/call');
  process.kill(own.pid, 'SIGKILL');
  const { error } = await call;
  assert.equal(error?.data?.code, 'interrupted');
  assert.match(error?.message ?? '', /nobody knows whether it was carried out/);
});

test('a hub that cannot be reached is told to the client with the fix, after as long as it was told to wait', async () => {
  await using bridge = await startBridge(['--hub', 'http://127.0.0.1:9', '--timeout', '1'], token());
  const { error } = await bridge.open();
  assert.equal(error?.data?.code, 'hub_unreachable');
  assert.match(error?.message ?? '', /http:\/\/127\.0\.0\.1:9.*--hub/s);
  assert.match(bridge.err(), /is away/);
  assert.equal(await bridge.end(), 0);
});

test('without a credential the client reads how to sign in; with one it goes on, without a new start', async () => {
  const command = await bridgeCommand([]);
  const file = join(command.home, 'token');
  await writeFile(file, 'mcpv_wrong\n');
  await using bridge = await startBridge(['--hub', gateway.url, '--token-file', file, 'exact']);
  const refused = await bridge.open();
  assert.equal(refused.error?.data?.code, 'unauthenticated');
  assert.match(refused.error?.message ?? '', /mcpvault login --hub/);
  assert.ok(!bridge.err().includes('mcpv_wrong') && !bridge.lines.join().includes('mcpv_wrong'));
  await writeFile(file, `${gateway.token}\n`);
  assert.ok((await bridge.open()).result !== undefined);
  await command.remove();

  await using stranger = await startBridge(['--hub', gateway.url]);
  assert.match((await stranger.open()).error?.message ?? '', /does not know who you are/);
});

test('a wrong command line ends with 2, says why on stderr, and writes nothing to stdout', async () => {
  for (const args of [['Not A Server'], ['a', 'b'], ['--no-such-flag'], ['--timeout', 'soon'], ['ftp://x/mcp']]) {
    await using bridge = await startBridge(args);
    assert.equal(await bridge.ended(), 2, args.join(' '));
    assert.deepEqual(bridge.lines, []);
    assert.match(bridge.err(), /^mcpvault bridge: ./);
  }
});

test('options may stand before the command as well', async () => {
  await using bridge = await startBridge(['exact'], token(), ['--hub', gateway.url, '--quiet']);
  await bridge.open();
  assert.ok((await bridge.ask('tools/list')).result !== undefined);
  assert.equal(await bridge.end(), 0);
  assert.equal(bridge.err(), '');
});

test('an answer that says only that somebody in between gave up is no licence to repeat a call', async () => {
  let asked = 0;
  const proxy = createServer((request, response) => {
    request.resume().on('end', () => {
      asked++;
      response.writeHead(504, { 'content-type': 'text/html' }).end('<p>timed out');
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port } = proxy.address() as AddressInfo;
  await using bridge = await startBridge(['--hub', `http://127.0.0.1:${port}`, '--timeout', '2'], token());
  const { error } = await bridge.ask('tools/call', { name: 'pay' });
  assert.equal(error?.data?.code, 'interrupted');
  assert.equal(asked, 1);
  const listed = await bridge.ask('tools/list');
  assert.equal(listed.error?.data?.code, 'hub_unreachable');
  assert.ok(asked > 2, 'what only reads is tried again');
  await bridge.end();
  proxy.close();
});

test('what the hub refuses comes back under the id of its request', async () => {
  await using bridge = await bridgeTo('no-such-server');
  const { error } = await bridge.open();
  assert.equal(error?.data?.code, 'forbidden');
});
