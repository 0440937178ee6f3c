// AI clients that know nothing but a URL: the official SDK's OAuth clients against the hub as authorization server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createPerson } from '../actors/oauth-person.ts';
import { signInV1, signInV2 } from '../actors/oauth-clients.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

let hub: Hub;
before(async () => {
  hub = await startHub({ example: true });
});
after(() => hub[Symbol.asyncDispose]());

const lines = [
  ['1.x', signInV1],
  ['2.x', signInV2],
] as const;

for (const [line, signIn] of lines) {
  test(`the SDK ${line} signs in at the merged endpoint knowing only its URL, and calls a tool`, async () => {
    const { client, kept, close } = await signIn(hub.mcp(), createPerson(hub));
    const { tools } = await client.listTools();
    assert.ok(tools.length > 0);
    const called = await client.callTool({ name: 'everything__echo', arguments: { message: 'let in' } });
    assert.match(JSON.stringify(called), /let in/);
    assert.equal(kept.tokens?.['scope'], 'mcp');
    await close();
  });

  test(`the SDK ${line} signs in at one server's endpoint, and its token is good for no other`, async () => {
    const { client, kept, close } = await signIn(hub.mcp('everything'), createPerson(hub));
    assert.ok((await client.listTools()).tools.some(({ name }) => name === 'echo'));
    await close();
    const token = String(kept.tokens?.['access_token']);
    assert.equal(await statusAt(hub.mcp('everything'), token), 200);
    assert.equal(await statusAt(hub.mcp(), token), 401);
    assert.equal(await statusAt(hub.mcp('memory'), token), 401);
    await assert.rejects(hub.api('GET', '/api/v1/me', undefined, token), /401/);
  });

  test(`the SDK ${line} renews its tokens without asking the member, until the member lets it in no more`, async () => {
    const name = `Editor ${line}`;
    const first = await signIn(hub.mcp(), createPerson(hub), { name });
    await first.close();
    const { kept } = first;
    const before = kept.tokens;
    const nobody = { ...createPerson(hub), visit: () => Promise.reject(new Error('the member was asked')) };
    kept.tokens = { ...before, access_token: 'eyJ.over.now' };
    const again = await signIn(hub.mcp(), nobody, { name, kept });
    await again.close();
    assert.notEqual(kept.tokens?.['refresh_token'], before?.['refresh_token']);

    const { items } = await hub.api<{ items: { id: string; name: string }[] }>('GET', '/api/v1/connected-clients');
    const connected = items.find((each) => each.name === name) ?? assert.fail('it is not listed');
    const token = String(kept.tokens?.['access_token']);
    assert.equal(await statusAt(hub.mcp(), token), 200);
    await hub.api('DELETE', `/api/v1/connected-clients/${connected.id}`);
    assert.equal(await statusAt(hub.mcp(), token), 401);
    await assert.rejects(signIn(hub.mcp(), nobody, { name, kept }), /the member was asked/);
  });
}

test('scope minimization: a client that may only look is told which scopes acting takes', async () => {
  const says = { scopes: ['mcp:read'] };
  const person = createPerson(hub);
  const wide = { ...person, visit: (to: string | URL) => person.visit(withScope(to, 'mcp mcp:read'), says) };
  const { client, kept, close } = await signInV1(hub.mcp('everything'), wide);
  assert.ok((await client.listTools()).tools.length > 0);
  await close();
  const token = String(kept.tokens?.['access_token']);
  const refused = await post(hub.mcp('everything'), token, { method: 'tools/call', params: { name: 'echo' } });
  assert.equal(refused.status, 403);
  const challenge = refused.headers.get('www-authenticate') ?? '';
  assert.match(challenge, /error="insufficient_scope"/);
  assert.match(challenge, /scope="mcp mcp:read"/);
  assert.match(challenge, /resource_metadata="[^"]+\/\.well-known\/oauth-protected-resource\/mcp\/everything"/);
});

test('a member who does not allow it sends the client away without a code', async () => {
  await assert.rejects(signInV2(hub.mcp(), createPerson(hub), { says: { allow: false } }), /access_denied/);
});

test('a member who is disabled lets nobody in, at the next request', async () => {
  const email = 'ada@example.com';
  const member = await hub.api<{ id: string; invitation: { url: string } }>('POST', '/api/v1/members', {
    email,
    name: 'Ada',
  });
  const link = member.invitation.url.split('#link=')[1];
  const password = 'a pass phrase that is long';
  const { accessToken } = await hub.api<{ accessToken: string }>(
    'POST',
    '/api/v1/auth/links/accept',
    { link, password },
    null,
  );
  const { kept, close } = await signInV1(hub.mcp(), createPerson(hub, accessToken));
  await close();
  const token = String(kept.tokens?.['access_token']);
  assert.equal(await statusAt(hub.mcp(), token), 200);
  await hub.api('PATCH', `/api/v1/members/${member.id}`, { disabled: true });
  assert.equal(await statusAt(hub.mcp(), token), 401);
  assert.equal((await renew(kept.client?.['client_id'], kept.tokens?.['refresh_token'])).status, 400);
});

test('after a restart, and a new signing key, tokens of before are good, and new ones too', async () => {
  verifies('CP-040');
  const { kept, close } = await signInV1(hub.mcp(), createPerson(hub));
  await close();
  const token = String(kept.tokens?.['access_token']);
  await hub.api('POST', '/api/v1/oauth/rotate-key', {});
  await hub.restart();
  assert.equal(await statusAt(hub.mcp(), token), 200);
  const { keys } = (await (await fetch(`${hub.url}/oauth/jwks`)).json()) as { keys: Record<string, string>[] };
  assert.equal(keys.length, 2);
  assert.ok(keys.every((key) => key['kty'] === 'EC' && key['d'] === undefined));
  const renewed = await renew(kept.client?.['client_id'], kept.tokens?.['refresh_token']);
  assert.equal(renewed.status, 200);
});

function renew(client: unknown, token: unknown): Promise<Response> {
  const body = { grant_type: 'refresh_token', refresh_token: String(token), client_id: String(client) };
  return fetch(`${hub.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(body) });
}

async function statusAt(url: string, token: string): Promise<number> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const answer = await post(url, token, { method: 'initialize', params });
  await answer.arrayBuffer();
  return answer.status;
}

function post(url: string, token: string, message: object): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...message }),
  });
}

function withScope(to: string | URL, scope: string): URL {
  const url = new URL(to);
  url.searchParams.set('scope', scope);
  return url;
}
