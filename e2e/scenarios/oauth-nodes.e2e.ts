// Two hubs behind one address on one PostgreSQL: a sign-in of an AI client begins at one and ends at the other, what was given
// out by one is known to the other, and what is taken back or stolen at one ends at both.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Balancer, startBalancer } from '../actors/balancer.ts';
import { type OwnPostgres, startDebianPostgres } from '../actors/debian-postgres.ts';
import { eventually } from '../actors/eventually.ts';
import { createPerson, interactionIn } from '../actors/oauth-person.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';

const redirect = 'http://127.0.0.1:4100/callback';
const verifier = 'a-verifier-that-is-long-enough-for-the-rules-of-pkce-0123456789';

let postgres: OwnPostgres | null = null;
let balancer: Balancer;
let one: Hub;
let two: Hub;
/** The hubs as the world sees them. */
let hub: Hub;

before(async () => {
  postgres = await startDebianPostgres();
  if (postgres === null) return;
  balancer = await startBalancer();
  const env = {
    DATABASE_URL: postgres.url,
    MCPVAULT_MASTER_KEY: randomBytes(32).toString('base64'),
    MCPVAULT_PUBLIC_URL: balancer.url,
  };
  one = await startHub({ env });
  two = await startHub({ env });
  balancer.to = one.url;
  hub = { ...one, url: balancer.url };
});
after(async () => {
  await Promise.all([one?.[Symbol.asyncDispose](), two?.[Symbol.asyncDispose]()]);
  await balancer?.[Symbol.asyncDispose]();
  await postgres?.stop();
});

/** The next requests of the world reach this one. */
function at(which: Hub): void {
  balancer.to = which.url;
}

function post(path: string, form: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${balancer.url}/oauth/${path}`, { method: 'POST', body: new URLSearchParams(form) });
}

async function register(): Promise<string> {
  const answer = await fetch(`${balancer.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Editor', redirect_uris: [redirect] }),
  });
  assert.equal(answer.status, 201);
  return ((await answer.json()) as { client_id: string }).client_id;
}

interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
}

const redeem = (client: string, code: string) =>
  post('token', {
    ...{ grant_type: 'authorization_code', client_id: client, redirect_uri: redirect },
    ...{ code, code_verifier: verifier },
  });

const renew = (client: string, token: string) =>
  post('token', { grant_type: 'refresh_token', client_id: client, refresh_token: token });

