import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { ApiError, createClient } from './client.ts';

interface Seen {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly authorization: string | undefined;
  readonly body: string;
}

async function withHub(
  answer: (seen: Seen, response: ServerResponse) => void,
  use: (baseUrl: string, seen: readonly Seen[]) => Promise<void>,
): Promise<void> {
  const seen: Seen[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const { method, url, headers } = request;
    const one = { method, url, authorization: headers.authorization, body: await text(request) };
    seen.push(one);
    answer(one, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

test('a read puts its input into the query, and sends the bearer', async () => {
  await withHub(
    (_, response) => json(response, 200, { items: [], next: null }),
    async (baseUrl, seen) => {
      const client = createClient({ baseUrl, accessToken: () => 'mcpa_x' });
      assert.deepEqual(await client.call('listMessages', { tool: 'a b', redacted: 'true', q: undefined }), {
        items: [],
        next: null,
      });
      assert.equal(seen[0]?.url, '/api/v1/messages?tool=a+b&redacted=true');
      assert.equal(seen[0]?.authorization, 'Bearer mcpa_x');
    },
  );
});

test('a write fills its path and sends the rest as the body', async () => {
  await withHub(
    (_, response) => json(response, 200, {}),
    async (baseUrl, seen) => {
      const client = createClient({ baseUrl, accessToken: () => 'mcpa_x' });
      await client.call('updateServer', { id: 'a/b', enabled: false });
      assert.deepEqual(
        [seen[0]?.method, seen[0]?.url, seen[0]?.body],
        ['PUT', '/api/v1/mcp/servers/a%2Fb', '{"enabled":false}'],
      );
    },
  );
});

test('a sign-in sends no bearer, and its 401 is final', async () => {
  await withHub(
    (_, response) => json(response, 401, { code: 'invalid_credentials', detail: 'No.', status: 401 }),
    async (baseUrl, seen) => {
      const client = createClient({ baseUrl, accessToken: () => 'mcpa_x', onUnauthorized: () => true });
      await assert.rejects(client.call('login', { email: 'a@b.c', password: 'x' }), { code: 'invalid_credentials' });
      assert.equal(seen.length, 1);
      assert.equal(seen[0]?.authorization, undefined);
    },
  );
});

test('a 401 is tried once more with the new bearer', async () => {
  let token = 'old';
  await withHub(
    (seen, response) => json(response, seen.authorization === 'Bearer new' ? 204 : 401, {}),
    async (baseUrl, seen) => {
      const client = createClient({
        baseUrl,
        accessToken: () => token,
        onUnauthorized: () => {
          token = 'new';
          return true;
        },
      });
      assert.equal(await client.call('logout', {}), undefined);
      assert.equal(seen.length, 2);
    },
  );
});

test('a problem answer becomes an ApiError with its code, fix and request id', async () => {
  const said = { status: 409, code: 'conflict', detail: 'The name is taken.', fix: 'Choose another.', requestId: 'r1' };
  await withHub(
    (_, response) => json(response, 409, said),
    async (baseUrl) => {
      const client = createClient({ baseUrl });
      await assert.rejects(client.call('createTeam', { name: 'x' }), (error: unknown) => {
        assert.ok(error instanceof ApiError);
        const { status, code, detail, fix, requestId } = error;
        assert.deepEqual({ status, code, detail, fix, requestId }, said);
        return true;
      });
    },
  );
});

test('an answer that is not the hub’s still says its status', async () => {
  await withHub(
    (_, response) => response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>'),
    async (baseUrl) => {
      const client = createClient({ baseUrl });
      await assert.rejects(client.call('me', {}), { status: 502, code: 'unexpected_answer' });
    },
  );
});

test('no answer at all is said as unreachable, and an aborted call as aborted', async () => {
  const client = createClient({ baseUrl: 'http://127.0.0.1:1' });
  await assert.rejects(client.call('me', {}), { status: 0, code: 'unreachable' });
  await assert.rejects(client.call('me', {}, { signal: AbortSignal.abort() }), { name: 'AbortError' });
});
