// Sign-ins at servers over a real database, with a server and an authorization server that really answer.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { Credential } from '@mcpvault/gateway/ports';
import type { Challenge } from '@mcpvault/gateway/upstream/authorization/challenge';
import { createOutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import { createOutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import type { Actor } from '../actor.ts';
import { quiet } from '../testing/quiet.ts';
import { type SignInServer, startSignInServer } from '../testing/sign-in-server.ts';
import { createTestHub, type TestHub } from '../testing/test-hub.ts';
import { type Connections, createConnections } from './connections.ts';

type Admin = Awaited<ReturnType<TestHub['addMember']>>;

let hub: TestHub;
let peer: SignInServer;
let connections: Connections;
let admin: Admin;
let member: Admin;
const changed: string[] = [];
const ends: (() => void)[] = [];

before(async () => {
  hub = await createTestHub();
});

after(() => hub.stop());

beforeEach(async () => {
  peer = await startSignInServer();
  connections = connectionsOf(hub);
  const organization = await hub.addOrganization();
  admin = await hub.addMember(organization, 'admin');
  member = await hub.addMember(organization, 'member');
  changed.length = 0;
});

afterEach(() => {
  peer.stop();
  for (const end of ends.splice(0)) end();
});

/** As a hub on this database has them. */
function connectionsOf({ stores, keyring, changes, ambient }: TestHub): Connections {
  const rules = createOutboundRules({ allowed: ['127.0.0.0/8'], trust: 'none' });
  const fetch = createOutboundFetch({ rules });
  const made = createConnections({
    stores,
    sealer: keyring,
    changes,
    fetchNear: () => fetch,
    clock: ambient.clock,
    log: quiet,
    url: 'http://hub.test',
    onChanged: (_organization, server, of) => void changed.push(`${server} ${of}`),
  });
  ends.push(changes.subscribe(made));
  return made;
}

async function addServer(auth: object = { mode: 'per-member' }, name = 'guarded'): Promise<ServerEntry> {
  const transport = { type: 'streamable-http', url: peer.url, auth } as const;
  const { id } = await hub.execute('createServer', { name, transport: transport as never }, admin);
  const subject = { type: 'member', id: member.id } as const;
  await hub.execute('createGrant', { subject, server: id }, admin);
  return entryOf(id);
}

function entryOf(id: string): ServerEntry {
  const known = hub.catalog.servers(admin.caller?.organization ?? 'org_').find(({ entry }) => entry.id === id);
  return known?.entry ?? assert.fail('the server is not in the catalogue');
}

async function signIn(actor: Actor, server = 'guarded'): Promise<void> {
  const { url } = await hub.execute('beginConnection', { id: server }, actor);
  await hub.execute('finishConnection', { answer: peer.visit(url ?? '') }, actor);
}

function credential(entry: ServerEntry, { caller }: Actor, of = connections): Credential {
  return of.of(entry, caller ?? assert.fail('nobody is signed in'));
}

async function headerOf(entry: ServerEntry, actor: Actor, of = connections): Promise<string> {
  const found = credential(entry, actor, of);
  await found.ready();
  return found.value();
}

function notConnected(text: RegExp): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof Failure, String(error));
    assert.equal(error.code, 'not_connected');
    assert.match(error.message, text);
    return true;
  };
}

test('a member signs in with PKCE, state and resource, and their token is used', async () => {
  const entry = await addServer();
  const { url } = await hub.execute('beginConnection', { id: 'guarded' }, member);
  const asked = new URL(url ?? '').searchParams;
  assert.equal(asked.get('code_challenge_method'), 'S256');
  assert.equal(asked.get('resource'), peer.url);
  assert.equal(asked.get('scope'), 'tools');
  assert.equal(asked.get('redirect_uri'), 'http://hub.test/connections/callback');
  const shown = await hub.execute('finishConnection', { answer: peer.visit(url ?? '') }, member);
  assert.equal(shown.state, 'connected');
  assert.equal(peer.asked.at(-1)?.get('resource'), peer.url);
  assert.equal(await headerOf(entry, member), 'Bearer access-1');
  assert.deepEqual(changed, [`${entry.id} ${member.id}`]);
});

