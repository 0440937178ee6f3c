// Suspensions by policies, on two hubs of one database.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { EffectAbout, PolicingPort, QuarantineWish } from '@mcpvault/gateway/ports';
import { announce } from '@mcpvault/store/change-feed';
import { within } from '@mcpvault/store/stores';
import type { Actor } from './actor.ts';
import { createPolicing } from './policing.ts';
import { quiet } from './testing/quiet.ts';
import { createTestHub, stdio, type TestHub } from './testing/test-hub.ts';
import { until } from './testing/until.ts';

let one: TestHub;
let two: TestHub;
let here: PolicingPort;
let there: PolicingPort;
before(async () => {
  one = await createTestHub();
  two = await createTestHub(one.database);
  // The database reads its own clock.
  for (const { ambient } of [one, two]) ambient.clock.time = Math.round(performance.timeOrigin + performance.now());
  here = policingOf(one);
  there = policingOf(two);
});
after(async () => {
  await two.stop();
  await one.stop();
});

function policingOf(hub: TestHub): PolicingPort {
  const { catalog, ambient, changes, database } = hub;
  return createPolicing({
    ...{ catalog, ambient, log: quiet, masterKey: Buffer.alloc(32) },
    within: (organization, work) => within(database, organization, work),
    async changed(organization) {
      const changed = [{ organization, area: 'policies', id: null } as const];
      await announce(database.kysely, changes.announcement(changed));
      await changes.publish(changed);
    },
    approvals: {
      ask: () => assert.fail('nobody is asked'),
    } as never,
  });
}

async function world() {
  const organization = await one.addOrganization();
  await two.catalog.load(organization);
  const admin = await one.addMember(organization, 'admin');
  const member = await one.addMember(organization, 'member');
  return { organization, admin, member };
}

function callerOf({ caller }: Actor, more: Partial<Caller> = {}): Caller {
  assert.ok(caller);
  return { ...caller, ...more };
}

function about(caller: Caller, conversation = 'con_1'): EffectAbout {
  return { organization: caller.organization, member: caller.member, server: null, tool: null, conversation, caller };
}

const wish = (what: QuarantineWish['what'], minutes = 30): QuarantineWish => ({
  ...{ what, minutes, policy: 'pol_1', reason: 'Too many secrets.' },
});

async function listed({ admin }: { readonly admin: Actor }) {
  return (await one.execute('listQuarantines', {}, admin)).items;
}

test('a suspended member is refused from the next message on, on every hub, until it is over or lifted', async () => {
  const the = await world();
  const caller = callerOf(the.member);
  assert.equal(here.quarantined(about(caller)), null);
  here.quarantine(about(caller), wish('member'));
  assert.match(
    here.quarantined(about(caller, 'con_2')) ?? '',
    /What you may use is suspended until .*: Too many secrets\./,
  );
  await until(() => there.quarantined(about(caller, 'con_3')) !== null);
  assert.equal(there.quarantined(about(callerOf(the.admin))), null);
  const [row] = await listed(the);
  assert.deepEqual(
    [row?.what, row?.member, row?.email, row?.policy],
    ['member', the.member.id, the.member.email, 'pol_1'],
  );
  await one.execute('liftQuarantine', { id: row?.id ?? 'qua_0' }, the.admin);
  assert.equal(here.quarantined(about(caller)), null);
  await until(() => there.quarantined(about(caller)) === null);
  here.quarantine(about(caller), wish('member', 10));
  one.ambient.clock.time += 10 * 60_000;
  assert.equal(here.quarantined(about(caller)), null);
  const done = async () => {
    const { items } = await one.execute('listAudit', {}, the.admin);
    return items.filter(({ action }) => action.startsWith('quarantines.')).map(({ action }) => action);
  };
  await until(async () => (await done()).length === 3);
  assert.deepEqual(await done(), ['quarantines.begin', 'quarantines.lift', 'quarantines.begin']);
});

