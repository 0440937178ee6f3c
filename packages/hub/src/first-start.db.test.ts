import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createKeyring } from '@mcpvault/store/keyring';
import { createStores, transaction } from '@mcpvault/store/stores';
import { openTestDatabase, testAmbient } from '@mcpvault/store/testing/test-database';
import { hashOf } from './auth/credential.ts';
import { createPasswords } from './auth/password.ts';
import { type FirstStartDeps, prepareFirstStart } from './first-start.ts';
import { readSetup } from './setup-state.ts';

const exampleServer = {
  name: 'sample',
  isolation: 'shared',
  transport: { type: 'stdio', command: 'node', args: [], env: {} },
} as const;

async function newDatabase() {
  const database = await openTestDatabase();
  const stores = createStores(database.kysely);
  const ambient = testAmbient();
  const deps: FirstStartDeps = {
    stores,
    transaction: (work) => transaction(database, work),
    keyring: createKeyring({ masterKey: Buffer.alloc(32, 1), stores, ambient }),
    passwords: await createPasswords('nobody'),
    ambient,
    organizationName: 'My organization',
    admin: { email: null, password: null, name: 'Admin' },
    example: async () => [exampleServer],
    url: 'http://127.0.0.1:7717',
  };
  const organization = async () => (await stores.organizations.all())[0]?.id ?? assert.fail('there is no organization');
  return { deps, stores, ambient, organization };
}

const ada = { email: 'ada@example.com', password: 'correct horse battery', name: 'Ada' };

test('the first start makes an organization, an admin who is still to come, a token that works, and the example', async () => {
  const { deps, stores, organization } = await newDatabase();
  const { setupLink, token } = await prepareFirstStart(deps);
  assert.match(setupLink ?? '', /^http:\/\/127\.0\.0\.1:7717\/setup#link=mcpl_[0-9A-Za-z]{40}$/);
  assert.ok(token);
  const found = await stores.tokens.byHash(hashOf(token));
  const member = found && (await stores.members.byId(found.organization, found.member.id));
  assert.deepEqual([member?.role, member?.hasPassword], ['admin', false]);
  const servers = await stores.servers.list(await organization(), {});
  assert.deepEqual(
    servers.items.map(({ name, enabled, status }) => ({ name, enabled, status })),
    [{ name: 'sample', enabled: true, status: 'connecting' }],
  );
  const policies = await stores.policies.list(await organization(), {});
  assert.deepEqual(policies.items[0]?.detectors, ['secrets', 'cards', 'email']);
});

test('later starts make nothing twice: a fresh link as long as nobody can sign in, and no second token', async () => {
  const { deps, stores, ambient, organization } = await newDatabase();
  const first = await prepareFirstStart(deps);
  const second = await prepareFirstStart(deps);
  assert.equal(second.token, null);
  assert.ok(second.setupLink !== null && second.setupLink !== first.setupLink);
  const secretOf = (link: string | null) => hashOf(link?.split('#link=')[1] ?? '');
  assert.equal(await stores.links.find(secretOf(first.setupLink), ambient.clock.now()), null);
  assert.ok(await stores.links.find(secretOf(second.setupLink), ambient.clock.now()));
  assert.equal(await stores.members.countAll(), 1);
  assert.equal((await stores.servers.list(await organization(), {})).items.length, 1);
});

test('without an example there is an empty organization', async () => {
  const { deps, stores, organization } = await newDatabase();
  await prepareFirstStart({ ...deps, example: () => null });
  assert.deepEqual((await stores.servers.list(await organization(), {})).items, []);
  assert.deepEqual((await stores.policies.list(await organization(), {})).items, []);
});

test('an admin given by settings can sign in at once, and there is no link', async () => {
  const { deps, stores } = await newDatabase();
  const { setupLink, token } = await prepareFirstStart({ ...deps, admin: ada });
  assert.equal(setupLink, null);
  assert.ok(token);
  const found = await stores.members.byEmail('ada@example.com');
  assert.equal(await deps.passwords.matches(ada.password, found?.passwordHash ?? null), true);
  assert.equal((await readSetup(stores.settings))?.completed, true);
});

test('an admin given only at a later start completes the set-up, and never overwrites one', async () => {
  const { deps, stores } = await newDatabase();
  await prepareFirstStart(deps);
  assert.equal((await prepareFirstStart({ ...deps, admin: ada })).setupLink, null);
  assert.equal(await stores.members.countAll(), 1);
  const other = { ...ada, email: 'eve@example.com', password: 'another battery' };
  await prepareFirstStart({ ...deps, admin: other });
  assert.equal(await stores.members.byEmail('eve@example.com'), null);
  const found = await stores.members.byEmail('ada@example.com');
  assert.equal(await deps.passwords.matches(ada.password, found?.passwordHash ?? null), true);
});

test('half an admin, or a password that is too short, is refused with what to do', async () => {
  const { deps } = await newDatabase();
  const refused = (admin: Partial<typeof ada>) =>
    prepareFirstStart({ ...deps, admin: { email: null, password: null, name: 'A', ...admin } });
  await assert.rejects(refused({ email: 'a@example.com' }), { name: 'Failure', message: /belong together/ });
  await assert.rejects(refused({ password: ada.password }), { name: 'Failure', message: /belong together/ });
  await assert.rejects(refused({ email: 'a@example.com', password: 'short' }), {
    name: 'Failure',
    message: /at least 12/,
  });
});

test('a start that was cut off after the organization goes on where it was', async () => {
  const { deps, stores } = await newDatabase();
  const cut = { ...deps, example: () => Promise.reject(new Error('cut off')) };
  await assert.rejects(prepareFirstStart(cut));
  assert.equal(await stores.members.countAll(), 0);
  assert.ok((await prepareFirstStart(deps)).token);
  assert.equal((await stores.organizations.all()).length, 1);
});
