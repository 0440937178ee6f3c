import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { converse, type McpClientSettings } from './mcp-client.ts';

interface Heard {
  readonly http: string;
  readonly session: string | undefined;
  readonly body: { readonly id?: number; readonly method?: string; readonly [member: string]: unknown } | null;
}

async function listening(listener: RequestListener, use: (endpoint: string) => Promise<void>): Promise<void> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A small MCP server: JSON for most answers, an event stream for `tools/call`. */
async function conversing(
  stream: (heard: Heard, response: ServerResponse) => void,
  use: (settings: McpClientSettings, heard: readonly Heard[]) => Promise<void>,
): Promise<void> {
  const all: Heard[] = [];
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const heard = await hear(request);
    all.push(heard);
    const answer = (result: object) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 's1' })
        .end(JSON.stringify({ jsonrpc: '2.0', id: heard.body?.id, result }));
    switch (heard.body?.method) {
      case 'initialize':
        return answer({ protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 'small', version: '1' } });
      case 'tools/list': {
        const { cursor } = heard.body['params'] as { cursor?: string };
        const tools = [{ name: cursor === undefined ? 'first' : 'second', inputSchema: { type: 'object' } }];
        return answer(cursor === undefined ? { tools, nextCursor: 'more' } : { tools });
      }
      case 'tools/call':
        return stream(heard, response.writeHead(200, { 'content-type': 'text/event-stream' }));
      default:
        return response.writeHead(202).end();
    }
  };
  await listening(listener, (endpoint) => use(settingsFor(endpoint), all));
}

function settingsFor(endpoint: string): McpClientSettings {
  return { endpoint, credential: () => 'secret', client: { name: 'test', version: '1' } };
}

async function hear(request: IncomingMessage): Promise<Heard> {
  const body = await text(request);
  return {
    http: `${request.method} ${request.headers.authorization} ${request.headers['mcp-protocol-version']}`,
    session: request.headers['mcp-session-id'] as string | undefined,
    body: body === '' ? null : JSON.parse(body),
  };
}

const event = (message: object) => `event: message\r\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\r\n\r\n`;

test('a conversation opens a session, follows every page of the list, and ends the session', async () => {
  await conversing(
    (_, response) => response.end(),
    async (settings, heard) => {
      const conversation = await converse(settings);
      assert.equal(conversation.server.name, 'small');
      const tools = await conversation.listTools();
      assert.deepEqual(
        tools.map((tool) => tool.name),
        ['first', 'second'],
      );
      await conversation.close();
      assert.deepEqual(
        heard.map(({ http, session, body }) => [http, session, body?.method]),
        [
          ['POST Bearer secret undefined', undefined, 'initialize'],
          ['POST Bearer secret 2025-06-18', 's1', 'notifications/initialized'],
          ['POST Bearer secret 2025-06-18', 's1', 'tools/list'],
          ['POST Bearer secret 2025-06-18', 's1', 'tools/list'],
          ['DELETE Bearer secret 2025-06-18', 's1', undefined],
        ],
      );
    },
  );
});

test('a streamed answer is read, its notifications are told, and questions of the server are refused', async () => {
  const notified: string[] = [];
  await conversing(
    (heard, response) => {
      response.write(': hello\r\n\r\n');
      response.write(event({ method: 'notifications/progress', params: { progress: 1 } }));
      response.write(event({ id: 'q', method: 'sampling/createMessage', params: {} }));
      response.write(event({ id: 'p', method: 'ping' }));
      response.end(event({ id: heard.body?.id, result: { content: [{ type: 'text', text: 'grüße 🦊' }], n: 1.0 } }));
    },
    async (settings, heard) => {
      const conversation = await converse({ ...settings, onNotification: (method) => notified.push(method) });
      const { result, text: received } = await conversation.request('tools/call', { name: 'a', arguments: {} });
      assert.deepEqual(result['content'], [{ type: 'text', text: 'grüße 🦊' }]);
      assert.ok(received.startsWith('{"jsonrpc":"2.0"'));
      assert.deepEqual(notified, ['notifications/progress']);
      const replies = heard.filter(({ body }) => body?.method === undefined).map(({ body }) => body);
      assert.deepEqual(
        replies.map((reply) => [reply?.id, (reply?.['error'] as { code: number } | undefined)?.code]),
        [
          ['q', -32601],
          ['p', undefined],
        ],
      );
    },
  );
});

test('an error of the server rejects with its code and what was received', async () => {
  await conversing(
    (heard, response) => response.end(event({ id: heard.body?.id, error: { code: 4031, message: 'Not that.' } })),
    async (settings) => {
      const conversation = await converse(settings);
      await assert.rejects(conversation.callTool('a', {}), { name: 'McpError', code: 4031, message: 'Not that.' });
    },
  );
});

test('a refusal of the endpoint rejects with its status, whether or not it is JSON-RPC', async () => {
  const answers = [
    {
      said: '{"jsonrpc":"2.0","id":null,"error":{"code":4010,"message":"Who are you?"}}',
      code: 4010,
      of: /Who are you/,
    },
    { said: '<h1>Unauthorized</h1>', code: 0, of: /status 401/ },
  ];
  for (const { said, code, of } of answers) {
    await listening(
      (_, response) => response.writeHead(401).end(said),
      (endpoint) => assert.rejects(converse(settingsFor(endpoint)), { status: 401, code, message: of }),
    );
  }
});

test('a stream that ends without the answer rejects instead of hanging', async () => {
  await conversing(
    (_, response) => response.end(': nothing\n\n'),
    async (settings) => {
      const conversation = await converse(settings);
      await assert.rejects(conversation.callTool('a', {}), /ended before the answer/);
    },
  );
});

test('giving up tells the server which request to stop', async () => {
  const giveUp = new AbortController();
  const told = Promise.withResolvers<Heard>();
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    const heard = await hear(request);
    if (heard.body?.method === 'notifications/cancelled') told.resolve(heard);
    if (heard.body?.method === 'tools/call') return giveUp.abort();
    response.setHeader('content-type', 'application/json');
    return response.end(JSON.stringify({ jsonrpc: '2.0', id: heard.body?.id, result: {} }));
  };
  await listening(listener, async (endpoint) => {
    const conversation = await converse(settingsFor(endpoint));
    await assert.rejects(conversation.callTool('a', {}, giveUp.signal), { name: 'AbortError' });
    assert.equal(((await told.promise).body?.['params'] as { requestId: number }).requestId, 2);
  });
});
