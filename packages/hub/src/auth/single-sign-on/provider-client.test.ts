// Every line of the attack list on sign-ins with an identity provider, against one that lies.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createOutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { createOutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import { client, type RudeProvider, type Signer, startRudeProvider } from '../../testing/rude-provider.ts';
import { type Flow, type OpenProvider, signatureAlgorithms } from './provider-client.ts';
import { createSignInProviders } from './sign-in-providers.ts';

const rules = createOutboundRules({ allowed: ['127.0.0.0/8'], trust: 'none' });
const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

async function world() {
  const peer = await startRudeProvider();
  const providers = createSignInProviders({ fetch: createOutboundFetch({ rules }), now: () => 0 });
  const provider: OpenProvider = {
    id: 'idp_1',
    issuer: peer.issuer,
    clientId: client.id,
    clientSecret: client.secret,
    scopes: ['profile', 'email'],
    groupsClaim: 'groups',
    redirectUri: 'http://hub.test/sign-in/callback/idp_1',
    version: '1',
  };
  const flow = providers.newFlow();
  const back = (more: Readonly<Record<string, string>> = {}) =>
    new URLSearchParams({ code: flow.nonce, state: flow.state, iss: peer.issuer, ...more }).toString();
  const redeem = (parameters = back(), with_: Flow = flow) => providers.redeem(provider, with_, parameters);
  return { peer, providers, provider, flow, back, redeem, [Symbol.asyncDispose]: () => peer[Symbol.asyncDispose]() };
}

test('an honest provider is asked with PKCE, state and nonce, and says who it is', async () => {
  await using own = await world();
  const { peer, providers, provider, flow } = own;
  const url = new URL(await providers.authorize(provider, flow));
  const asked = Object.fromEntries(url.searchParams);
  assert.equal(`${url.origin}${url.pathname}`, `${peer.issuer}/authorize`);
  assert.deepEqual(
    [asked['response_type'], asked['code_challenge_method'], asked['scope'], asked['redirect_uri']],
    ['code', 'S256', 'openid profile email', provider.redirectUri],
  );
  assert.deepEqual([asked['state'], asked['nonce']], [flow.state, flow.nonce]);
  assert.ok(!url.href.includes(flow.verifier));
  peer.lies.claims = { email: 'ada@example.com', email_verified: true, groups: ['engineers'] };
  const claims = await own.redeem();
  assert.deepEqual([claims['sub'], claims['email'], claims['groups']], ['ada', 'ada@example.com', ['engineers']]);
  assert.equal(peer.redeemed[0]?.get('code_verifier'), flow.verifier);
  assert.match(peer.credentials ?? '', /^Basic /);
});

test('a client without a secret, and one whose secret goes in the body, are asked for as the provider says', async () => {
  await using own = await world();
  const { peer, providers, provider, flow, back } = own;
  peer.lies.metadata = { token_endpoint_auth_methods_supported: ['client_secret_post', 'none'] };
  await own.redeem();
  assert.equal(peer.redeemed[0]?.get('client_secret'), client.secret);
  await providers.redeem({ ...provider, clientSecret: null, version: '2' }, flow, back());
  assert.deepEqual([peer.redeemed[1]?.get('client_secret'), peer.credentials], [null, undefined]);
});

const tokenAttacks: readonly { readonly name: string; readonly claims?: object; readonly signer?: Signer }[] = [
  { name: 'a token of another issuer (IdP mix-up)', claims: { iss: 'https://elsewhere.example' } },
  { name: 'a token made for another client (token substitution)', claims: { aud: 'another-client' } },
  {
    name: 'a token made for several clients, by whom is not said',
    claims: { aud: ['mcpvault', 'other'], azp: 'other' },
  },
  { name: 'the token of another sign-in (replayed nonce)', claims: { nonce: 'of-another-sign-in' } },
  { name: 'a token without a nonce', claims: { nonce: undefined } },
  { name: 'a token that has expired', claims: { exp: 1 } },
  { name: 'a token without an end', claims: { exp: undefined } },
  { name: 'a token that names nobody', claims: { sub: undefined } },
  { name: 'an unsigned token (alg none)', signer: 'nobody' },
  { name: 'a token signed by somebody else', signer: 'other' },
  { name: 'a token signed with the client’s own secret (algorithm confusion)', signer: 'secret' },
];

