// The door of the hub itself: passwords that are guessed, second factors that are demanded, tokens that were changed or have
// ended, and what of it is written down.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { TOTP } from 'otpauth';
import { eventually } from '../actors/eventually.ts';
import { ApiError, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const password = 'a password that is long enough';

let hub: Hub;
before(async () => {
  hub = await startHub();
});
after(() => hub?.[Symbol.asyncDispose]());

async function newMember(name: string): Promise<{ readonly id: string; readonly email: string }> {
  const email = `${name}@example.com`;
  const { id } = await hub.api<{ id: string }>('POST', '/api/v1/members', { email, name, password });
  return { id, email };
}

/** 200, or the status of the refusal; and its code. */
async function outcome(work: Promise<unknown>): Promise<readonly [number, string | null]> {
  try {
    await work;
    return [200, null];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [error.status, (error.body as { code?: string } | null)?.code ?? null];
  }
}

const login = (email: string, more: object) =>
  hub.api<{ accessToken: string }>('POST', '/api/v1/auth/login', { email, ...more }, null);

/** Without a session, as the endpoints of AI clients are asked. */
async function statusAtMcp(token: string): Promise<number> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const answer = await fetch(hub.mcp(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

test('whoever guesses a password waits, also with the right one, until the wait is over; others do not', async () => {
  verifies('MV-README-032');
  const [eve, ada] = [await newMember('eve'), await newMember('ada')];
  const guesses: (readonly [number, string | null])[] = [];
  for (let n = 0; n < 7; n++) guesses.push(await outcome(login(eve.email, { password: `guess number ${n}` })));
  assert.deepEqual(guesses[0], [401, 'invalid_credentials']);
  assert.deepEqual(guesses.at(-1), [429, 'too_many_attempts']);
  assert.deepEqual(await outcome(login(eve.email, { password })), [429, 'too_many_attempts']);
  assert.deepEqual(await outcome(login(ada.email, { password })), [200, null]);
  const getsIn = async () => (await outcome(login(eve.email, { password })))[0] === 200;
  await eventually(getsIn, 'the wait to be over');
});

test('a token that was changed, that has ended or was taken back opens nothing, and a good one what its member may', async () => {
  verifies('MV-README-078');
  const { email } = await newMember('dora');
  const { accessToken } = await login(email, { password });
  const make = (more: object = {}) =>
    hub.api<{ id: string; token: string }>('POST', '/api/v1/tokens', { name: 'e2e', ...more }, accessToken);
  const good = await make();
  assert.equal(await statusAtMcp(good.token), 200);
  const invite = { email: 'friend@example.com', name: 'Friend', password };
  assert.deepEqual(await outcome(hub.api('POST', '/api/v1/members', invite, accessToken)), [403, 'forbidden']);

  for (const changed of [`${good.token}x`, good.token.slice(0, -1), other(good.token), good.token.toUpperCase(), 'x']) {
    assert.equal(await statusAtMcp(changed), 401);
  }
  for (const changed of [other(accessToken), `${accessToken}x`]) {
    assert.deepEqual(await outcome(hub.api('GET', '/api/v1/me', undefined, changed)), [401, 'unauthenticated']);
  }
  const brief = await make({ expiresAt: new Date(Date.now() + 5_000).toISOString() });
  await eventually(async () => (await statusAtMcp(brief.token)) === 401, 'the end of the token');
  await hub.api('DELETE', `/api/v1/tokens/${good.id}`, undefined, accessToken);
  assert.equal(await statusAtMcp(good.token), 401);
});

/** The same but for its last character. */
function other(token: string): string {
  return token.slice(0, -1) + (token.endsWith('a') ? 'b' : 'a');
}

/** Sets an authenticator up; answers with its codes, so many periods ahead. The admin's, where no token is given. */
async function enrol(accessToken?: string): Promise<(ahead: number) => string> {
  const path = '/api/v1/me/second-factor';
  const { secret } = await hub.api<{ secret: string }>('POST', path, {}, accessToken);
  const code = (ahead: number) => new TOTP({ secret }).generate({ timestamp: Date.now() + ahead * 30_000 });
  await hub.api('POST', `${path}/confirm`, { code: code(0) }, accessToken);
  return code;
}

test('where a second factor is demanded, whoever has none can set one up and do nothing else, and then needs it', async () => {
  verifies('MV-README-058', 'MV-README-032');
  const { email } = await newMember('grace');
  const demand = { requireSecondFactor: true };
  const demanded = () => outcome(hub.api('PUT', '/api/v1/organization/security', demand));
  assert.deepEqual(await demanded(), [409, 'conflict'], 'nobody locks themselves out');
  await enrol();
  assert.deepEqual(await demanded(), [200, null]);
  const { accessToken } = await login(email, { password });
  const as = <Body>(method: string, path: string, body?: unknown) => hub.api<Body>(method, path, body, accessToken);
  const closed: readonly (readonly [string, string, unknown?])[] = [
    ['GET', '/api/v1/mcp/servers'],
    ['GET', '/api/v1/tokens'],
    ['POST', '/api/v1/tokens', { name: 'a way around' }],
    ['GET', '/api/v1/connected-clients'],
  ];
  for (const [method, path, body] of closed) {
    assert.deepEqual(await outcome(as(method, path, body)), [403, 'forbidden'], `${method} ${path}`);
  }
  const code = await enrol(accessToken);
  for (const [method, path] of closed.slice(0, 2)) assert.deepEqual(await outcome(as(method, path)), [200, null]);

  assert.deepEqual(await outcome(login(email, { password })), [401, 'second_factor_required']);
  assert.equal((await outcome(login(email, { password, code: '000000' })))[0], 401);
  const next = code(1);
  // The code of the next period is taken early; the one that confirmed was used already.
  assert.deepEqual(await outcome(login(email, { password, code: next })), [200, null]);
  assert.equal((await outcome(login(email, { password, code: next })))[0], 401, 'a code is good once');
});
