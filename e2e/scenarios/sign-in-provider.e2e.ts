// Signing in with the account at an identity provider, without a browser: what the provider says is believed only whole.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type EnterpriseProvider, startEnterpriseProvider } from '../actors/enterprise-provider.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const password = 'a password that is long enough';

let hub: Hub;
let company: EnterpriseProvider;
let path: string;

before(async () => {
  hub = await startHub({ env: { MCPVAULT_PRIVATE_NETWORKS: '127.0.0.0/8' } });
  company = await startEnterpriseProvider({ audience: hub.url, resource: hub.mcp() });
  const { id: clientId, secret: clientSecret } = company.client;
  const who = { name: 'Company', issuer: company.issuer, clientId, clientSecret };
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/identity-providers', {
    ...who,
    domains: ['example.com'],
  });
  path = `/api/v1/auth/providers/${id}`;
  await hub.api('POST', '/api/v1/members', { email: 'ada@example.com', name: 'Ada', password });
});
after(async () => {
  await hub?.[Symbol.asyncDispose]();
  await company?.[Symbol.asyncDispose]();
});

interface Begun {
  readonly url: string;
  readonly flow: string;
}

interface Begins {
  readonly flow: string;
  /** The query that the browser comes back with. */
  readonly parameters: string;
}

async function begin(): Promise<Begins> {
  const { url, flow } = await hub.api<Begun>('POST', `${path}/start`, {}, null);
  const sent = await fetch(url, { redirect: 'manual' });
  return { flow, parameters: new URL(sent.headers.get('location') ?? '').search.slice(1) };
}

const finish = (begun: Begins) => hub.api<{ accessToken: string }>('POST', `${path}/finish`, begun, null);

async function emailOf(accessToken: string): Promise<string> {
  return (await hub.api<{ member: { email: string } }>('GET', '/api/v1/me', undefined, accessToken)).member.email;
}

test('a member signs in with a password, or with who they are at the identity provider, and is the same person', async () => {
  verifies('MV-README-073', 'CP-039');
  const byPassword = await hub.signIn('ada@example.com', password);
  assert.equal(await emailOf(byPassword.accessToken), 'ada@example.com');
  const begun = await hub.api<Begun>('POST', `${path}/start`, {}, null);
  const asked = new URL(begun.url).searchParams;
  assert.deepEqual([asked.get('response_type'), asked.get('code_challenge_method')], ['code', 'S256']);
  const { accessToken } = await finish(await begin());
  assert.equal(await emailOf(accessToken), 'ada@example.com');
});

const lies: Readonly<Record<string, EnterpriseProvider['lies']>> = {
  'of another issuer': { claims: { iss: 'https://id.elsewhere.example' } },
  'for another audience': { claims: { aud: 'another-client' } },
  'with the nonce of another sign-in': { claims: { nonce: 'of-another-sign-in' } },
  'without a nonce': { claims: { nonce: undefined } },
  'that has expired': { claims: { iat: 1, exp: 2 } },
  'about nobody': { claims: { sub: undefined } },
  'signed by somebody else': { how: { byStranger: true } },
  'without a signature (alg none)': { how: { unsigned: true } },
};

test('what is said of a person by anybody else, for anybody else, or at another time lets nobody in', async () => {
  verifies('MV-README-074');
  for (const [name, lie] of Object.entries(lies)) {
    company.lies = lie;
    await assert.rejects(begin().then(finish), /answered (4|5)\d\d/, `an ID token ${name}`);
  }
  company.lies = {};
  assert.ok((await finish(await begin())).accessToken);
});

test('a sign-in is finished once, with its own answer, and only by whoever began it', async () => {
  const [one, other] = [await begin(), await begin()];
  await assert.rejects(finish({ ...one, parameters: other.parameters }), /answered (4|5)\d\d/);
  await assert.rejects(finish({ ...other, flow: 'mcpl_of_somebody_else' }), /answered 401/);
  const third = await begin();
  assert.ok((await finish(third)).accessToken);
  await assert.rejects(finish(third), /answered 401/);
});

test('somebody who is not known here is not let in, however well the provider knows them', async () => {
  company.person = 'mallory';
  await assert.rejects(begin().then(finish), /answered 403/);
  company.person = 'ada';
});