test('tokens lie in the database only sealed, and in no audit entry', async () => {
  await addServer();
  await signIn(member);
  const { rows } = await hub.database.pool.query(
    'select row_to_json(c)::text as text, sealed from server_connections c',
  );
  for (const { text, sealed } of rows as { text: string; sealed: Buffer }[]) {
    assert.doesNotMatch(text + sealed.toString('latin1'), /access-|refresh-/);
  }
  const { items } = await hub.stores.audit.list(admin.caller?.organization ?? 'org_', { limit: 200 });
  assert.doesNotMatch(JSON.stringify(items), /access-|refresh-|code_verifier/);
});

test('cross-member connection use: what one member signed in to is nobody else’s', async () => {
  const entry = await addServer();
  await signIn(member);
  await assert.rejects(
    headerOf(entry, admin),
    notConnected(/not signed in at "guarded" yet.*hub\.test\/connect\/guarded/),
  );
  await signIn(admin);
  assert.notEqual(await headerOf(entry, admin), await headerOf(entry, member));
});

test('the record learns which sign-in is at hand for whom, by its id', async () => {
  const entry = await addServer();
  const heldBy = ({ caller }: Actor) => connections.heldBy(entry, caller ?? assert.fail());
  assert.equal(heldBy(member), null, 'nobody is signed in');
  await signIn(member);
  await headerOf(entry, member);
  const { rows } = await hub.database.pool.query('select id from server_connections where member = $1', [member.id]);
  assert.equal(heldBy(member), (rows[0] as { id: string }).id);
  assert.equal(heldBy(admin), null, 'it is nobody else’s');
  await hub.execute('removeConnection', { id: 'guarded' }, member);
  assert.equal(heldBy(member), null, 'it is gone');
});

test('who acts as a member neither uses nor changes that member’s sign-ins', async () => {
  const entry = await addServer();
  await signIn(member);
  const { caller } = member;
  assert.ok(caller !== null && admin.caller !== null);
  const actedBy = { ...admin.caller, impersonation: 'imp_1' as never, until: Number.MAX_SAFE_INTEGER };
  const acting = { ...member, caller: { ...caller, actedBy } };
  await assert.rejects(headerOf(entry, acting), notConnected(/not who acts as them/));
  await assert.rejects(hub.execute('removeConnection', { id: 'guarded' }, acting), { code: 'forbidden' });
  assert.equal(await headerOf(entry, member), 'Bearer access-1');
});

test('sign-in phishing: only who began a sign-in finishes it, once, and in time', async () => {
  await addServer();
  const begin = async () => (await hub.execute('beginConnection', { id: 'guarded' }, member)).url ?? '';
  const answer = peer.visit(await begin());
  await assert.rejects(hub.execute('finishConnection', { answer }, admin), /was not begun by you/);
  await hub.execute('finishConnection', { answer }, member);
  await assert.rejects(hub.execute('finishConnection', { answer }, member), /was used already/);
  const late = peer.visit(await begin());
  hub.ambient.clock.time += 601_000;
  await assert.rejects(hub.execute('finishConnection', { answer: late }, member), /took too long/);
  await assert.rejects(hub.execute('finishConnection', { answer: 'code=x&state=made-up' }, member), /was not begun/);
});

test('mix-up: an answer in the name of another authorization server is refused before the code is sent anywhere', async () => {
  await addServer();
  for (const change of [
    (query: URLSearchParams) => query.set('iss', 'https://evil.example'),
    (query: URLSearchParams) => query.set('iss', `${peer.origin}/`),
    (query: URLSearchParams) => query.delete('iss'),
  ]) {
    const { url } = await hub.execute('beginConnection', { id: 'guarded' }, member);
    const query = new URLSearchParams(peer.visit(url ?? ''));
    change(query);
    await assert.rejects(hub.execute('finishConnection', { answer: query.toString() }, member), /iss|another issuer/);
  }
  assert.equal(peer.asked.length, 0);
});

test('OAuth URL handling: a page to sign in at that is no web page, or less safe than it should be, is never opened', async () => {
  await addServer();
  for (const page of ['javascript:alert(1)', 'file:///etc/passwd', 'data:text/html,x', 'vscode://x', 'http://a:b@c/']) {
    peer.will.signInPage = page;
    await assert.rejects(
      hub.execute('beginConnection', { id: 'guarded' }, member),
      /no usable page to sign in at/,
      page,
    );
  }
});

