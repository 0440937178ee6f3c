// What is tried against an authorization server, one test for each: the lists of the specification's security pages.
import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createPerson, interactionIn, type Person } from '../actors/oauth-person.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

let hub: Hub;
let client: string;
const redirect = 'http://127.0.0.1:4100/callback';
const verifier = 'a-verifier-that-is-long-enough-for-the-rules-of-pkce-0123456789';
const challenge = createHash('sha256').update(verifier).digest('base64url');

before(async () => {
  // One proxy says where requests come from, so that they can come from several networks.
  hub = await startHub({ env: { MCPVAULT_PROXIES: '1' } });
  client = await register([redirect]);
});
after(() => hub[Symbol.asyncDispose]());

async function register(redirects: readonly string[]): Promise<string> {
  const answer = await registration(redirects);
  assert.equal(answer.status, 201);
  return ((await answer.json()) as { client_id: string }).client_id;
}

function registration(redirects: readonly string[], more: object = {}): Promise<Response> {
  return fetch(`${hub.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Attacker', redirect_uris: redirects, ...more }),
  });
}

function address(change: Record<string, string | null> = {}): string {
  const asked: Record<string, string | null> = {
    response_type: 'code',
    client_id: client,
    redirect_uri: redirect,
    scope: 'mcp',
    state: 'of-the-client',
    resource: hub.mcp(),
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...change,
  };
  const given = Object.entries(asked).filter((pair): pair is [string, string] => pair[1] !== null);
  return `${hub.url}/oauth/authorize?${new URLSearchParams(given)}`;
}

async function codeOf(person: Person = createPerson(hub)): Promise<string> {
  const { location } = await person.visit(address());
  return location?.searchParams.get('code') ?? assert.fail('there is no code');
}

function exchange(change: Record<string, string>): Promise<Response> {
  const form = { grant_type: 'authorization_code', client_id: client, redirect_uri: redirect, ...change };
  return fetch(`${hub.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

async function tokensOf(): Promise<Tokens> {
  const answer = await exchange({ code: await codeOf(), code_verifier: verifier });
  assert.equal(answer.status, 200);
  return (await answer.json()) as Tokens;
}

const renew = (token: string) => exchange({ grant_type: 'refresh_token', refresh_token: token });

async function statusAt(url: string, token: string): Promise<number> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"x","version":"1"}}}',
  });
  await answer.arrayBuffer();
  return answer.status;
}

test('open redirect: an address that was not registered is never sent to', async () => {
  for (const uri of ['https://evil.example/', `${redirect}/more`, 'http://127.0.0.1.evil.example/callback']) {
    const { status, location, text } = await createPerson(hub).open(address({ redirect_uri: uri }));
    assert.deepEqual([status, location], [400, null], uri);
    assert.doesNotMatch(text, /<script|href=/);
  }
  const otherPort = await createPerson(hub).open(address({ redirect_uri: 'http://127.0.0.1:9/callback' }));
  assert.ok(interactionIn(otherPort));
});

test('script-scheme link: a client cannot register one as its address', async () => {
  for (const uri of ['javascript:alert(1)', 'data:text/html,x', 'http://evil.example/callback']) {
    assert.equal((await registration([uri])).status, 400, uri);
  }
});

test('PKCE downgrade: without a challenge, or with a plain one, there is no code', async () => {
  const changes: Record<string, string | null>[] = [
    { code_challenge: null, code_challenge_method: null },
    { code_challenge: verifier, code_challenge_method: 'plain' },
    { code_challenge_method: null },
  ];
  for (const change of changes) {
    const { location } = await createPerson(hub).open(address(change));
    assert.equal(location?.searchParams.get('error'), 'invalid_request');
  }
});

test('code injection: a stolen code is worth nothing without its verifier, or to another client', async () => {
  const wrong = 'another-verifier-that-is-long-enough-for-the-rules-0123456789';
  assert.equal((await exchange({ code: await codeOf(), code_verifier: wrong })).status, 400);
  const other = await register([redirect]);
  assert.equal((await exchange({ code: await codeOf(), code_verifier: verifier, client_id: other })).status, 400);
});

