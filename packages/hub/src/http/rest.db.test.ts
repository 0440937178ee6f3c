import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { after, before, test } from 'node:test';
import { ApiError, createClient } from '@mcpvault/contract/client';
import { operations } from '@mcpvault/contract/operations';
import { runTestHub, type TestServer } from '../testing/running-hub.ts';

let server: TestServer;
let token: string;
before(async () => {
  server = await runTestHub({ MCPVAULT_ALLOWED_ORIGINS: 'https://inspector.example.com' });
  token = await server.signIn();
});
after(() => server.hub.stop());

/** With headers that fetch would not let through. */
function raw(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
  body?: string,
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = httpRequest(server.url + path, { method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on('error', reject).end(body);
  });
}

test('the typed client speaks to it: what it makes is there', async () => {
  const client = createClient({ baseUrl: server.url, accessToken: () => token });
  const made = await client.call('createTeam', { name: 'typed', members: [] });
  const { items } = await client.call('listTeams', { limit: 10 });
  assert.deepEqual(items, [made]);
  await client.call('removeTeam', { id: made.id });
  const gone = await client.call('removeTeam', { id: made.id }).catch((error: unknown) => error);
  assert.ok(gone instanceof ApiError);
  assert.deepEqual([gone.status, gone.code], [404, 'not_found']);
});

test('creating answers 201, doing without an answer 204 and no body', async () => {
  const made = await server.call('POST', '/api/v1/tokens', { name: 'x' }, token);
  assert.equal(made.status, 201);
  assert.match(String(made.body['token']), /^mcpv_[0-9A-Za-z]{40}$/);
  const gone = await server.call('DELETE', `/api/v1/tokens/${made.body['id']}`, undefined, token);
  assert.deepEqual([gone.status, gone.text], [204, '']);
});

test('a problem says what is wrong, for people and for machines, and nothing of the inside', async () => {
  const answer = await server.call('POST', '/api/v1/tokens', { name: '', expires: 1 }, token);
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get('content-type'), 'application/problem+json');
  const { requestId, detail, issues, ...rest } = answer.body;
  assert.deepEqual(rest, {
    type: 'urn:mcpvault:problem:invalid_params',
    title: 'Invalid params',
    status: 400,
    code: 'invalid_params',
  });
  assert.equal(requestId, answer.headers.get('x-request-id'));
  assert.match(String(detail), /name/);
  assert.equal((issues as unknown[]).length, 2);
});

test('lists are paged by cursor, and a cursor of elsewhere is refused', async () => {
  for (const name of ['a', 'b', 'c']) await server.call('POST', '/api/v1/teams', { name }, token);
  const names: unknown[] = [];
  let cursor = '';
  do {
    const { body } = await server.call('GET', `/api/v1/teams?limit=2${cursor}`, undefined, token);
    names.push(...(body['items'] as { name: string }[]).map(({ name }) => name));
    cursor = body['next'] === null ? '' : `&cursor=${body['next']}`;
  } while (cursor !== '');
  assert.deepEqual(names, ['c', 'b', 'a']);
  for (const query of ['limit=0', 'limit=201', 'limit=x', 'cursor=nonsense', 'limits=2']) {
    const { status, body } = await server.call('GET', `/api/v1/teams?${query}`, undefined, token);
    assert.deepEqual([status, body['code']], [400, 'invalid_params'], query);
  }
});

for (const [what, send, status, code] of [
  ['malformed JSON', { body: '{"name":' }, 400, 'parse_error'],
  ['JSON that is no object', { body: '[]' }, 400, 'invalid_request'],
  ['another content type', { body: '{"name":"x"}', type: 'text/plain' }, 415, 'unsupported_media_type'],
  ['a body that is too large', { body: `{"name":"${'x'.repeat(5_000_000)}"}` }, 413, 'too_large'],
  ['a deeply nested body', { body: `{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}` }, 400, 'invalid_params'],
  ['a method that is not offered', { method: 'PATCH' }, 405, 'method_not_allowed'],
  ['a path that is not there', { path: '/api/v1/token' }, 404, 'not_found'],
  ['another version', { path: '/api/v2/tokens' }, 404, 'not_found'],
  ['a token that is unknown', { token: `mcpa_${'a'.repeat(40)}` }, 401, 'unauthenticated'],
  ['no token', { token: '' }, 401, 'unauthenticated'],
] as const satisfies readonly (readonly [string, Send, number, string])[]) {
  test(`${what} is answered ${status} ${code}`, async () => {
    const given: Send = send;
    const bearer = given.token ?? token;
    const response = await fetch(server.url + (given.path ?? '/api/v1/tokens'), {
      method: given.method ?? 'POST',
      headers: {
        'content-type': given.type ?? 'application/json',
        ...(bearer === '' ? {} : { authorization: `Bearer ${bearer}` }),
      },
      ...(given.method === undefined ? { body: given.body ?? '{}' } : {}),
    });
    const problem = (await response.json()) as { code: string };
    assert.deepEqual([response.status, problem.code], [status, code]);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
  });
}

