// Devices without a browser: they show a code, and their member lets them in somewhere else (RFC 8628).
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { eventually } from '../actors/eventually.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';

const deviceCode = 'urn:ietf:params:oauth:grant-type:device_code';

let hub: Hub;
before(async () => {
  hub = await startHub({ example: true });
});
after(() => hub[Symbol.asyncDispose]());

interface Begun {
  readonly device_code: string;
  readonly user_code: string;
  readonly verification_uri: string;
}

interface Answer {
  readonly status: number;
  readonly json: Readonly<Record<string, unknown>>;
}

async function post(path: string, body: Readonly<Record<string, string>>): Promise<Answer> {
  const response = await fetch(`${hub.url}${path}`, { method: 'POST', body: new URLSearchParams(body) });
  return { status: response.status, json: (await response.json()) as Answer['json'] };
}

async function register(): Promise<string> {
  const response = await fetch(`${hub.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'A lamp', grant_types: [deviceCode, 'refresh_token'] }),
  });
  assert.equal(response.status, 201);
  return ((await response.json()) as { client_id: string }).client_id;
}

async function begin(client: string): Promise<Begun> {
  const { status, json } = await post('/oauth/device', { client_id: client, scope: 'mcp', resource: hub.mcp() });
  assert.equal(status, 200, JSON.stringify(json));
  return json as unknown as Begun;
}

const ask = (client: string, { device_code }: Begun): Promise<Answer> =>
  post('/oauth/token', { grant_type: deviceCode, client_id: client, device_code });

/** What the device is told once its member has decided. */
async function answered(client: string, begun: Begun): Promise<Answer> {
  const answers: Answer[] = [];
  const decided = async (): Promise<boolean> => {
    answers.push(await ask(client, begun));
    const error = answers.at(-1)?.json['error'];
    return error !== 'authorization_pending' && error !== 'slow_down';
  };
  await eventually(decided, 'the decision');
  return answers.at(-1) ?? assert.fail('nothing was answered');
}

async function statusAt(url: string, token: string): Promise<number> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'lamp', version: '1' } };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  await response.arrayBuffer();
  return response.status;
}

test('a device waits until its member lets it in elsewhere, and then speaks for them', async () => {
  const client = await register();
  const begun = await begin(client);
  assert.equal(begun.verification_uri, `${hub.url}/device`);
  assert.equal((await ask(client, begun)).json['error'], 'authorization_pending');

  const shown = await hub.api<{ client: { name: string; knownBy: string } }>(
    'GET',
    `/api/v1/devices/${begun.user_code}`,
  );
  assert.deepEqual([shown.client.name, shown.client.knownBy], ['A lamp', 'claim']);
  await hub.api('POST', `/api/v1/devices/${begun.user_code}`, { allow: true });

  const { status, json } = await answered(client, begun);
  assert.equal(status, 200, JSON.stringify(json));
  assert.equal(await statusAt(hub.mcp(), String(json['access_token'])), 200);
  // A code is good once.
  assert.equal((await ask(client, begun)).json['error'], 'invalid_grant');
  await assert.rejects(hub.api('GET', `/api/v1/devices/${begun.user_code}`), /404/);
});

test('a device that its member sends away is told so', async () => {
  const client = await register();
  const begun = await begin(client);
  await hub.api('POST', `/api/v1/devices/${begun.user_code}`, { allow: false });
  assert.equal((await answered(client, begun)).json['error'], 'access_denied');
});

test('a code of one device is of no use to another', async () => {
  const [one, other] = [await register(), await register()];
  const begun = await begin(one);
  await hub.api('POST', `/api/v1/devices/${begun.user_code}`, { allow: true });
  assert.equal((await answered(other, begun)).json['error'], 'invalid_grant');
});

interface Stored {
  readonly hubs: Record<string, { accessToken: string; refreshToken: string; accessExpiresAt: number; email: string }>;
}

/** A command line that waits to be let in, and the code it shows. */
async function waiting(line: CommandLine, ...more: readonly string[]) {
  const login = line.start(['login', '--device', '--no-browser', '--json', ...more]);
  const shown = () => /"code":"([^"]+)"/.exec(login.err())?.[1];
  await eventually(() => Promise.resolve(shown() !== undefined), 'a code');
  return { login, code: shown() ?? assert.fail('there is no code') };
}

test('the command line signs in through a browser elsewhere, renews by itself, and signs out', async () => {
  await using line = await commandLine(hub.url);
  const { login, code } = await waiting(line);
  assert.ok(login.err().includes(`${hub.url}/device?user_code=${code}`), login.err());
  const shown = await hub.api<{ client: { knownBy: string }; isSignIn: boolean }>('GET', `/api/v1/devices/${code}`);
  assert.deepEqual([shown.client.knownBy, shown.isSignIn], ['own', true]);
  await hub.api('POST', `/api/v1/devices/${code}`, { allow: true });
  assert.equal(await login.ended(), 0, login.err());
  assert.equal((await stat(line.credentials)).mode & 0o777, 0o600);

  const stored = async () => JSON.parse(await readFile(line.credentials, 'utf8')) as Stored;
  const before = await stored();
  const own = before.hubs[hub.url] ?? assert.fail('nothing was kept');
  assert.equal(own.email, 'admin@example.com');
  for (const secret of [own.accessToken, own.refreshToken]) assert.ok(!line.everything().includes(secret));
  // As if its time had come.
  await writeFile(line.credentials, JSON.stringify({ ...before, hubs: { [hub.url]: { ...own, accessExpiresAt: 0 } } }));
  const me = await line.json<{ member: { email: string }; by: string }>(['whoami']);
  assert.deepEqual([me.member.email, me.by], ['admin@example.com', 'sign-in']);
  assert.notEqual((await stored()).hubs[hub.url]?.refreshToken, own.refreshToken);

  // What the browser let in was for signing in only, and is over with it.
  const clients = await hub.api<{ items: { client: string }[] }>('GET', '/api/v1/connected-clients');
  assert.ok(clients.items.every(({ client }) => client !== 'mcpvault-cli'));
  const { items } = await hub.api<{ items: { method: string }[] }>('GET', '/api/v1/sign-ins');
  assert.ok(items.some(({ method }) => method === 'device'));
  assert.equal((await line.run(['logout'])).code, 0);
  assert.equal((await line.run(['whoami'])).code, 3);
  const left = await hub.api<{ items: { method: string }[] }>('GET', '/api/v1/sign-ins');
  assert.ok(left.items.every(({ method }) => method !== 'device'));
});

test('a command line that its member sends away ends with 3, and keeps nothing', async () => {
  await using line = await commandLine(hub.url);
  const { login, code } = await waiting(line);
  await hub.api('POST', `/api/v1/devices/${code}`, { allow: false });
  assert.equal(await login.ended(), 3);
  assert.match(login.err(), /"code":"access_denied"/);
  assert.equal((await line.run(['whoami'])).code, 3);
});
