// Every transport with everything a conversation has: clients over the old HTTP+SSE and over WebSockets in front, servers
// over them behind, in every combination with the others; and what ends when a connection does.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { connectOverSse, connectOverWebSocket, type DuplexConnection } from '../actors/duplex-clients.ts';
import { type DuplexServer, startDuplexServer } from '../actors/duplex-server.ts';
import { eventually, textOf } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { connectV1, connectV2 } from '../actors/sdk-clients.ts';
import { verifies } from '../requirements.ts';

let server: DuplexServer;
let gateway: MemoryGateway;

before(async () => {
  server = await startDuplexServer();
  const headers = { 'x-key': 'ours' };
  gateway = await startMemoryGateway({
    servers: [
      { name: 'sse', transport: { type: 'sse', url: server.sseUrl, headers } },
      { name: 'found-out', transport: { type: 'streamable-http', url: server.sseUrl, headers } },
      { name: 'socket', transport: { type: 'websocket', url: server.webSocketUrl, headers } },
      overStdio('stdio', [actor('conformance-server.ts'), '--stdio']),
    ],
  });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  await server?.close();
});

type Connect = (server?: string) => Promise<DuplexConnection>;
const faces: Readonly<Record<string, Connect>> = {
  'HTTP+SSE': (name) =>
    connectOverSse(name === undefined ? `${gateway.url}/sse` : `${gateway.mcp(name)}/sse`, gateway.token),
  'a WebSocket': (name) => connectOverWebSocket(gateway.mcp(name), gateway.token),
};

for (const [face, connect] of Object.entries(faces))
  for (const name of ['stdio', 'sse', 'socket'])
    test(`a client over ${face} has everything of a server over ${name}`, async () => {
      verifies('MV-REQ-074', 'CP-096', 'CP-121', 'CP-122');
      const { client, inbox, close } = await connect(name);
      const { tools } = await client.listTools();
      assert.ok(tools.some((tool) => tool.name === 'test_simple_text'));
      const sampled = await client.callTool({ name: 'test_sampling', arguments: { prompt: 'say' } });
      assert.match(textOf(sampled), /the model’s answer/);
      const elicited = await client.callTool({ name: 'test_elicitation', arguments: { message: 'who?' } });
      assert.match(textOf(elicited), /ana/);
      // The client drops steps that come in one piece with the answer: then the next call shows them.
      await eventually(async () => {
        const steps: number[] = [];
        await client.callTool({ name: 'test_tool_with_progress', arguments: {} }, undefined, {
          onprogress: ({ progress }) => steps.push(progress),
        });
        return isDeepStrictEqual(steps.slice(0, 2), [0, 50]);
      }, 'the steps of a call');
      await client.setLoggingLevel('debug');
      await client.callTool({ name: 'test_tool_with_logging', arguments: {} });
      await inbox.next('notifications/message');
      await client.subscribeResource({ uri: 'test://watched-resource' });
      assert.equal((await client.readResource({ uri: 'test://static-text' })).contents.length, 1);
      assert.ok((await client.getPrompt({ name: 'test_simple_prompt' })).messages.length > 0);
      await assert.rejects(
        client.callTool({ name: 'no_such_tool', arguments: {} }).then((result) => failedOnly(result)),
      );
      await close();
      await eventually(async () => (await gateway.load()).sessions === 0, 'the end of the session');
    });

/** Servers say that a tool is missing as an error or as a failed result. */
function failedOnly(result: Readonly<Record<string, unknown>>): void {
  if (result['isError'] === true) throw new Error('failed');
}

for (const [face, connect] of Object.entries(faces))
  test(`a client over ${face} of the merged endpoint reaches every server under its name`, async () => {
    verifies('CP-082');
    const { client, close } = await connect();
    const { tools } = await client.listTools();
    for (const name of ['stdio', 'sse', 'socket', 'found-out']) {
      const tool = tools.find((each) => each.name === `${name}__test_simple_text`);
      assert.ok(tool, `${name} has its tools in the list`);
      assert.match(textOf(await client.callTool({ name: tool.name, arguments: {} })), /simple text/);
    }
    await close();
  });

for (const name of ['sse', 'found-out', 'socket'])
  test(`clients over Streamable HTTP, of both eras, have a server over ${name}`, async () => {
    verifies('MV-REQ-074');
    const options = { token: gateway.token, sampling: () => 'the model’s answer' };
    const legacy = await connectV1(gateway.mcp(name), options);
    assert.match(
      textOf(await legacy.client.callTool({ name: 'test_sampling', arguments: { prompt: 'say' } })),
      /the model’s answer/,
    );
    assert.equal(server.headers['x-key'], 'ours');
    assert.equal(server.headers.authorization, undefined, 'the client’s own credential stays here');
    await legacy.close();
    const modern = await connectV2(gateway.mcp(name), { ...options, era: 'modern' });
    assert.match(textOf(await modern.client.callTool({ name: 'test_simple_text', arguments: {} })), /simple text/);
    await modern.close();
  });

test('calls side by side over one connection each get their own answer', async () => {
  verifies('MV-REQ-075');
  for (const connect of Object.values(faces)) {
    const { client, close } = await connect('socket');
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        client.callTool({ name: n % 2 === 0 ? 'test_simple_text' : 'test_error_handling', arguments: {} }),
      ),
    );
    for (const [n, answer] of answers.entries()) assert.equal(answer['isError'] === true, n % 2 === 1);
    await close();
  }
});

for (const name of ['sse', 'socket'])
  test(`when the connection to a server over ${name} breaks, its session ends and the client begins anew`, async () => {
    verifies('CP-097');
    const { client, closed } = await connectOverWebSocket(gateway.mcp(name), gateway.token);
    await client.listTools();
    await eventually(() => server.connections() > 0, 'a connection');
    server.cut();
    await closed;
    await eventually(async () => (await gateway.load()).links === 0, 'the end of the link');
    const again = await connectOverWebSocket(gateway.mcp(name), gateway.token);
    assert.ok((await again.client.listTools()).tools.length > 0);
    await again.close();
    await eventually(() => server.connections() === 0, 'the end of the connection to the server');
  });

for (const [face, connect] of Object.entries(faces))
  test(`a token that is revoked ends a connection over ${face}, and the calls on it`, async () => {
    await gateway.order({ do: 'add-token', token: 'eve', name: 'eve', role: 'admin' });
    const open =
      face === 'HTTP+SSE'
        ? connectOverSse(`${gateway.mcp('stdio')}/sse`, 'eve')
        : connectOverWebSocket(gateway.mcp('stdio'), 'eve');
    const { client, close } = await open;
    await client.listTools();
    await gateway.order({ do: 'revoke', token: 'eve' });
    await eventually(async () => (await gateway.load()).sessions === 0, 'the end of the session');
    await assert.rejects(client.listTools());
    await close();
    assert.ok(await connect('stdio').then((other) => other.close().then(() => true)), 'others are not harmed');
  });

for (const [face, connect] of Object.entries(faces))
  test(`what is said over ${face} is recorded like everything else`, async () => {
    await gateway.records();
    const { client, close } = await connect('stdio');
    await client.callTool({ name: 'test_simple_text', arguments: {} });
    await close();
    const methods = (await gateway.records()).map(({ method }) => method);
    for (const method of ['initialize', 'notifications/initialized', 'tools/call']) assert.ok(methods.includes(method));
  });