interface Send {
  readonly method?: string;
  readonly path?: string;
  readonly type?: string;
  readonly body?: string;
  readonly token?: string;
}

test('only the hub’s own name is answered to, and only its own pages', async () => {
  const host = new URL(server.url).host;
  const authorization = `Bearer ${token}`;
  assert.equal((await raw('/api/v1/me', { host, authorization })).status, 200);
  assert.equal((await raw('/api/v1/me', { host: host.replace('127.0.0.1', 'LOCALHOST'), authorization })).status, 200);
  const elsewhere = await raw('/api/v1/me', { host: 'evil.example.com', authorization });
  assert.deepEqual([elsewhere.status, JSON.parse(elsewhere.body).code], [403, 'bad_host']);
  assert.equal((await raw('/', { host: 'evil.example.com' })).status, 403);
  assert.equal((await raw('/api/v1/me', { host, authorization, origin: server.url })).status, 200);
  for (const origin of ['https://evil.example.com', 'null', 'https://inspector.example.com']) {
    const refused = await raw('/api/v1/me', { host, authorization, origin });
    assert.deepEqual([refused.status, JSON.parse(refused.body).code], [403, 'bad_origin'], origin);
  }
});

test('no answer invites pages of other origins', async () => {
  const response = await fetch(`${server.url}/api/v1/me`, { method: 'OPTIONS', headers: { origin: server.url } });
  assert.equal(response.headers.get('access-control-allow-origin'), null);
});

test('a personal token lists servers and says whose it is, and nothing more', async () => {
  const { body } = await server.call('POST', '/api/v1/tokens', { name: 'mcp' }, token);
  const personal = String(body['token']);
  const transport = { type: 'stdio', command: 'node', args: ['--secret-argument'] };
  await server.call('POST', '/api/v1/mcp/servers', { name: 'hidden', transport }, token);
  assert.equal((await server.call('GET', '/api/v1/me', undefined, personal)).status, 200);
  const listed = await server.call('GET', '/api/v1/mcp/servers', undefined, personal);
  assert.equal(listed.status, 200);
  assert.ok(!listed.text.includes('--secret-argument'));
  for (const operation of Object.values(operations)) {
    if (
      operation.permission === 'anyone' ||
      (operation.method === 'GET' && /^(self|servers:read)$/.test(operation.permission))
    )
      continue;
    const path = `/api/v1${operation.path.replace('{id}', 'x')}`;
    const sent = operation.method === 'GET' || operation.method === 'DELETE' ? undefined : {};
    const { status } = await server.call(operation.method, path, sent, personal);
    assert.equal(status, 403, operation.name);
  }
});

test('signing in and the servers also answer without the version in the path', async () => {
  const login = await server.call('POST', '/api/auth/login', {
    email: 'admin@example.com',
    password: 'correct horse battery',
  });
  assert.deepEqual(Object.keys(login.body), ['accessToken', 'refreshToken', 'expiresIn']);
  const refreshed = await server.call('POST', '/api/auth/refresh', { refreshToken: login.body['refreshToken'] });
  const bearer = String(refreshed.body['accessToken']);
  assert.equal((await server.call('GET', '/api/mcp/servers', undefined, bearer)).status, 200);
  assert.equal((await server.call('GET', '/api/mcp/servers/hidden/tools', undefined, bearer)).status, 200);
  assert.equal((await server.call('POST', '/api/auth/logout', undefined, bearer)).status, 204);
  assert.equal((await server.call('GET', '/api/mcp/servers', undefined, bearer)).status, 401);
  assert.equal((await server.call('GET', '/api/members', undefined, token)).status, 404);
});

