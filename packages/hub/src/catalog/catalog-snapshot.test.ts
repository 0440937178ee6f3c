import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Grant, unconditional } from '@mcpvault/domain/identity/access';
import { defaultProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import type { OrganizationSnapshot } from '@mcpvault/store/catalog-view';
import { quiet } from '../testing/quiet.ts';
import { loadInjection } from '../inspection/load-injection.ts';
import { createCatalog } from './catalog-snapshot.ts';

const transport = { type: 'stdio', command: 'x', args: [], env: {} } as const;

function server(id: `srv_${string}`, name: string, more: object = {}): OrganizationSnapshot['servers'][number] {
  return {
    id,
    name,
    enabled: true,
    version: `ver_${id}`,
    number: 1,
    isolation: 'shared',
    processes: defaultProcessRules,
    definition: { key: 'key_1', sealed: Buffer.from(JSON.stringify(transport)) },
    status: 'ready',
    reason: null,
    fix: null,
    checkedAt: null,
    createdAt: 0,
    updatedAt: 0,
    ...more,
  };
}

function grant(id: `grt_${string}`, more: Partial<Grant> = {}): Grant {
  return { ...unconditional, id, subject: { type: 'member', id: 'mem_1' }, server: 'srv_a', ...more };
}

const member: Caller = {
  organization: 'org_1',
  member: 'mem_1',
  email: 'a@b.c',
  role: 'member',
  permissions: builtInRoles.member.permissions,
  teams: ['team_1'],
  token: null,
};
const admin: Caller = { ...member, member: 'mem_2', role: 'admin', permissions: builtInRoles.admin.permissions };
const change = [{ organization: 'org_1', area: 'grants', id: null }] as const;

async function catalogOf(snapshot: Partial<OrganizationSnapshot>) {
  const world = {
    snapshot: {
      organization: { id: 'org_1', name: 'O' },
      members: [],
      servers: [],
      grants: [],
      policies: [],
      teams: [],
      tools: [],
      quarantines: [],
      ...snapshot,
    } as OrganizationSnapshot,
    reads: 0,
    parts: 0,
    opened: 0,
    broken: false,
    replaced: [] as string[],
    ended: [] as string[],
  };
  const clock = { time: 0, now: () => clock.time, micros: () => 0 };
  const catalog = createCatalog({
    async read() {
      world.reads++;
      if (world.broken) throw new Error('the database is away');
      return world.snapshot;
    },
    async readPart(_organization, { grants, subjects }) {
      world.parts++;
      if (world.broken) throw new Error('the database is away');
      const found = world.snapshot.grants.filter(({ id, subject }) => grants.has(id) || subjects.has(subject.id));
      return { grants: found, members: [] };
    },
    sealer: {
      open(_organization, _block, _key, sealed) {
        world.opened++;
        return sealed;
      },
    },
    clock,
    log: quiet,
    scorer: loadInjection,
    onEnded: (id, why) => void world.ended.push(`${id}: ${why}`),
    onReplaced: (id, why) => void world.replaced.push(`${id}: ${why}`),
  });
  await catalog.load('org_1');
  return { catalog, world, clock };
}

test('members use what is granted to them, their teams or their role; admins everything; in order of name', async () => {
  const { catalog } = await catalogOf({
    servers: [server('srv_a', 'zebra'), server('srv_b', 'apple'), server('srv_c', 'mango'), server('srv_d', 'kiwi')],
    grants: [
      grant('grt_1', { tools: ['read'] }),
      grant('grt_2', { server: 'srv_b', subject: { type: 'team', id: 'team_1' } }),
      grant('grt_3', { server: 'srv_c', subject: { type: 'role', id: 'member' } }),
      grant('grt_4', { server: 'srv_d', subject: { type: 'member', id: 'mem_9' } }),
    ],
  });
  const names = (caller: Caller) => catalog.usable(caller).map((usable) => usable.server.name);
  assert.deepEqual(names(member), ['apple', 'mango', 'zebra']);
  assert.deepEqual(names(admin), ['apple', 'kiwi', 'mango', 'zebra']);
  assert.deepEqual(catalog.byName(member, 'zebra')?.reach.extent().tools, ['read']);
  assert.equal(catalog.byName(member, 'apple')?.reach.isWhole, true);
  assert.equal(catalog.byName(member, 'kiwi'), null);
  assert.equal(catalog.byName(member, 'nothing'), null);
});

test('another organization’s caller finds nothing', async () => {
  const { catalog } = await catalogOf({ servers: [server('srv_a', 'a')] });
  assert.equal(catalog.byName({ ...admin, organization: 'org_2' }, 'a'), null);
  assert.deepEqual(catalog.usable({ ...admin, organization: 'org_2' }), []);
});

test('a grant ends by itself when its time comes', async () => {
  const { catalog, clock } = await catalogOf({
    servers: [server('srv_a', 'a'), server('srv_b', 'b')],
    grants: [grant('grt_1', { expiresAt: 100 }), grant('grt_2', { server: 'srv_b', expiresAt: 200 })],
  });
  const usable = () => catalog.usable(member).map(({ server: { name } }) => name);
  assert.deepEqual(usable(), ['a', 'b']);
  clock.time = 99;
  assert.deepEqual(usable(), ['a', 'b']);
  clock.time = 100;
  assert.deepEqual(usable(), ['b']);
  clock.time = 200;
  assert.deepEqual(usable(), []);
});

test('a change is followed before it is answered', async () => {
  const { catalog, world } = await catalogOf({ servers: [server('srv_a', 'a')], grants: [grant('grt_1')] });
  assert.ok(catalog.byName(member, 'a'));
  world.snapshot = { ...world.snapshot, grants: [] };
  await catalog.changed(change);
  assert.equal(catalog.byName(member, 'a'), null);
});

test('of a grant or a member that changed only that is read, and nothing else forgotten', async () => {
  const { catalog, world } = await catalogOf({
    servers: [server('srv_a', 'a'), server('srv_b', 'b')],
    grants: [grant('grt_1'), grant('grt_2', { server: 'srv_b', subject: { type: 'team', id: 'team_1' } })],
  });
  const ofTeam = catalog.byName({ ...member, member: 'mem_3' }, 'b');
  world.snapshot = { ...world.snapshot, grants: world.snapshot.grants.slice(1) };
  await catalog.changed([{ organization: 'org_1', area: 'grants', id: 'grt_1' }]);
  assert.equal(catalog.byName(member, 'a'), null);
  assert.equal(catalog.byName({ ...member, member: 'mem_3' }, 'b'), ofTeam);
  world.snapshot = { ...world.snapshot, grants: [] };
  await catalog.changed([{ organization: 'org_1', area: 'teams', id: 'team_1' }]);
  assert.equal(catalog.byName(member, 'b'), null);
  assert.deepEqual([world.reads, world.parts], [1, 2]);
});

test('a grant that changes while everything is read is read again after it', async () => {
  const { catalog, world } = await catalogOf({ servers: [server('srv_a', 'a')], grants: [grant('grt_1')] });
  const whole = catalog.changed(change);
  world.snapshot = { ...world.snapshot, grants: [] };
  await Promise.all([whole, catalog.changed([{ organization: 'org_1', area: 'grants', id: 'grt_1' }])]);
  assert.equal(catalog.byName(member, 'a'), null);
});

test('changes that come while one is read are followed by one more reading', async () => {
  const { catalog, world } = await catalogOf({});
  await Promise.all([
    catalog.changed(change),
    catalog.changed(change),
    catalog.changed(change),
    catalog.changed(change),
  ]);
  assert.equal(world.reads, 3);
});

test('tokens and sign-ins do not make it read again', async () => {
  const { catalog, world } = await catalogOf({});
  await catalog.changed([{ organization: 'org_1', area: 'tokens', id: 'tok_1' }]);
  assert.equal(world.reads, 1);
});

test('as long as a change cannot be read, nothing is allowed', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const { catalog, world } = await catalogOf({ servers: [server('srv_a', 'a')] });
  world.broken = true;
  await catalog.changed(change);
  assert.throws(() => catalog.byName(admin, 'a'), { code: 'database_unavailable' });
  assert.throws(() => catalog.policies('org_1'), { code: 'database_unavailable' });
  world.broken = false;
  t.mock.timers.tick(1000);
  await new Promise((resolve) => setImmediate(resolve));
  assert.ok(catalog.byName(admin, 'a'));
});