for (const { name, claims, signer } of tokenAttacks) {
  test(`refused: ${name}`, async () => {
    await using own = await world();
    Object.assign(own.peer.lies, { claims, signer });
    await assert.rejects(own.redeem(), { name: 'Failure', code: 'upstream_invalid' });
  });
}

test('refused: unsigned tokens also where the provider advertises them', async () => {
  await using own = await world();
  own.peer.lies.metadata = { id_token_signing_alg_values_supported: ['none', 'HS256', 'ES256'] };
  for (const signer of ['nobody', 'secret'] as const) {
    own.peer.lies.signer = signer;
    await assert.rejects(own.redeem(), { name: 'Failure', code: 'upstream_invalid' }, signer);
  }
});

test('refused: what comes back with another state, for another issuer, twice, or as an error', async () => {
  await using own = await world();
  const { peer, flow, back } = own;
  const wrong = {
    state: back({ state: 'of-another-browser' }),
    'no state': new URLSearchParams({ code: flow.nonce, iss: peer.issuer }).toString(),
    'another issuer (mix-up)': back({ iss: 'https://elsewhere.example' }),
    'no issuer, although it always names itself': new URLSearchParams({
      code: flow.nonce,
      state: flow.state,
    }).toString(),
    'two codes': `${back()}&code=another`,
  };
  for (const [name, parameters] of Object.entries(wrong)) {
    await assert.rejects(own.redeem(parameters), { name: 'Failure', code: 'upstream_invalid' }, name);
  }
  assert.equal(peer.redeemed.length, 0, 'no code was given away');
  const denied = new URLSearchParams({ error: 'access_denied', state: flow.state, iss: peer.issuer }).toString();
  await assert.rejects(own.redeem(denied), { code: 'unauthenticated', message: /access_denied/ });
});

test('refused: claims about somebody else, and an address whose proof comes from elsewhere', async () => {
  await using own = await world();
  const { peer } = own;
  peer.lies.userinfo = { sub: 'eve', email: 'eve@example.com' };
  await assert.rejects(own.redeem(), { code: 'upstream_invalid' });
  peer.lies.userinfo = { sub: 'ada', email: 'ada@example.com', email_verified: true };
  peer.lies.claims = { email: 'boss@example.com' };
  const mixed = await own.redeem();
  assert.deepEqual([mixed['email'], mixed['email_verified']], ['boss@example.com', undefined]);
  peer.lies.claims = { email: 'ada@example.com' };
  assert.equal((await own.redeem())['email_verified'], true);
  peer.lies.claims = {};
  assert.equal((await own.redeem())['email'], 'ada@example.com');
});

test('refused: a provider that calls itself something else, is not there, or talks too much; nothing it wrote is repeated', async () => {
  const lies: [Partial<RudeProvider['lies']>, RegExp][] = [
    [{ metadata: { issuer: 'https://elsewhere.example' } }, /something else than its address/],
    [{ raw: { status: 500, body: 'SECRET stack trace' } }, /unexpected status/],
    [{ raw: { status: 200, body: 'SECRET' } }, /cannot be read/],
    [{ raw: { status: 200, body: `"${'SECRET'.repeat(400_000)}"` } }, /more than 1048576 bytes/],
    [{ refusal: { status: 401, error: 'invalid_client' } }, /refused this hub: invalid_client/],
    [{ refusal: { status: 400, error: 'SECRET <b>x</b>' } }, /refused this hub: an error without a name/],
  ];
  for (const [lie, message] of lies) {
    await using own = await world();
    Object.assign(own.peer.lies, lie);
    await assert.rejects(own.redeem(), (error: Error) => {
      assert.match(error.message, message);
      assert.doesNotMatch(
        JSON.stringify(
          error,
          Object.getOwnPropertyNames(error).filter((key) => key !== 'stack'),
        ),
        /SECRET/,
      );
      return true;
    });
  }
  const own = await world();
  await own.peer[Symbol.asyncDispose]();
  await assert.rejects(own.redeem(), { code: 'upstream_unavailable', message: /could not be reached/ });
});