/** A sign-in of which every step reaches the other hub than the one before. */
async function code(client: string): Promise<string> {
  const asked = {
    ...{ response_type: 'code', client_id: client, redirect_uri: redirect, scope: 'mcp', state: 's' },
    resource: `${balancer.url}/mcp`,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  const person = createPerson(hub);
  at(one);
  const visit = await person.open(`${balancer.url}/oauth/authorize?${new URLSearchParams(asked)}`);
  const interaction = interactionIn(visit) ?? assert.fail(`${visit.status}: ${visit.text}`);
  at(two);
  const { ticket } = await two.api<{ ticket: string }>('POST', `/api/v1/authorizations/${interaction}`, {
    allow: true,
  });
  at(one);
  const { to } = (await (await person.finish(interaction, ticket)).json()) as { to: string };
  at(two);
  const { location } = await person.follow(to);
  return location?.searchParams.get('code') ?? assert.fail('there is no code');
}

async function tokens(client: string): Promise<Tokens> {
  const given = await code(client);
  at(one);
  const answer = await redeem(client, given);
  assert.equal(answer.status, 200);
  return (await answer.json()) as Tokens;
}

async function statusAt(which: Hub, token: string): Promise<number> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const answer = await fetch(which.mcp(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function endsAtBoth(token: string, what: string): Promise<void> {
  for (const which of [one, two]) await eventually(async () => (await statusAt(which, token)) === 401, what);
}

const needsPostgres = (t: { skip(why: string): void }): boolean => {
  if (postgres === null) t.skip('the distribution’s PostgreSQL is not installed');
  return postgres === null;
};

test('a sign-in that goes back and forth between two hubs gives a token that both know', async (t) => {
  if (needsPostgres(t)) return;
  const { access_token: token } = await tokens(await register());
  for (const which of [one, two]) assert.equal(await statusAt(which, token), 200);
});

test('a code that was used at one hub is worth nothing at the other, and trying it ends what the first use gave', async (t) => {
  if (needsPostgres(t)) return;
  const client = await register();
  const given = await code(client);
  at(one);
  const { access_token: token } = (await (await redeem(client, given)).json()) as Tokens;
  assert.equal(await statusAt(two, token), 200);
  at(two);
  assert.equal((await redeem(client, given)).status, 400);
  await endsAtBoth(token, 'what the code gave to end');
});

test('a refresh token rotates from hub to hub, and one that is used again at the other ends the whole family', async (t) => {
  if (needsPostgres(t)) return;
  const client = await register();
  const first = await tokens(client);
  let current = first;
  for (const which of [two, one, two]) {
    at(which);
    const answer = await renew(client, current.refresh_token);
    assert.equal(answer.status, 200);
    current = (await answer.json()) as Tokens;
  }
  for (const which of [one, two]) assert.equal(await statusAt(which, current.access_token), 200);
  at(one);
  assert.equal((await renew(client, first.refresh_token)).status, 400);
  await endsAtBoth(current.access_token, 'the family to end');
  at(two);
  assert.equal((await renew(client, current.refresh_token)).status, 400);
});

test('a refresh token that is used at both hubs at the same moment leaves nobody with tokens that work', async (t) => {
  if (needsPostgres(t)) return;
  const client = await register();
  const { refresh_token: token } = await tokens(client);
  const form = { grant_type: 'refresh_token', client_id: client, refresh_token: token };
  const answers = await Promise.all(
    [one, two].map((which) => fetch(`${which.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })),
  );
  const given = (await Promise.all(answers.map((answer) => answer.json()))) as Partial<Tokens>[];
  assert.ok(given.filter((each) => each.access_token !== undefined).length <= 1);
  for (const each of given) {
    if (each.access_token !== undefined) await endsAtBoth(each.access_token, 'the winner’s token to end');
    if (each.refresh_token !== undefined) assert.equal((await renew(client, each.refresh_token)).status, 400);
  }
});

test('what the client gives back at one hub, and what the member takes back at one, ends at both', async (t) => {
  if (needsPostgres(t)) return;
  const client = await register();
  const revoked = await tokens(client);
  for (const which of [one, two]) assert.equal(await statusAt(which, revoked.access_token), 200);
  at(two);
  assert.equal((await post('revoke', { client_id: client, token: revoked.refresh_token })).status, 200);
  await endsAtBoth(revoked.access_token, 'the revoked token to end');

  const disconnected = await tokens(client);
  for (const which of [one, two]) assert.equal(await statusAt(which, disconnected.access_token), 200);
  const { items } = await one.api<{ items: { id: string; client: string }[] }>('GET', '/api/v1/connected-clients');
  const listed = items.find((each) => each.client === client) ?? assert.fail('it is not listed');
  await one.api('DELETE', `/api/v1/connected-clients/${listed.id}`);
  assert.equal(await statusAt(one, disconnected.access_token), 401);
  await endsAtBoth(disconnected.access_token, 'the disconnected client to end');
  at(two);
  assert.equal((await renew(client, disconnected.refresh_token)).status, 400);
});

test('a device that begins at one hub is let in at the other', async (t) => {
  if (needsPostgres(t)) return;
  at(one);
  const begun = (await (
    await post('device', { client_id: 'mcpvault-cli', scope: 'sign-in', resource: `${balancer.url}/api` })
  ).json()) as { device_code: string; user_code: string };
  await two.api('POST', `/api/v1/devices/${begun.user_code}`, { allow: true });
  const form = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code: begun.device_code };
  const answer = await post('token', { ...form, client_id: 'mcpvault-cli' });
  assert.equal(answer.status, 200);
  const { access_token: token } = (await answer.json()) as Tokens;
  const signIn = await two.api<{ accessToken: string }>('POST', '/api/v1/auth/exchange', { token }, null);
  await assert.rejects(one.api('POST', '/api/v1/auth/exchange', { token }, null), /401/);
  assert.ok(await one.api('GET', '/api/v1/me', undefined, signIn.accessToken));
});