test('a definition is opened once per version, and its entry stays the same object', async () => {
  const { catalog, world } = await catalogOf({ servers: [server('srv_a', 'a')] });
  const before = catalog.byName(admin, 'a')?.server;
  await catalog.changed(change);
  assert.equal(catalog.byName(admin, 'a')?.server, before);
  assert.equal(world.opened, 1);
});

test('what runs of a server ends when it is switched off or retired, is replaced when it is changed, and stays when it is renamed', async () => {
  const { catalog, world } = await catalogOf({
    servers: [server('srv_a', 'a'), server('srv_b', 'b'), server('srv_c', 'c')],
  });
  const become = async (servers: OrganizationSnapshot['servers']) => {
    world.snapshot = { ...world.snapshot, servers };
    await catalog.changed(change);
  };
  await become([
    server('srv_a', 'renamed'),
    server('srv_b', 'b', { version: 'ver_2' }),
    server('srv_c', 'c', { enabled: false }),
  ]);
  assert.deepEqual(world.replaced, ['srv_b: the server was changed']);
  assert.deepEqual(world.ended, ['srv_c: the server was switched off']);
  assert.equal(catalog.byName(admin, 'c'), null);
  assert.ok(catalog.byName(admin, 'renamed'));
  await become([]);
  assert.equal(world.replaced.length, 1);
  assert.equal(world.ended.length, 4);
});
