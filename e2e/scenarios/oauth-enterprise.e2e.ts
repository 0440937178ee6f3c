// Enterprise-managed authorization: a company's identity provider lets an AI client in for its people, and the official SDK
// reaches a server without anybody being asked. Below it what is tried with such grants, one test for each.
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { after, before, test } from 'node:test';
import {
  Client,
  createPrivateKeyJwtAuth,
  CrossAppAccessProvider,
  discoverAndRequestJwtAuthGrant,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client';
import { type EnterpriseProvider, startEnterpriseProvider } from '../actors/enterprise-provider.ts';
import { createPerson, interactionIn } from '../actors/oauth-person.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';

const grantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const password = 'a password that is long enough';

let hub: Hub;
let company: EnterpriseProvider;
let provider: { readonly id: string };
let ada: { readonly id: string };
let assistant: SigningClient;

interface SigningClient {
  readonly id: string;
  readonly key: KeyObject;
}

before(async () => {
  hub = await startHub({ example: true, env: { MCPVAULT_PRIVATE_NETWORKS: '127.0.0.0/8' } });
  company = await startEnterpriseProvider({ audience: hub.url, resource: hub.mcp() });
  provider = await hub.api('POST', '/api/v1/identity-providers', rules());
  ada = await hub.api('POST', '/api/v1/members', { email: 'ada@example.com', name: 'Ada', password, role: 'admin' });
  await signInAt('ada');
  assistant = await register('Assistant of the company');
  company.knownThereAs = assistant.id;
});
after(async () => {
  await hub?.[Symbol.asyncDispose]();
  await company?.[Symbol.asyncDispose]();
});

function rules(change: object = {}): object {
  const { id, secret } = company.client;
  const who = { name: 'Company', issuer: company.issuer, clientId: id, clientSecret: secret };
  return { ...who, domains: ['example.com'], letsClientsIn: true, ...change };
}

/** Makes the provider's person known here, as a browser does. */
async function signInAt(person: string): Promise<void> {
  company.person = person;
  const path = `/api/v1/auth/providers/${provider.id}`;
  const begun = await hub.api<{ url: string; flow: string }>('POST', `${path}/start`, {}, null);
  const sent = await fetch(begun.url, { redirect: 'manual' });
  const parameters = new URL(sent.headers.get('location') ?? '').search.slice(1);
  await hub.api('POST', `${path}/finish`, { flow: begun.flow, parameters }, null);
}

async function register(name: string, change: object = {}): Promise<SigningClient> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const answer = await fetch(`${hub.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: name,
      grant_types: [grantType],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'ES256' }] },
      ...change,
    }),
  });
  const { client_id: id } = (await answer.json()) as { client_id: string };
  assert.equal(answer.status, 201);
  return { id, key: privateKey };
}

/** What proves that it is this client. */
function proof({ id, key }: SigningClient): Record<string, string> {
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

interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

async function bring(assertion: string, more: Record<string, string> = {}, client = assistant): Promise<Answer> {
  const body = new URLSearchParams({ grant_type: grantType, assertion, ...proof(client), ...more });
  const answer = await fetch(`${hub.url}/oauth/token`, { method: 'POST', body });
  return { status: answer.status, json: (await answer.json()) as Answer['json'] };
}

const refusedWith = async (error: string, answer: Promise<Answer>, why: string): Promise<void> => {
  const { status, json } = await answer;
  assert.deepEqual([status, json['error'], json['access_token']], [400, error, undefined], why);
};

async function statusAt(url: string, token: unknown): Promise<number> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** As the member of whom the grants speak. */
async function asAda<Body>(method: string, path: string): Promise<Body> {
  const { accessToken } = await hub.signIn('ada@example.com', password);
  return hub.api<Body>(method, path, undefined, accessToken);
}

test('the metadata say that such grants are taken', async () => {
  const metadata = await (await fetch(`${hub.url}/.well-known/oauth-authorization-server`)).json();
  const { grant_types_supported: grants, authorization_grant_profiles_supported: profiles } = metadata as {
    grant_types_supported: string[];
    authorization_grant_profiles_supported: string[];
  };
  assert.ok(grants.includes(grantType));
  assert.deepEqual(profiles, ['urn:ietf:params:oauth:grant-profile:id-jag']);
});

test('the SDK exchanges what its person holds at the company, and calls a tool, without anybody being asked', async () => {
  const authProvider = Object.assign(
    new CrossAppAccessProvider({
      clientId: assistant.id,
      clientSecret: 'not used: it proves itself with its key',
      expectedIssuer: hub.url,
      assertion: async ({ authorizationServerUrl, resourceUrl, scope, fetchFn }) => {
        const { jwtAuthGrant } = await discoverAndRequestJwtAuthGrant({
          idpUrl: company.issuer,
          audience: authorizationServerUrl,
          resource: resourceUrl,
          idToken: company.idToken('ada'),
          clientId: 'assistant-at-the-company',
          clientSecret: 'its secret there',
          ...(scope === undefined ? {} : { scope }),
          fetchFn,
        });
        return jwtAuthGrant;
      },
    }),
    {
      addClientAuthentication: createPrivateKeyJwtAuth({
        issuer: assistant.id,
        subject: assistant.id,
        privateKey: assistant.key.export({ format: 'pem', type: 'pkcs8' }).toString(),
        alg: 'ES256',
      }),
    },
  );
  const client = new Client({ name: 'assistant', version: '1' }, { versionNegotiation: { mode: 'auto' } });
  await client.connect(new StreamableHTTPClientTransport(new URL(hub.mcp()), { authProvider }));
  const called = await client.callTool({ name: 'everything__echo', arguments: { message: 'managed' } });
  assert.match(JSON.stringify(called), /managed/);
  await client.close();
  assert.equal(company.exchanged.length, 1);
  assert.equal(company.exchanged[0]?.get('audience'), hub.url);

  const { items } = await asAda<{ items: { name: string; provider: string }[] }>('GET', '/api/v1/connected-clients');
  assert.deepEqual(
    items.map((each) => [each.name, each.provider]),
    [['Assistant of the company', provider.id]],
  );
  const entries = await hub.api<{ items: { actor: unknown; outcome: string; detail: Record<string, unknown> }[] }>(
    'GET',
    '/api/v1/audit?action=authorizations.assert',
  );
  assert.deepEqual(
    entries.items.map(({ outcome, detail }) => [outcome, detail['client'], detail['provider']]),
    [['done', assistant.id, provider.id]],
  );
});

test('the token is for the resource of the grant, has what both sides allow, and no refresh token comes with it', async () => {
  const { status, json } = await bring(
    company.grant({ resource: hub.mcp('everything'), scope: 'mcp mcp:read admin' }),
    {
      scope: 'mcp:read admin',
    },
  );
  assert.equal(status, 200, JSON.stringify(json));
  assert.deepEqual([json['scope'], json['refresh_token'], json['token_type']], ['mcp:read', undefined, 'Bearer']);
  assert.equal(await statusAt(hub.mcp('everything'), json['access_token']), 200);
  assert.equal(await statusAt(hub.mcp(), json['access_token']), 401);
});

test('replay: a grant is good once, and of two at the same moment one wins', async () => {
  const once = company.grant();
  assert.equal((await bring(once)).status, 200);
  await refusedWith('invalid_grant', bring(once), 'again');
  const twice = company.grant();
  const both = await Promise.all([bring(twice), bring(twice)]);
  assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 400]);
});

const now = () => Math.floor(Date.now() / 1000);
const attacks: Readonly<Record<string, () => string>> = {
  'signed by somebody else': () => company.grant({}, { byStranger: true }),
  'without a signature (alg none)': () => company.grant({}, { unsigned: true }),
  'that is an ID token': () => company.idToken('ada'),
  'of another type': () => company.grant({}, { typ: 'at+jwt' }),
  'of another issuer (mix-up)': () => company.grant({ iss: 'https://id.elsewhere.example' }),
  'for another authorization server': () => company.grant({ aud: 'https://vault.elsewhere.example' }),
  'for several authorization servers': () => company.grant({ aud: [hub.url, 'https://vault.elsewhere.example'] }),
  'for another client': () => company.grant({ client_id: 'somebody-else' }),
  'for no client': () => company.grant({ client_id: undefined }),
  'that has expired': () => company.grant({ iat: now() - 500, exp: now() - 400 }),
  'that is old, however long it is to last': () => company.grant({ iat: now() - 3600, exp: now() + 3600 }),
  'of the future': () => company.grant({ iat: now() + 3600, exp: now() + 7200 }),
  'without an end': () => company.grant({ exp: undefined }),
  'without a name of its own': () => company.grant({ jti: undefined }),
  'about nobody': () => company.grant({ sub: undefined }),
  'about somebody who is not known here': () => company.grant({ sub: 'mallory' }),
  'for no resource': () => company.grant({ resource: undefined }),
  'that is no token': () => 'x.y.z',
  'that is enormous': () => company.grant({ padding: 'x'.repeat(12_000) }),
};

for (const [name, make] of Object.entries(attacks))
  test(`a grant ${name} is refused`, () => refusedWith('invalid_grant', bring(make()), name));

test('a grant for a place that is no endpoint of this hub, or for another than was asked for, is refused', async () => {
  for (const resource of ['https://elsewhere.example/mcp', `${hub.url}/api`, `${hub.url}/api/v1/members`]) {
    await refusedWith('invalid_target', bring(company.grant({ resource })), resource);
  }
  await refusedWith('invalid_target', bring(company.grant(), { resource: hub.mcp('everything') }), 'another one asked');
});

test('a grant with none of the scopes that were asked for is refused', async () => {
  await refusedWith('invalid_scope', bring(company.grant({ scope: 'admin' })), 'none of ours');
  await refusedWith('invalid_scope', bring(company.grant({ scope: 'mcp:read' }), { scope: 'mcp' }), 'not given');
});

test('a stolen grant is worth nothing to a client that cannot prove itself, nor to another one', async () => {
  const other = await register('Another');
  await refusedWith('invalid_grant', bring(company.grant(), {}, other), 'another client');
  const public_ = await register('In the open', { token_endpoint_auth_method: 'none', jwks: undefined });
  company.knownThereAs = public_.id;
  const form = { grant_type: grantType, assertion: company.grant(), client_id: public_.id };
  company.knownThereAs = assistant.id;
  const answer = await fetch(`${hub.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
  assert.deepEqual([answer.status, ((await answer.json()) as { error: string }).error], [400, 'unauthorized_client']);
  const unproven = { grant_type: grantType, assertion: company.grant(), client_id: assistant.id };
  const without = await fetch(`${hub.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(unproven) });
  assert.equal(without.status, 401);
});

test('what a provider let in counts for nothing where the member is asked', async () => {
  const redirect = 'https://assistant.example/callback';
  const grants = { grant_types: [grantType, 'authorization_code'], redirect_uris: [redirect] };
  const both = await register('Both ways', grants);
  assert.equal((await bring(company.grant({ client_id: both.id }), {}, both)).status, 200);
  const { accessToken } = await hub.signIn('ada@example.com', password);
  const person = createPerson(hub, accessToken);
  const asked = { response_type: 'code', client_id: both.id, redirect_uri: redirect, scope: 'mcp', state: 's' };
  const pkce = { code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM', code_challenge_method: 'S256' };
  const query = new URLSearchParams({ ...asked, ...pkce, resource: hub.mcp() });
  const visit = await person.open(`${hub.url}/oauth/authorize?${query}`);
  const { wasAllowed, isRemembered } = await person.asked(interactionIn(visit) ?? assert.fail(visit.text));
  assert.deepEqual([wasAllowed, isRemembered], [false, false]);
});

test('a member who is disabled is let in no more, with what was given already and with new grants', async () => {
  const { json } = await bring(company.grant());
  assert.equal(await statusAt(hub.mcp(), json['access_token']), 200);
  await hub.api('PATCH', `/api/v1/members/${ada.id}`, { disabled: true });
  assert.equal(await statusAt(hub.mcp(), json['access_token']), 401);
  await refusedWith('invalid_grant', bring(company.grant()), 'disabled');
  await hub.api('PATCH', `/api/v1/members/${ada.id}`, { disabled: false });
});

test('a provider that may not let clients in, any more, lets none in, and those that it let in end at once', async () => {
  const { json } = await bring(company.grant());
  assert.equal(await statusAt(hub.mcp(), json['access_token']), 200);
  await hub.api('PUT', `/api/v1/identity-providers/${provider.id}`, rules({ letsClientsIn: false }));
  assert.equal(await statusAt(hub.mcp(), json['access_token']), 401);
  await refusedWith('invalid_grant', bring(company.grant()), 'not any more');
  await hub.api('PUT', `/api/v1/identity-providers/${provider.id}`, rules());
  assert.equal((await bring(company.grant())).status, 200);
});