test('a logout token ends what it names, and nothing else passes for one', async () => {
  await using own = await world();
  const { peer, providers, provider } = own;
  const now = Math.floor(Date.now() / 1000);
  const honest = { iss: peer.issuer, aud: client.id, iat: now, jti: 'j1', sub: 'ada', events: { [logoutEvent]: {} } };
  const ended = async (more: object = {}, header = {}, by: Signer = 'own') =>
    providers.endedBy(provider, await peer.sign({ ...honest, ...more }, header, by));
  assert.deepEqual(await ended({ sid: 's1' }, { typ: 'logout+jwt' }), {
    session: 's1',
    subject: 'ada',
    token: 'j1',
    staleAt: (now + 240) * 1000,
  });
  assert.equal((await ended()).session, null);
  const bad: Record<string, () => Promise<unknown>> = {
    'an ID token': () => ended({ nonce: 'n' }),
    'without the event': () => ended({ events: {} }),
    'of nobody': () => ended({ sub: undefined }),
    'for another client': () => ended({ aud: 'other' }),
    'of another issuer': () => ended({ iss: 'https://elsewhere.example' }),
    'an old one': () => ended({ iat: now - 600 }),
    'of the future': () => ended({ iat: now + 600 }),
    'without a name': () => ended({ jti: undefined }),
    'of another type': () => ended({}, { typ: 'at+jwt' }),
    unsigned: () => ended({}, {}, 'nobody'),
    'signed by another': () => ended({}, {}, 'other'),
    'signed with the secret': () => ended({}, {}, 'secret'),
    'no token at all': () => providers.endedBy(provider, 'x.y.z'),
  };
  for (const [name, one] of Object.entries(bad)) await assert.rejects(one(), { code: 'invalid_request' }, name);
});

test('no algorithm is accepted that somebody else could sign with', () => {
  assert.deepEqual(
    signatureAlgorithms.filter((algorithm) => /^HS|none/i.test(algorithm)),
    [],
  );
});