test('a suspended token is that token alone, or that client; without one it is the conversation', async () => {
  const the = await world();
  const first = callerOf(the.member, { token: 'tok_1' });
  const other = callerOf(the.member, { token: 'tok_2' });
  const client = callerOf(the.member, { letIn: { id: 'ccl_1', name: 'x', endpoint: null, scopes: new Set() } });
  const signedIn = callerOf(the.member);
  here.quarantine(about(first), wish('token'));
  assert.match(here.quarantined(about(first, 'con_9')) ?? '', /This token is suspended/);
  for (const free of [other, client, signedIn]) assert.equal(here.quarantined(about(free)), null);
  here.quarantine(about(client), wish('token'));
  assert.match(here.quarantined(about(client)) ?? '', /suspended/);
  here.quarantine(about(signedIn, 'con_5'), wish('token'));
  assert.match(here.quarantined(about(signedIn, 'con_5')) ?? '', /This conversation/);
  assert.equal(here.quarantined(about(signedIn, 'con_6')), null);
  assert.equal(here.quarantined(about(other, 'con_6')), null);
});

test('whoever may lift a suspension is never suspended by a policy: somebody is told instead', async () => {
  const the = await world();
  const caller = callerOf(the.admin);
  for (const what of ['member', 'token'] as const) here.quarantine(about({ ...caller, token: 'tok_1' }), wish(what));
  assert.equal(here.quarantined(about({ ...caller, token: 'tok_1' })), null);
  await until(async () => (await one.execute('listAlerts', {}, the.admin)).items.length === 2);
  const { items } = await one.execute('listAlerts', {}, the.admin);
  assert.match(items[0]?.title ?? '', /would have suspended a .*, and did not/);
  assert.deepEqual(await listed(the), []);
});

test('a flood suspends so many and no more, and many messages of one member are one suspension', async () => {
  const the = await world();
  const members = await Promise.all(Array.from({ length: 25 }, () => one.addMember(the.organization, 'member')));
  for (const member of members)
    for (let times = 0; times < 5; times += 1) here.quarantine(about(callerOf(member)), wish('member'));
  const suspended = members.filter((member) => here.quarantined(about(callerOf(member))) !== null);
  assert.equal(suspended.length, 20);
  await until(async () => (await one.stores.quarantines.holding(the.organization)).length === 20);
  await until(async () => (await one.execute('listAlerts', {}, the.admin)).items[0]?.count === 25);
  const { items } = await one.execute('listAlerts', {}, the.admin);
  assert.equal(items.length, 1);
  one.ambient.clock.time += 3_600_001;
  here.quarantine(about(callerOf(the.member)), wish('member'));
  assert.match(here.quarantined(about(callerOf(the.member))) ?? '', /suspended/);
});

test('people suspend members and shut tools away by hand, never themselves, and only for a time', async () => {
  const the = await world();
  const { id: server } = await one.execute('createServer', { name: 'files', transport: stdio }, the.admin);
  const reason = 'Looking into it.';
  await one.execute('createQuarantine', { what: 'member', member: the.member.id, minutes: 60, reason }, the.admin);
  assert.match(here.quarantined(about(callerOf(the.member))) ?? '', /Looking into it/);
  await one.execute('createQuarantine', { what: 'tool', server, tool: 'drop', minutes: 60, reason }, the.admin);
  const drop = { ...about(callerOf(the.admin)), server, tool: 'drop' };
  assert.match(here.quarantined(drop) ?? '', /The tool "drop" is quarantined/);
  assert.equal(here.quarantined({ ...drop, tool: 'read' }), null);
  const own = { what: 'member', member: the.admin.id, minutes: 60, reason } as const;
  await assert.rejects(one.execute('createQuarantine', own, the.admin), /Nobody suspends themselves/);
  await assert.rejects(
    one.execute('createQuarantine', { what: 'tool', minutes: 60, reason }, the.admin),
    /Name the server/,
  );
  await assert.rejects(one.execute('createQuarantine', own, the.member), { code: 'forbidden' });
});