test('what the authorization server refuses is told by its code, and not in its words', async () => {
  await addServer();
  const { url } = await hub.execute('beginConnection', { id: 'guarded' }, member);
  const query = new URLSearchParams(peer.visit(url ?? ''));
  query.delete('code');
  query.set('error', 'access_denied');
  query.set('error_description', 'click https://evil.example');
  await assert.rejects(hub.execute('finishConnection', { answer: query.toString() }, member), (error) => {
    assert.ok(error instanceof Failure);
    assert.match(error.message, /access_denied/);
    assert.doesNotMatch(error.message, /evil/);
    return true;
  });
});

test('MCPVault registers once at an authorization server, for all who sign in there', async () => {
  await addServer();
  await signIn(member);
  await signIn(admin);
  assert.equal(peer.registered.length, 1);
  assert.deepEqual(peer.registered[0]?.['redirect_uris'], ['http://hub.test/connections/callback']);
  assert.equal(peer.registered[0]?.['application_type'], 'native');
});

test('what all share is connected by an admin only, and used by all', async () => {
  const entry = await addServer({ mode: 'shared' });
  await assert.rejects(hub.execute('beginConnection', { id: 'guarded' }, member), { code: 'forbidden' });
  await assert.rejects(headerOf(entry, member), notConnected(/Nobody has connected "guarded" yet.*An admin can/));
  await signIn(admin);
  assert.equal(await headerOf(entry, member), await headerOf(entry, admin));
  await assert.rejects(hub.execute('removeConnection', { id: 'guarded' }, member), { code: 'forbidden' });
});

test('MCPVault signs in as itself where an admin registered it, and again when that expires', async () => {
  const client = { id: 'machine', secret: 'hidden', method: 'client_secret_post' };
  const entry = await addServer({ mode: 'shared', grant: 'client-credentials', client });
  assert.deepEqual(await hub.execute('beginConnection', { id: 'guarded' }, admin), { url: null });
  assert.equal(peer.asked[0]?.get('client_secret'), 'hidden');
  const first = await headerOf(entry, member);
  hub.ambient.clock.time += 3_601_000;
  assert.notEqual(await headerOf(entry, member), first);
  assert.deepEqual(
    peer.asked.map((form) => form.get('grant_type')),
    ['client_credentials', 'client_credentials'],
  );
});

test('an expired token is renewed once, however many hubs and callers want it at once', async () => {
  const entry = await addServer();
  await signIn(member);
  const others = [connectionsOf(hub), connectionsOf(hub)];
  const all = [connections, ...others];
  await Promise.all(all.map((each) => headerOf(entry, member, each)));
  hub.ambient.clock.time += 3_601_000;
  const released = Promise.withResolvers<void>();
  peer.will.waitsFor = released.promise;
  const asking = Promise.all([...all, ...all].map((each) => headerOf(entry, member, each)));
  setTimeout(released.resolve, 300);
  assert.deepEqual(new Set(await asking), new Set(['Bearer access-2']));
  assert.deepEqual(
    peer.asked.map((form) => form.get('grant_type')),
    ['authorization_code', 'refresh_token'],
  );
});