test('code replay: a code is good once, and its second use ends what the first one gave', async () => {
  const code = await codeOf();
  const first = await exchange({ code, code_verifier: verifier });
  const tokens = (await first.json()) as Tokens;
  assert.equal(await statusAt(hub.mcp(), tokens.access_token), 200);
  assert.equal((await exchange({ code, code_verifier: verifier })).status, 400);
  assert.equal(await statusAt(hub.mcp(), tokens.access_token), 401);
  assert.equal((await renew(tokens.refresh_token)).status, 400);
});

test('reuse of a refresh token: the whole family ends', async () => {
  const first = await tokensOf();
  const next = (await (await renew(first.refresh_token)).json()) as Tokens;
  assert.equal(await statusAt(hub.mcp(), next.access_token), 200);
  assert.equal((await renew(first.refresh_token)).status, 400);
  assert.equal(await statusAt(hub.mcp(), next.access_token), 401);
  assert.equal((await renew(next.refresh_token)).status, 400);
});

test('a refresh token used twice at the same moment leaves nobody with tokens that work', async () => {
  const first = await tokensOf();
  const answers = await Promise.all([renew(first.refresh_token), renew(first.refresh_token)]);
  for (const answer of answers) {
    if (answer.status !== 200) continue;
    const { access_token: token } = (await answer.json()) as Tokens;
    assert.equal(await statusAt(hub.mcp(), token), 401);
  }
  assert.ok(answers.some(({ status }) => status === 400));
});

test('token for another audience: one endpoint’s is refused at the others, and no token is made for strangers', async () => {
  const { access_token: token } = await tokensOf();
  assert.equal(await statusAt(hub.mcp('other'), token), 401);
  await assert.rejects(hub.api('GET', '/api/v1/me', undefined, token), /401/);
  for (const resource of ['https://evil.example/mcp', `${hub.url}/api`, `${hub.url}/`]) {
    const { location } = await createPerson(hub).open(address({ resource }));
    assert.equal(location?.searchParams.get('error'), 'invalid_target', resource);
  }
});

test('CSRF on consent: an answer given in another browser than the request came from is refused', async () => {
  const attacker = createPerson(hub);
  const interaction = interactionIn(await attacker.open(address())) ?? assert.fail('nothing was asked');
  const victim = createPerson(hub);
  const { ticket } = await victim.decide(interaction);
  assert.equal((await victim.finish(interaction, ticket)).status, 403);
  assert.equal(
    (await attacker.follow(`/oauth/authorize/${interaction}`)).location?.searchParams.get('code') ?? null,
    null,
  );
});

