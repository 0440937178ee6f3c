import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestHub, nobody, type TestHub } from './testing/test-hub.ts';
import { until } from './testing/until.ts';

let one: TestHub;
let two: TestHub;
before(async () => {
  one = await createTestHub();
  two = await createTestHub(one.database);
});
after(async () => {
  await two.stop();
  await one.stop();
});

test('what is changed through one hub is known to another on the same database', async () => {
  const organization = await one.addOrganization();
  await two.keyring.ensure(organization);
  await two.catalog.load(organization);
  const admin = await one.addMember(organization, 'admin');
  const member = await one.addMember(organization, 'member');
  const { token, id } = await one.execute('createToken', { name: 'x' }, { ...nobody, caller: member.caller });
  const caller = await two.identities.identify(token);
  assert.ok(caller);

  const transport = { type: 'stdio' as const, command: 'node' };
  const server = await one.execute('createServer', { name: 'shared', transport }, admin);
  const grant = await one.execute(
    'createGrant',
    { subject: { type: 'member', id: member.id }, server: server.id },
    admin,
  );
  await until(() => two.catalog.byName(caller, 'shared') !== null);
  await one.execute('removeGrant', { id: grant.id }, admin);
  await until(() => two.catalog.byName(caller, 'shared') === null);
  await one.execute('updateServer', { id: server.id, enabled: false }, admin);
  await until(() => two.gateway.closed.some((closed) => closed.server === server.id));
  await one.execute('revokeToken', { id }, admin);
  await until(async () => (await two.identities.identify(token)) === null);
});

test('what was rolled back is not announced', async () => {
  const organization = await one.addOrganization();
  const admin = await one.addMember(organization, 'admin');
  const heard: string[] = [];
  const end = two.changes.subscribe({
    changed(changes) {
      heard.push(...changes.filter((change) => change.organization === organization).map((change) => change.area));
    },
    missed() {},
  });
  const stranger = `mem_${'0'.repeat(26)}` as const;
  await assert.rejects(one.execute('createTeam', { name: 'half', members: [stranger] }, admin));
  await one.execute('createTeam', { name: 'whole' }, admin);
  await until(() => heard.length > 0);
  assert.deepEqual(heard, ['teams']);
  end();
});

test('when hearing was interrupted, everything is read again', async () => {
  let missed = 0;
  const end = two.changes.subscribe({ changed() {}, missed: () => void missed++ });
  await one.database.pool.query(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and query like 'listen %'`);
  await until(() => missed > 0);
  end();
});