test('where a request came from is taken from believed proxies only', async () => {
  const fromOf = async (running: TestServer, bearer: string) => {
    await fetch(`${running.url}/api/v1/teams`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${bearer}`,
        'x-forwarded-for': '203.0.113.1, 203.0.113.2',
      },
      body: '{"name":"from"}',
    });
    const { body } = await running.call('GET', '/api/v1/audit?action=teams.create&limit=1', undefined, bearer);
    return (body['items'] as { detail: { from: string } }[])[0]?.detail.from;
  };
  assert.equal(await fromOf(server, token), '127.0.0.1');
  const behindOne = await runTestHub({ MCPVAULT_PROXIES: '1' });
  assert.equal(await fromOf(behindOne, await behindOne.signIn()), '203.0.113.2');
  await behindOne.hub.stop();
});

test('a body is read from whoever is known, and of a stranger only as much as signing in takes', async () => {
  const large = { name: 'x'.repeat(200_000) };
  const unknown = await server.call('POST', '/api/v1/teams', large);
  assert.deepEqual([unknown.status, unknown.body['code']], [401, 'unauthenticated']);
  const stranger = await server.call('POST', '/api/v1/auth/login', { email: 'a@example.com', password: large.name });
  assert.deepEqual([stranger.status, stranger.body['code']], [413, 'too_large']);
  const known = await server.call('POST', '/api/v1/teams', large, token);
  assert.deepEqual([known.status, known.body['code']], [400, 'invalid_params']);
});

test('a NUL character is refused wherever it comes in, as nothing that could be meant', async () => {
  for (const [method, path, body] of [
    ['POST', '/api/v1/teams', { name: 'a\0b' }],
    ['GET', '/api/v1/messages?tool=%00', undefined],
    ['GET', '/api/v1/messages?server=%00', undefined],
    ['GET', '/api/v1/mcp/servers/%00', undefined],
    ['POST', '/api/v1/auth/login', { email: '\0@example.com', password: 'x' }],
    ['POST', '/api/v1/mcp/servers', { name: 'nul', transport: { type: 'stdio', command: 'a', env: { A: '\0' } } }],
  ] as const) {
    const answer = await server.call(method, path, body, token);
    assert.deepEqual([answer.status, answer.body['code']], [400, 'invalid_params'], path);
  }
});

test('it describes itself in OpenAPI 3.1, to anybody', async () => {
  const { status, body } = await server.call('GET', '/api/v1/openapi.json');
  assert.deepEqual([status, body['openapi']], [200, '3.1.0']);
  assert.deepEqual(body['servers'], [{ url: `${server.url}/api/v1` }]);
});

test('a server is made with secrets that no answer ever repeats', async () => {
  const transport = { type: 'streamable-http', url: 'http://127.0.0.1:9/mcp', headers: { 'x-api-key': 'very-secret' } };
  const made = await server.call('POST', '/api/v1/mcp/servers', { name: 'remote', transport }, token);
  assert.equal(made.status, 201);
  assert.deepEqual([made.body['name'], made.body['status']], ['remote', 'connecting']);
  assert.deepEqual(made.body['transport'], {
    type: 'streamable-http',
    url: 'http://127.0.0.1:9/mcp',
    headers: ['x-api-key'],
  });
  const checked = await server.call('POST', '/api/v1/mcp/servers/remote/check', {}, token);
  assert.equal(checked.body['status'], 'unavailable');
  assert.ok(String(checked.body['reason']).length > 0);
  for (const path of ['/mcp/servers', '/mcp/servers/remote', '/mcp/servers/remote/logs', '/audit', '/overview']) {
    assert.ok(!(await server.call('GET', `/api/v1${path}`, undefined, token)).text.includes('very-secret'), path);
  }
});

test('two servers cannot bear one name', async () => {
  const transport = { type: 'stdio', command: 'node' };
  await server.call('POST', '/api/v1/mcp/servers', { name: 'twice', transport }, token);
  const { status, body } = await server.call('POST', '/api/v1/mcp/servers', { name: 'twice', transport }, token);
  assert.deepEqual([status, body['code']], [409, 'conflict']);
});