test('the test says what works, and exactly what does not', async () => {
  await using own = await world();
  const { peer, providers, provider } = own;
  peer.lies.refusal = { status: 400, error: 'invalid_grant' };
  peer.lies.back = `${provider.redirectUri}?error=login_required`;
  const outcomes = async (changed: Partial<OpenProvider> = {}) => {
    const steps = await providers.check({ ...provider, ...changed });
    return { worst: steps.filter(({ outcome }) => outcome !== 'ok'), names: steps.map(({ name }) => name) };
  };
  assert.deepEqual(await outcomes(), {
    worst: [],
    names: ['Discovery', 'Issuer', 'Endpoints', 'Code flow', 'Scopes', 'Keys', 'Client', 'Way back'],
  });
  const first = async (changed: Partial<OpenProvider> = {}) => {
    const [step] = (await outcomes(changed)).worst;
    return `${step?.outcome} ${step?.name}: ${step?.text}`;
  };
  assert.match(await first({ issuer: 'http://id.example.com' }), /^failed Address: It is not encrypted/);
  assert.match(await first({ issuer: `${peer.issuer}/elsewhere` }), /^failed Discovery: .*(no JSON|status)/);
  peer.lies.metadata = { issuer: 'https://elsewhere.example' };
  assert.match(await first(), /^failed Issuer: It calls itself https:\/\/elsewhere\.example\//);
  peer.lies.metadata = { jwks_uri: 'http://id.example.com/keys' };
  assert.match(await first(), /^failed Endpoints: Missing or not encrypted: jwks_uri/);
  peer.lies.metadata = { scopes_supported: ['openid', 'profile'] };
  assert.match(await first(), /^warning Scopes: It does not list email/);
  peer.lies.metadata = { id_token_signing_alg_values_supported: ['HS256'] };
  assert.match(await first(), /^failed Keys: It signs ID tokens in no way/);
  peer.lies.metadata = {};
  peer.lies.refusal = { status: 401, error: 'invalid_client' };
  assert.match(await first(), /^failed Client: It refuses the client \(invalid_client\)/);
  peer.lies.refusal = { status: 400, error: 'invalid_grant' };
  delete peer.lies.back;
  assert.match(await first(), /^warning Way back/);
  peer.lies.raw = { status: 404, body: 'SECRET' };
  assert.match(await first(), /^failed Discovery: .* has status 404/);
});

test('a provider at an address that is nobody’s business is not asked, and the test says so', async () => {
  await using own = await world();
  const guarded = createSignInProviders({
    fetch: createOutboundFetch({ rules: createOutboundRules({ allowed: [], trust: 'none' }) }),
    now: () => 0,
  });
  await assert.rejects(guarded.authorize(own.provider, own.flow), { code: 'upstream_unavailable' });
  for (const issuer of ['https://169.254.169.254', 'https://10.0.0.1', own.peer.issuer]) {
    const [step] = await guarded.check({ ...own.provider, issuer });
    assert.deepEqual([step?.name, step?.outcome], ['Discovery', 'failed'], issuer);
  }
});

test('a grant to a client (ID-JAG) is read only when all of it is said by this provider, for this hub and for a while', async () => {
  await using own = await world();
  const { peer, providers, provider } = own;
  const now = Math.floor(Date.now() / 1000);
  const hub = 'https://hub.test';
  const who = { iss: peer.issuer, aud: hub, sub: 'ada', client_id: 'assistant', jti: 'j1' };
  const honest = { ...who, resource: `${hub}/mcp`, iat: now, exp: now + 60 };
  const read = async (more: object = {}, header: object = {}, by: Signer = 'own') =>
    providers.grantIn(
      provider,
      await peer.sign({ ...honest, ...more }, { typ: 'oauth-id-jag+jwt', ...header }, by),
      hub,
    );
  assert.deepEqual(await read({ aud: [hub], resource: [`${hub}/mcp`], scope: 'mcp' }), {
    ...{ subject: 'ada', client: 'assistant', resource: `${hub}/mcp`, scope: 'mcp', id: 'j1' },
    staleAt: (now + 120) * 1000,
  });
  assert.equal((await read()).scope, null);
  const bad: readonly (readonly [object, object?, Signer?])[] = [
    [{}, { typ: 'JWT' }],
    [{}, {}, 'nobody'],
    [{}, {}, 'other'],
    [{}, {}, 'secret'],
    [{ aud: client.id }],
    [{ aud: [hub, 'https://elsewhere.example'] }],
    [{ resource: [`${hub}/mcp`, `${hub}/mcp/other`] }],
    [{ client_id: 7 }],
    [{ scope: ['mcp'] }],
    [{ iat: now - 3600, exp: now + 3600 }],
    ...['iss', 'sub', 'jti', 'exp', 'iat', 'client_id', 'resource'].map((name) => [{ [name]: undefined }] as const),
  ];
  for (const [claims, header, by] of bad) {
    await assert.rejects(read(claims, header, by), { code: 'invalid_request' }, JSON.stringify([claims, header, by]));
  }
  await peer[Symbol.asyncDispose]();
  const again = { ...provider, version: '2' };
  const grant = await peer.sign(honest, { typ: 'oauth-id-jag+jwt' });
  await assert.rejects(providers.grantIn(again, grant, hub), { code: 'upstream_unavailable' });
});
