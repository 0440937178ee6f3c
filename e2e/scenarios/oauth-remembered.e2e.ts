// What a member said about an AI client is not asked twice where nobody else can get the answer, and can be taken back: over
// the API, on the command line, and with it everything the client holds.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { createPerson, interactionIn, type Person } from '../actors/oauth-person.ts';
import { admin, type Hub, startHub } from '../actors/start-hub.ts';

const web = 'https://app.example/callback';
const local = 'http://127.0.0.1:4100/callback';
const verifier = 'a-verifier-that-is-long-enough-for-the-rules-of-pkce-0123456789';

let hub: Hub;
let ada: CommandLine;
let client: string;

before(async () => {
  hub = await startHub();
  client = await register('App of the web');
  ada = await commandLine(hub.url);
  const { code, err } = await ada.run(['login', '--email', admin.email, '--password-stdin'], { input: admin.password });
  assert.equal(code, 0, err);
});
after(async () => {
  await ada?.[Symbol.asyncDispose]();
  await hub?.[Symbol.asyncDispose]();
});

async function register(name: string): Promise<string> {
  const answer = await fetch(`${hub.url}/oauth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: name, redirect_uris: [web, local] }),
  });
  assert.equal(answer.status, 201);
  return ((await answer.json()) as { client_id: string }).client_id;
}

function address(change: Readonly<Record<string, string>> = {}): string {
  const asked = {
    response_type: 'code',
    client_id: client,
    redirect_uri: web,
    scope: 'mcp',
    state: 's',
    resource: hub.mcp(),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  };
  return `${hub.url}/oauth/authorize?${new URLSearchParams(asked)}`;
}

async function begin(person: Person, change: Readonly<Record<string, string>> = {}): Promise<string> {
  const visit = await person.open(address(change));
  return interactionIn(visit) ?? assert.fail(`${visit.status}: ${visit.text}`);
}

/** Where the browser is sent once the member has answered. */
async function answer(person: Person, interaction: string, body: object): Promise<URL> {
  const path = `/api/v1/authorizations/${interaction}`;
  const { ticket } = await hub.api<{ ticket: string }>('POST', path, body);
  const { to } = (await (await person.finish(interaction, ticket)).json()) as { to: string };
  return (await person.follow(to)).location ?? assert.fail('nobody was sent anywhere');
}

async function tokenFor(back: URL, redirect = web): Promise<string> {
  const form = { grant_type: 'authorization_code', client_id: client, redirect_uri: redirect, code_verifier: verifier };
  const body = new URLSearchParams({ ...form, code: back.searchParams.get('code') ?? '' });
  const answered = await fetch(`${hub.url}/oauth/token`, { method: 'POST', body });
  assert.equal(answered.status, 200);
  return ((await answered.json()) as { access_token: string }).access_token;
}

async function statusOf(token: string): Promise<number> {
  const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } };
  const answered = await fetch(hub.mcp(), {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
  });
  await answered.arrayBuffer();
  return answered.status;
}

interface Listed {
  readonly items: readonly { id: string; name: string; client: string; expiresAt: string }[];
}

const listed = () => ada.json<Listed>(['clients', 'list']);

test('the first time the member is asked; the second time it is enough to repeat what they said, and it lasts no longer', async () => {
  const person = createPerson(hub);
  const first = await begin(person);
  assert.deepEqual(remembered(await person.asked(first)), [false, false]);
  await assert.rejects(answer(person, first, { allow: true, asBefore: true }), /409/);
  assert.equal(await statusOf(await tokenFor(await answer(person, first, { allow: true }))), 200);

  const second = await begin(person);
  assert.deepEqual(remembered(await person.asked(second)), [true, true]);
  assert.equal(await statusOf(await tokenFor(await answer(person, second, { allow: true, asBefore: true }))), 200);
  const ends = new Set((await listed()).items.map(({ expiresAt }) => expiresAt));
  assert.equal(ends.size, 1);
  const { items } = await hub.api<{ items: { detail: Record<string, unknown> }[] }>(
    'GET',
    '/api/v1/audit?action=authorizations.decide',
  );
  assert.deepEqual(
    items.map(({ detail }) => detail['asBefore'] ?? false),
    [true, false],
  );
});

test('whoever wants the member to be asked (prompt=consent), or asks for something else, is asked about again', async () => {
  const others: readonly Readonly<Record<string, string>>[] = [
    { prompt: 'consent' },
    { scope: 'mcp mcp:read' },
    { resource: hub.mcp('somewhere') },
  ];
  for (const change of others) {
    const person = createPerson(hub);
    const interaction = await begin(person, change);
    assert.equal((await person.asked(interaction)).isRemembered, false, JSON.stringify(change));
    await assert.rejects(answer(person, interaction, { allow: true, asBefore: true }), /409/);
  }
});

test('at an address of the computer, where anybody can wait, the member is asked each time', async () => {
  const person = createPerson(hub);
  const interaction = await begin(person, { redirect_uri: local });
  assert.deepEqual(remembered(await person.asked(interaction)), [true, false]);
  await assert.rejects(answer(person, interaction, { allow: true, asBefore: true }), /409/);
});

test('what one member said counts for no other', async () => {
  const [email, password] = ['eve@example.com', 'a password that is long enough'];
  await hub.api('POST', '/api/v1/members', { email, name: 'Eve', password });
  const { accessToken } = await hub.signIn(email, password);
  const person = createPerson(hub, accessToken);
  assert.deepEqual(remembered(await person.asked(await begin(person))), [false, false]);
});

test('a client that is let in no more, on the command line, loses its tokens and is asked about again', async () => {
  const person = createPerson(hub);
  const token = await tokenFor(await answer(person, await begin(person), { allow: true, asBefore: true }));
  assert.equal(await statusOf(token), 200);
  assert.match((await ada.run(['clients', 'list'])).out, /App of the web/);
  const [one] = (await listed()).items;
  assert.ok(one !== undefined);
  assert.equal((await ada.run(['clients', 'revoke', one.id])).code, 0);
  assert.equal(await statusOf(token), 401);
  assert.deepEqual((await listed()).items, []);
  assert.deepEqual(remembered(await person.asked(await begin(person))), [false, false]);
  assert.equal((await ada.run(['clients', 'revoke', one.id])).code, 1);
  assert.equal((await ada.run(['clients', 'revoke', 'not-an-id'])).code, 2);
});

function remembered(asked: { readonly wasAllowed: boolean; readonly isRemembered: boolean }): readonly boolean[] {
  return [asked.wasAllowed, asked.isRemembered];
}
