// What follows from roles and from what is granted besides: servers, tools and resources, for a while, and less what is denied.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { eventually } from '../actors/eventually.ts';
import { connectV1 } from '../actors/sdk-clients.ts';
import { ApiError, type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import { addMember, callTool, openSession, serverReady } from './access-steps.ts';

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));

let hub: Hub;
before(async () => {
  hub = await startHub();
  const transport = { type: 'stdio', command: process.execPath, args: [everything, 'stdio'] };
  for (const name of ['one', 'two']) {
    await hub.api('POST', '/api/v1/mcp/servers', { name, transport, isolation: 'shared' });
    await serverReady(hub, name);
  }
});
after(() => hub[Symbol.asyncDispose]());

type Role = { id: string; name: string; permissions: string[]; members: number };
const rolesOf = async () => (await hub.api<{ items: Role[] }>('GET', '/api/v1/roles')).items;
const grant = (subject: object, server: string, more: object = {}) =>
  hub.api<{ id: string }>('POST', '/api/v1/grants', { subject, server, ...more });

async function statusOf(work: Promise<unknown>): Promise<number> {
  try {
    await work;
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}

test('roles are made, given, changed and removed, and members may what their role says, here and at servers', async () => {
  verifies('MV-README-060', 'MV-README-062', 'MV-README-079');
  const path = '/api/v1/roles';
  const readers = await hub.api<Role>('POST', path, { name: 'Readers', permissions: ['members:read'] });
  const others = await hub.api<Role>('POST', path, { name: 'Others', permissions: [] });
  await grant({ type: 'role', id: readers.id }, 'one');
  await grant({ type: 'role', id: others.id }, 'two');
  const [anna, ben] = [await addMember(hub, 'anna'), await addMember(hub, 'ben')];
  const give = (member: string, role: string) => hub.api('PATCH', `/api/v1/members/${member}`, { role });
  const open = async (token: string) =>
    Promise.all(['one', 'two'].map(async (server) => (await openSession(hub, server, token)).status));
  const { accessToken } = await hub.signIn('anna@example.com', 'a password that is long enough');
  const asks = () => statusOf(hub.api('GET', '/api/v1/members', undefined, accessToken));
  assert.deepEqual([await open(anna.token), await asks()], [[403, 403], 403]);

  await give(anna.id, readers.id);
  await give(ben.id, others.id);
  assert.deepEqual(
    [await open(anna.token), await open(ben.token)],
    [
      [200, 403],
      [403, 200],
    ],
  );
  assert.equal(await asks(), 200);
  assert.equal((await rolesOf()).find(({ id }) => id === readers.id)?.members, 1);
  const { allowed } = await hub.api<{ allowed: boolean }>('GET', `/api/v1/access/explain?member=${ben.id}&server=one`);
  assert.equal(allowed, false);

  await hub.api('PUT', `${path}/${readers.id}`, { name: 'Guests', permissions: [] });
  assert.equal(await asks(), 403, 'what is changed in a role holds for its members at once');
  assert.notEqual(await statusOf(hub.api('DELETE', `${path}/${readers.id}`)), 200, 'somebody has it');
  await give(anna.id, 'member');
  assert.deepEqual(await open(anna.token), [403, 403]);
  await hub.api('DELETE', `${path}/${readers.id}`);
  assert.ok((await rolesOf()).every(({ id }) => id !== readers.id));
});

test('what a member is granted besides ends when it says, and what is denied outweighs it', async () => {
  verifies('MV-README-063');
  const cleo = await addMember(hub, 'cleo');
  const subject = { type: 'member', id: cleo.id };
  const status = async () => (await openSession(hub, 'one', cleo.token)).status;
  assert.equal(await status(), 403);
  await grant(subject, 'one', { expiresAt: new Date(Date.now() + 8_000).toISOString() });
  assert.equal(await status(), 200);
  await eventually(async () => (await status()) === 403, 'the end of the grant');

  await grant(subject, 'one');
  const { session } = await openSession(hub, 'one', cleo.token);
  const echo = async () => (await callTool(hub, 'one', cleo.token, session, 'echo', { message: 'heard' })).text;
  assert.match(await echo(), /heard/);
  const { id } = await grant(subject, 'one', { effect: 'deny', tools: ['echo'] });
  assert.match(await echo(), new RegExp(`denied by ${id}`));
});

test('a grant of some resources lists those only, and others are refused', async () => {
  verifies('MV-REQ-017', 'CP-043');
  const dora = await addMember(hub, 'dora');
  const all = await connectV1(hub.mcp('one'), { token: (await hub.createToken()).token });
  const uris = (await all.client.listResources()).resources.map(({ uri }) => uri).toSorted();
  await all.close();
  const [given, other] = [uris[0] ?? '', uris.at(-1) ?? ''];
  assert.notEqual(given, other);
  await grant({ type: 'member', id: dora.id }, 'one', { resources: [`${given.slice(0, -1)}*`] });
  const { client, close } = await connectV1(hub.mcp('one'), { token: dora.token });
  try {
    const listed = (await client.listResources()).resources.map(({ uri }) => uri);
    assert.deepEqual(
      listed,
      uris.filter((uri) => uri.startsWith(given.slice(0, -1))),
    );
    assert.equal((await client.readResource({ uri: given })).contents[0]?.uri, given);
    await assert.rejects(client.readResource({ uri: other }));
    await assert.rejects(client.callTool({ name: 'echo', arguments: { message: 'no tool was granted' } }));
  } finally {
    await close();
  }
});

test('a member sees where they are signed in, and ends one of them', async () => {
  await addMember(hub, 'emma');
  const sign = () => hub.signIn('emma@example.com', 'a password that is long enough');
  const [here, there] = [await sign(), await sign()];
  type SignIn = { id: string; isThis: boolean; expiresAt: string };
  const list = async (by: string) =>
    (await hub.api<{ items: SignIn[] }>('GET', '/api/v1/sign-ins', undefined, by)).items;
  const [away] = (await list(there.accessToken)).filter(({ isThis }) => isThis);
  assert.ok(away);
  assert.ok(Date.parse(away.expiresAt) > Date.now());
  await hub.api('DELETE', `/api/v1/sign-ins/${away.id}`, undefined, here.accessToken);
  assert.equal(await statusOf(hub.api('GET', '/api/v1/me', undefined, there.accessToken)), 401);
  assert.equal(
    await statusOf(hub.api('POST', '/api/v1/auth/refresh', { refreshToken: there.refreshToken }, null)),
    401,
  );
  assert.ok((await list(here.accessToken)).every(({ id }) => id !== away.id));
});