test('CSRF on consent: pages of other origins cannot answer, nor frame the page that asks', async () => {
  const person = createPerson(hub);
  const interaction = interactionIn(await person.open(address())) ?? assert.fail('nothing was asked');
  const answer = await fetch(`${hub.url}/authorize/${interaction}/finish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
    body: '{}',
  });
  assert.equal(answer.status, 403);
  const page = await fetch(`${hub.url}/authorize/${interaction}`);
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
  assert.equal(page.headers.get('x-frame-options'), 'DENY');
});

test('confused deputy: another request of the same client asks the member again, and without an answer there is no code', async () => {
  const person = createPerson(hub);
  await codeOf(person);
  const again = await person.open(address());
  const interaction = interactionIn(again) ?? assert.fail('the member was not asked');
  assert.equal((await person.asked(interaction)).wasAllowed, true);
  const { location } = await person.follow(`/oauth/authorize/${interaction}`);
  assert.equal(location?.searchParams.get('code') ?? null, null);
});

test('localhost redirect: the page that asks is told where the answer goes, that this is a program on the computer, and who only claims to be who', async () => {
  const person = createPerson(hub);
  const asked = async (address: string) =>
    person.asked(interactionIn(await person.open(address)) ?? assert.fail('nothing was asked'));
  const local = await asked(address());
  assert.deepEqual(local.redirect, { uri: redirect, host: '127.0.0.1:4100', isLocal: true });
  assert.deepEqual([local.client.name, local.client.knownBy, local.client.host], ['Attacker', 'claim', null]);
  const elsewhere = 'https://app.example/callback';
  const other = await register([elsewhere]);
  const far = await asked(address({ client_id: other, redirect_uri: elsewhere }));
  assert.deepEqual(far.redirect, { uri: elsewhere, host: 'app.example', isLocal: false });
});

test('a ticket for one request answers no other, and a changed one none at all', async () => {
  const person = createPerson(hub);
  const one = interactionIn(await person.open(address())) ?? assert.fail('nothing was asked');
  const two = interactionIn(await person.open(address())) ?? assert.fail('nothing was asked');
  const { ticket } = await person.decide(one);
  assert.equal((await person.finish(two, ticket)).status, 403);
  assert.equal((await person.finish(two, `x${ticket}`)).status, 403);
});

test('mix-up: every answer, errors too, says who gave it', async () => {
  const allowed = await createPerson(hub).visit(address());
  const denied = await createPerson(hub).visit(address(), { allow: false });
  for (const { location } of [allowed, denied]) {
    assert.equal(location?.searchParams.get('iss'), hub.url);
    assert.equal(location?.searchParams.get('state'), 'of-the-client');
  }
});

test('forged tokens: without a signature, with another key, or with other claims, they are nobody’s', async () => {
  verifies('CP-040');
  const { access_token: token } = await tokensOf();
  const [head = '', body = '', signature = ''] = token.split('.');
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = JSON.parse(Buffer.from(body, 'base64url').toString());
  for (const forged of [
    `${part({ alg: 'none', typ: 'at+jwt' })}.${body}.`,
    `${head}.${part({ ...said, aud: hub.mcp('other') })}.${signature}`,
    `${head}.${body}.${Buffer.alloc(64).toString('base64url')}`,
    `${part({ alg: 'HS256', typ: 'at+jwt', kid: 'x' })}.${body}.${signature}`,
  ]) {
    assert.equal(await statusAt(hub.mcp(), forged), 401);
  }
});

test('revocation by the client ends its access token at the next request', async () => {
  const tokens = await tokensOf();
  const form = new URLSearchParams({ token: tokens.access_token, client_id: client });
  const asked = () => fetch(`${hub.url}/oauth/introspect`, { method: 'POST', body: form });
  assert.equal(((await (await asked()).json()) as { active: boolean }).active, true);
  const revoked = await fetch(`${hub.url}/oauth/revoke`, { method: 'POST', body: form });
  assert.equal(revoked.status, 200);
  assert.equal(await statusAt(hub.mcp(), tokens.access_token), 401);
  assert.equal(((await (await asked()).json()) as { active: boolean }).active, false);
});

test('revocation and introspection of a client with a key take that key; its name is not enough', async () => {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' };
  const registered = await registration([redirect], {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [jwk] },
  });
  const { client_id: id } = (await registered.json()) as { client_id: string };
  const prove = (by = key) => proofOf(id, by);
  const { location } = await createPerson(hub).visit(address({ client_id: id }));
  const code = location?.searchParams.get('code') ?? assert.fail('there is no code');
  assert.equal((await exchange({ client_id: id, code, code_verifier: verifier })).status, 401);
  const answer = await exchange({ client_id: id, code, code_verifier: verifier, ...prove() });
  assert.equal(answer.status, 200);
  const tokens = (await answer.json()) as Tokens;
  const post = (path: string, form: Record<string, string>) =>
    fetch(`${hub.url}/oauth/${path}`, { method: 'POST', body: new URLSearchParams(form) });
  const isActive = async (token: string, by: Record<string, string>) =>
    ((await (await post('introspect', { token, ...by })).json()) as { active?: boolean }).active;

  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  for (const token of [tokens.access_token, tokens.refresh_token]) {
    for (const by of [{ client_id: id }, prove(stranger), { client_id: id, client_secret: 'guessed' }]) {
      assert.equal((await post('introspect', { token, ...by })).status, 401);
      assert.equal((await post('revoke', { token, ...by })).status, 401);
    }
    assert.equal(await isActive(token, { client_id: client }), false, 'another client learns nothing');
    assert.equal((await post('revoke', { token, client_id: client })).status, 200);
    assert.equal(await isActive(token, prove()), true);
  }
  assert.equal(await statusAt(hub.mcp(), tokens.access_token), 200);
  assert.equal((await post('revoke', { token: tokens.access_token, ...prove() })).status, 200);
  assert.equal(await statusAt(hub.mcp(), tokens.access_token), 401);
  for (const token of [tokens.access_token, tokens.refresh_token]) assert.equal(await isActive(token, prove()), false);
});

test('a client that proves itself cannot use the same proof twice', async () => {
  const { privateKey: key, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' };
  const answer = await registration([redirect], {
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: { keys: [jwk] },
  });
  const { client_id: id } = (await answer.json()) as { client_id: string };
  const form = new URLSearchParams({ token: 'anything', ...proofOf(id, key) });
  const ask = () => fetch(`${hub.url}/oauth/introspect`, { method: 'POST', body: form });
  assert.equal((await ask()).status, 200);
  assert.equal((await ask()).status, 401);
});

/** What a client signs to prove that it is that client (RFC 7523). */
function proofOf(id: string, key: KeyObject): Record<string, string> {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const iat = Math.floor(Date.now() / 1000);
  const claims = { iss: id, sub: id, aud: hub.url, jti: randomUUID(), iat, exp: iat + 60 };
  const body = `${part({ alg: 'ES256', kid: 'one' })}.${part(claims)}`;
  const signature = sign('sha256', Buffer.from(body), { key, dsaEncoding: 'ieee-p1363' });
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: `${body}.${signature.toString('base64url')}`,
  };
}

test('SSRF: a client that is named by an address of this network is not fetched', async () => {
  for (const id of [
    'https://127.0.0.1/client.json',
    'https://169.254.169.254/latest',
    'https://localhost/client.json',
  ]) {
    const { status, location, text } = await createPerson(hub).open(address({ client_id: id }));
    assert.deepEqual([status, location], [400, null], id);
    assert.match(text, /invalid_client/);
  }
});

test('flooding with sign-ins that are begun: one network is stopped for a while, and the others are not', async () => {
  const from = async (network: string): Promise<number> => {
    const headers = { 'x-forwarded-for': network };
    const answer = await fetch(address(), { headers, redirect: 'manual' });
    await answer.arrayBuffer();
    return answer.status;
  };
  const flood: number[] = [];
  for (let n = 0; n < 8; n++) flood.push(...(await Promise.all(Array.from({ length: 50 }, () => from('203.0.113.9')))));
  assert.ok(flood.includes(429));
  assert.equal(await from('203.0.113.10'), 303);
});

test('flooding with registrations: one network is stopped, and the others are not kept from it', async () => {
  const from = async (address: string): Promise<number> => {
    const answer = await fetch(`${hub.url}/oauth/register`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
      body: JSON.stringify({ client_name: 'Flood', redirect_uris: [redirect] }),
    });
    if (answer.status === 429) assert.ok(Number(answer.headers.get('retry-after')) > 0);
    await answer.arrayBuffer();
    return answer.status;
  };
  // Whoever has one IPv6 address has all of its network.
  const flood: number[] = [];
  for (let n = 0; n < 61; n++) flood.push(await from(`2001:db8:1:2::${n.toString(16)}`));
  assert.deepEqual([flood.indexOf(429), flood.filter((status) => status === 201).length], [60, 60]);
  assert.equal(await from('2001:db8:1:3::1'), 201);
  assert.equal(await from('203.0.113.7'), 201);
});