test('a token is renewed while it still works, so that nobody waits for it', async () => {
  const entry = await addServer();
  await signIn(member);
  hub.ambient.clock.time += 3_590_000;
  assert.equal(await headerOf(entry, member), 'Bearer access-1');
  for (let tries = 0; tries < 200 && changed.length < 2; tries++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(await headerOf(entry, member), 'Bearer access-2');
});

test('a sign-in that the authorization server has ended is broken, says why, and is mended by another', async () => {
  const entry = await addServer();
  await signIn(member);
  peer.will.refusesRefresh = 'invalid_grant';
  hub.ambient.clock.time += 3_601_000;
  await assert.rejects(
    headerOf(entry, member),
    notConnected(/does not work any more.*invalid_grant.*connect\/guarded/),
  );
  const shown = await hub.execute('getConnection', { id: 'guarded' }, member);
  assert.equal(shown.state, 'broken');
  assert.match(shown.reason ?? '', /invalid_grant/);
  await signIn(member);
  assert.match(await headerOf(entry, member), /^Bearer access-/);
  assert.equal((await hub.execute('getConnection', { id: 'guarded' }, member)).state, 'connected');
});

test('an authorization server that is away breaks nothing: what could not be renewed is tried again', async () => {
  const entry = await addServer();
  await signIn(member);
  hub.ambient.clock.time += 3_601_000;
  peer.will.refusesRefresh = 'temporarily_unavailable';
  await assert.rejects(headerOf(entry, member), { code: 'upstream_unavailable', message: /temporarily_unavailable/ });
  assert.equal((await hub.execute('getConnection', { id: 'guarded' }, member)).state, 'expiring');
  peer.will.refusesRefresh = null;
  assert.equal(await headerOf(entry, member), 'Bearer access-2');
});

test('what cannot be renewed is shown before it ends, and asks for another sign-in after', async () => {
  const entry = await addServer();
  peer.will.givesRefresh = false;
  await signIn(member);
  const state = async () => (await hub.execute('getConnection', { id: 'guarded' }, member)).state;
  assert.equal(await state(), 'connected');
  hub.ambient.clock.time += 3_000_000;
  assert.equal(await state(), 'expiring');
  hub.ambient.clock.time += 601_000;
  assert.equal(await state(), 'broken');
  await assert.rejects(headerOf(entry, member), notConnected(/has expired/));
});

test('a server that wants more scopes is asked about with all that were given and all that it wants', async () => {
  const entry = await addServer();
  await signIn(member);
  const found = credential(entry, member);
  await found.ready();
  const challenge: Challenge = { resourceMetadata: null, scopes: ['write'], error: 'insufficient_scope' };
  await assert.rejects(
    found.refused(found.value(), 403, challenge),
    notConnected(/wants more than it was allowed so far: write/),
  );
  assert.equal(await headerOf(entry, member), 'Bearer access-1', 'other calls go on');
  assert.deepEqual((await hub.execute('getConnection', { id: 'guarded' }, member)).wanted, ['write']);
  const { url } = await hub.execute('beginConnection', { id: 'guarded' }, member);
  assert.deepEqual(new URL(url ?? '').searchParams.get('scope')?.split(' ').toSorted(), ['tools', 'write']);
  await hub.execute('finishConnection', { answer: peer.visit(url ?? '') }, member);
  const again = credential(entry, member);
  await again.ready();
  await assert.rejects(again.refused(again.value(), 403, challenge), { code: 'upstream_unavailable' });
});

test('a token that the server refuses is renewed once, and a fresh one that it refuses ends the sign-in', async () => {
  const entry = await addServer();
  await signIn(member);
  hub.ambient.clock.time += 20_000;
  const found = credential(entry, member);
  await found.ready();
  await found.refused(found.value(), 401, null);
  assert.equal(found.value(), 'Bearer access-2');
  await assert.rejects(found.refused(found.value(), 401, null), notConnected(/does not accept it/));
});

test('tokens of a server are for its address: one that was moved gets none of them', async () => {
  const entry = await addServer();
  await signIn(member);
  const auth = { mode: 'per-member' as const };
  const transport = { type: 'streamable-http' as const, url: 'http://127.0.0.1:1/mcp', auth };
  await hub.execute('updateServer', { id: 'guarded', transport }, admin);
  await assert.rejects(headerOf(entryOf(entry.id), member), notConnected(/has moved/));
  assert.equal((await hub.execute('getConnection', { id: 'guarded' }, member)).state, 'broken');
});

test('signing out takes the token back at once, here and at the authorization server', async () => {
  const entry = await addServer();
  await signIn(member);
  await headerOf(entry, member);
  await hub.execute('removeConnection', { id: 'guarded' }, member);
  await assert.rejects(headerOf(entry, member), notConnected(/not signed in/));
  assert.equal(peer.asked.at(-1)?.get('token'), 'refresh-1');
});

test('an admin never gets to see a client secret again, and keeps it by not giving it', async () => {
  const client = { id: 'machine', secret: 'hidden-secret' };
  await addServer({ mode: 'per-member', client });
  const shown = await hub.execute('getServer', { id: 'guarded' }, admin);
  assert.doesNotMatch(JSON.stringify(shown), /hidden-secret/);
  const auth = { mode: 'shared' as const, client: { id: 'machine', secret: null } };
  await hub.execute(
    'updateServer',
    { id: 'guarded', transport: { type: 'streamable-http', url: peer.url, auth } },
    admin,
  );
  const { id } = shown;
  const { transport } = entryOf(id);
  assert.equal(transport.type !== 'stdio' && transport.auth?.client?.secret, 'hidden-secret');
});
