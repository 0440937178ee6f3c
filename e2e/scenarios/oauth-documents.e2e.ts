// Clients that are known by a document at an address of their maker (client ID metadata documents): a real HTTPS server on
// this machine, the official SDK as the client, and what is tried with such documents.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type DocumentServer, type ServedDocument, startDocumentServer } from '../actors/document-server.ts';
import { eventually } from '../actors/eventually.ts';
import { signInV1, signInV2 } from '../actors/oauth-clients.ts';
import { createPerson, interactionIn, type Visit } from '../actors/oauth-person.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';

const redirect = 'http://127.0.0.1:8976/callback';
const verifier = 'a-verifier-that-is-long-enough-for-the-rules-of-pkce-0123456789';

let documents: DocumentServer;
let hub: Hub;
before(async () => {
  documents = await startDocumentServer();
  hub = await startHub({
    example: true,
    env: {
      NODE_EXTRA_CA_CERTS: documents.certificate,
      // By its name only: by its address the same server is a place of this machine.
      MCPVAULT_PRIVATE_NETWORKS: 'localhost',
      MCPVAULT_OAUTH_CLIENT_HOSTS: 'localhost,127.0.0.1',
    },
  });
});
after(async () => {
  await hub?.[Symbol.asyncDispose]();
  await documents?.[Symbol.asyncDispose]();
});

/** Puts a good document there, changed as given, and answers with its address: the client's id. */
function publish(path: string, change: object = {}, more: Partial<ServedDocument> = {}): string {
  const id = documents.url + path;
  const good = {
    client_id: id,
    client_name: 'Editor of documents',
    client_uri: documents.url,
    redirect_uris: [redirect],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  documents.put(path, { body: { ...good, ...change }, ...more });
  return id;
}

function open(client: string, to: string = redirect): Promise<Visit> {
  const asked = {
    response_type: 'code',
    client_id: client,
    redirect_uri: to,
    scope: 'mcp',
    state: 's',
    resource: hub.mcp(),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  };
  return createPerson(hub).open(`${hub.url}/oauth/authorize?${new URLSearchParams(asked)}`);
}

const isAsked = (visit: Visit): boolean => interactionIn(visit) !== null;

for (const [line, signIn] of [
  ['1.x', signInV1],
  ['2.x', signInV2],
] as const)
  test(`the SDK ${line} signs in with nothing but its document, which is fetched once and shown as verified`, async () => {
    const path = `/editor-${line}.json`;
    const id = publish(path, {}, { headers: { 'cache-control': 'public, max-age=3600' } });
    const person = createPerson(hub);
    let shown: unknown;
    const watched = {
      ...person,
      async visit(to: string | URL) {
        const opened = await person.open(to);
        const interaction = interactionIn(opened) ?? assert.fail(opened.text);
        const { client } = await person.asked(interaction);
        shown = client;
        const { ticket } = await person.decide(interaction);
        const { to: back } = (await (await person.finish(interaction, ticket)).json()) as { to: string };
        return person.follow(back);
      },
    };
    const { client, kept, close } = await signIn(hub.mcp(), watched, { document: id });
    assert.deepEqual(shown, { id, name: 'Editor of documents', knownBy: 'host', host: new URL(id).host });
    assert.equal(kept.client?.['client_id'], id);
    const called = await client.callTool({ name: 'everything__echo', arguments: { message: 'known' } });
    assert.match(JSON.stringify(called), /known/);
    await close();
    const form = { grant_type: 'refresh_token', client_id: id, refresh_token: String(kept.tokens?.['refresh_token']) };
    const renewed = await fetch(`${hub.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) });
    assert.equal(renewed.status, 200);
    assert.equal(documents.asked(path), 1);
  });

test('what its maker changes is noticed: an address that was taken out is not sent to any more, a new one is', async () => {
  const brief = { headers: { 'cache-control': 'max-age=1' } };
  const id = publish('/moving.json', {}, brief);
  assert.ok(isAsked(await open(id)));
  const moved = 'http://127.0.0.1:8976/elsewhere';
  publish('/moving.json', { redirect_uris: [moved], client_name: 'Moved' }, brief);
  await eventually(async () => isAsked(await seldom(() => open(id, moved))), 'the new document');
  const old = await open(id);
  assert.deepEqual([old.status, old.location], [400, null]);
  assert.match(old.text, /invalid_redirect_uri/);
});

test('a client whose document is gone is let in no more', async () => {
  const id = publish('/leaving.json', {}, { headers: { 'cache-control': 'no-store' } });
  assert.ok(isAsked(await open(id)));
  documents.put('/leaving.json', null);
  await eventually(async () => (await seldom(() => open(id))).status === 400, 'the document to be forgotten');
});

test('an address that is not in the document is never sent to', async () => {
  const id = publish('/plain.json');
  for (const to of ['https://thief.example/callback', 'http://127.0.0.1:8976/other', `${redirect}?more=1`]) {
    const { status, location } = await open(id, to);
    assert.deepEqual([status, location], [400, null], to);
  }
});

/** Each try begins a sign-in, and of those there may be so many a minute. */
async function seldom<Result>(ask: () => Promise<Result>): Promise<Result> {
  await pause(250);
  return ask();
}

const bad: Readonly<Record<string, (path: string) => string>> = {
  'that names another client': (path) => publish(path, { client_id: 'https://somebody.example/client.json' }),
  'that names itself by another spelling': (path) => publish(path, { client_id: documents.url + path.toUpperCase() }),
  'with a secret in it': (path) => publish(path, { client_secret: 'known to everybody' }),
  'with a script for an address': (path) => publish(path, { redirect_uris: ['javascript:alert(1)'] }),
  'that is larger than a description is': (path) =>
    publish(path, { tos_uri: `https://x.example/${'x'.repeat(20_000)}` }),
  'that never ends': (path) => publish(path, { padding: 'x'.repeat(2_000_000) }),
  'that is no JSON': (path) => publish(path, {}, { body: '<html>' }),
  'that is a list': (path) => publish(path, {}, { body: [] }),
  'that lies somewhere else': (path) => {
    publish(`${path}.real`);
    return publish(path, {}, { status: 302, headers: { location: `${documents.url}${path}.real` } });
  },
};

for (const [name, make] of Object.entries(bad))
  test(`a document ${name} lets nobody in`, async () => {
    const { status, location } = await open(make(`/bad/${name.replaceAll(' ', '-')}.json`));
    assert.deepEqual([status, location], [400, null]);
  });

test('SSRF: the same server is not asked by its address, nor any host that is not trusted', async () => {
  const id = publish('/address.json');
  for (const client of [
    id.replace('localhost', '127.0.0.1'),
    id.replace('localhost', '2130706433'),
    'https://clients.example/address.json',
    'https://[::1]/address.json',
  ]) {
    const { status, location, text } = await open(client);
    assert.deepEqual([status, location], [400, null], client);
    assert.match(text, /invalid_client/);
    assert.doesNotMatch(text, /127\.0\.0\.1|ECONN|certificate/);
  }
  assert.equal(documents.asked('/address.json'), 0);
});
