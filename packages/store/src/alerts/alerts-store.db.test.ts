import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AlertSnapshot, apartAtMost, type RaisedAlert, sameWithin } from '@mcpvault/domain/alerts/alert';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { within } from '../stores.ts';
import { openStoresUnderTest } from '../testing/stores-under-test.ts';

const { database, stores, ambient, ours, theirs, unique } = await openStoresUnderTest();
const { ids } = ambient;
const { alerts } = stores;
const { organization } = ours;

const snapshot: AlertSnapshot = {
  ...{ findings: { email: 1 }, detectors: [], places: [], edits: [], message: null, text: '', fix: null },
  policy: { id: ours.policy, version: 1, name: 'Secrets', reason: null, condition: null, detectors: [], threshold: 0 },
};

function raised(changes: Partial<RaisedAlert> = {}): RaisedAlert {
  return {
    ...{ organization, kind: 'policy', layer: 'hub', severity: 'medium', title: 'Seen', likeness: unique('like') },
    ...{ at: 1_800_000_000_000, policy: ours.policy, server: ours.server, tool: 'read', member: ours.member },
    ...{ message: 'msg_1', snapshot },
    ...changes,
  };
}

async function told(of: OrganizationId = organization) {
  return database.kysely.selectFrom('notifications').selectAll().where('organization', '=', of).orderBy('id').execute();
}

async function like(title: string) {
  return (await alerts.list(organization, { q: title, limit: 200 })).items;
}

test('what is alike counts up one alert, newest message first, and people are told once', async () => {
  const title = unique('Counted');
  const one = raised({ title, severity: 'low' });
  const before = (await told()).length;
  assert.equal(await alerts.raise([one, { ...one, message: 'msg_2', at: one.at + 5 }], ids), 1);
  assert.equal(await alerts.raise([{ ...one, message: 'msg_3', at: one.at + 9, severity: 'high' }], ids), 0);
  const [found, ...others] = await like(title);
  assert.ok(found);
  assert.deepEqual(others, []);
  assert.deepEqual([found.count, found.severity, found.state], [3, 'high', 'open']);
  assert.deepEqual(found.messages, ['msg_3', 'msg_2', 'msg_1']);
  assert.deepEqual([found.firstAt, found.lastAt], [one.at, one.at + 9]);
  assert.equal((await told()).length, before + 1);
});

test('the definition that the policy had is kept with the alert, and stays when the policy goes', async () => {
  const title = unique('Kept');
  await alerts.raise([raised({ title })], ids);
  await stores.policies.remove(organization, ours.policy, 1);
  const [found] = await like(title);
  assert.deepEqual(found?.snapshot.policy?.detectors, ['secrets']);
  assert.equal(found?.snapshot.policy?.reason, 'secrets stay inside');
});

test('after a while without it, or once it was resolved, the same is another alert; what was dismissed stays quiet', async () => {
  const title = unique('Again');
  const one = raised({ title });
  const state = async (to: 'resolved' | 'dismissed') => {
    const [newest] = await like(title);
    assert.ok(newest);
    const made = { id: ids.next('alh'), by: ours.admin, at: one.at } as const;
    assert.equal(await alerts.change(organization, newest.id, { state: to }, made), true);
  };
  await alerts.raise([one], ids);
  assert.equal(await alerts.raise([{ ...one, at: one.at + sameWithin }], ids), 0);
  assert.equal(await alerts.raise([{ ...one, at: one.at + 2 * sameWithin + 1 }], ids), 1);
  await state('resolved');
  assert.equal(await alerts.raise([{ ...one, at: one.at + 2 * sameWithin + 2 }], ids), 1);
  await state('dismissed');
  assert.equal(await alerts.raise([{ ...one, at: one.at + 2 * sameWithin + 3 }], ids), 0);
  assert.deepEqual(
    (await like(title)).map((alert) => [alert.state, alert.count]),
    [
      ['dismissed', 2],
      ['resolved', 1],
      ['open', 2],
    ],
  );
});

test('hubs that raise the same at once make one alert', async () => {
  const title = unique('Race');
  const one = raised({ title });
  const fresh = await Promise.all(
    Array.from({ length: 12 }, (_, number) => alerts.raise([{ ...one, message: `msg_${number}` as const }], ids)),
  );
  assert.equal(
    fresh.reduce((sum, each) => sum + each, 0),
    1,
  );
  assert.equal((await like(title))[0]?.count, 12);
});

test('a policy whose alerts are all different fills the inbox to a bound, and the rest is one alert that counts', async () => {
  const policy = ids.next('pol');
  const many = Array.from({ length: apartAtMost + 50 }, (_, number) => raised({ policy, tool: `tool-${number}` }));
  await alerts.raise(many.slice(0, apartAtMost - 10), ids);
  await alerts.raise(many.slice(apartAtMost - 10), ids);
  const rows = await database.kysely.selectFrom('alerts').selectAll().where('policy', '=', policy).execute();
  assert.equal(rows.length, apartAtMost + 1);
  const rest = rows.find(({ title }) => title.includes('many more'));
  assert.deepEqual([rest?.count, rest?.tool, rest?.member], [50, null, null]);
  assert.equal(
    rows.reduce((sum, { count }) => sum + count, 0),
    many.length,
  );
});

test('lists are filtered, and turned page by page without leaving one out', async () => {
  const word = unique('Paged');
  const made = Array.from({ length: 25 }, (_, number) =>
    raised({
      title: `${word} ${number}`,
      at: 1_700_000_000_000 + number,
      severity: number % 2 === 0 ? 'critical' : 'info',
    }),
  );
  await alerts.raise(made, ids);
  const seen: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof alerts.list>> = await alerts.list(organization, {
      q: word,
      limit: 10,
      cursor,
    });
    seen.push(...page.items.map(({ title }) => title));
    cursor = page.next;
  } while (cursor !== null);
  assert.deepEqual(seen, made.map(({ title }) => title).toReversed());
  const severe = await alerts.list(organization, { q: word, severity: 'high', limit: 200 });
  assert.equal(severe.items.length, 13);
  assert.equal((await alerts.list(organization, { q: word, owner: ours.admin })).items.length, 0);
  assert.equal((await alerts.list(organization, { q: word, states: ['resolved'] })).items.length, 0);
  assert.equal((await alerts.list(organization, { q: word, kind: 'operational' })).items.length, 0);
});

test('who did what is kept in order', async () => {
  const title = unique('History');
  await alerts.raise([raised({ title })], ids);
  const [alert] = await like(title);
  assert.ok(alert);
  const at = alert.lastAt;
  const did = (change: Parameters<typeof alerts.change>[2], later: number) =>
    alerts.change(organization, alert.id, change, { id: ids.next('alh'), by: ours.admin, at: at + later });
  await did({ state: 'acknowledged', owner: ours.admin }, 1);
  await did({ comment: 'Looking into it' }, 2);
  await did({ owner: null }, 3);
  const history = await alerts.history(organization, alert.id);
  assert.deepEqual(
    history.map(({ by, state, owner, comment }) => [by?.id, state, owner?.id ?? owner, comment]),
    [
      [ours.admin, 'acknowledged', ours.admin, null],
      [ours.admin, null, undefined, 'Looking into it'],
      [ours.admin, null, null, null],
    ],
  );
  assert.deepEqual(await alerts.history(theirs.organization, alert.id), []);
});

test('what is wrong is there once for as long as it is, ends by itself, and is back when it is wrong again', async () => {
  const of = theirs.organization;
  const wrong = (likeness: string): RaisedAlert => ({
    ...raised({ organization: of, kind: 'operational', likeness, title: likeness, policy: null, message: null }),
    snapshot: { ...snapshot, policy: null, lasts: true },
  });
  const settle = (names: readonly string[], at: number) =>
    alerts.settle(of, { wrong: names.map(wrong), ripe: names.map(wrong) }, at, ids);
  const stands = async () =>
    (await alerts.list(of, { kind: 'operational' })).items
      .map(({ title, state, count }) => `${title} ${state} ${count}`)
      .toSorted();
  assert.equal(await settle(['disk', 'server'], 1), true);
  assert.equal(await settle(['disk', 'server'], 2), false);
  assert.deepEqual(await stands(), ['disk open 1', 'server open 1']);
  assert.equal(await settle(['disk'], 3), true);
  assert.deepEqual(await stands(), ['disk open 1', 'server resolved 1']);
  await Promise.all([settle(['disk', 'server'], 4), settle(['disk', 'server'], 4), settle(['disk', 'server'], 4)]);
  assert.deepEqual(await stands(), ['disk open 1', 'server open 1', 'server resolved 1']);
  const server = [wrong('disk'), wrong('server')];
  assert.equal(await alerts.settle(of, { wrong: [...server, wrong('young')], ripe: server }, 5, ids), false);
  const types = (await told(of)).map(({ type }) => type);
  assert.deepEqual(types, ['alert.raised', 'alert.raised', 'alert.resolved', 'alert.raised']);
});

test('organizations see their own, whatever the query says, and one that is gone has none', async () => {
  const title = unique('Walled');
  await alerts.raise([raised({ title }), raised({ title, organization: ids.next('org') })], ids);
  const [alert] = await like(title);
  assert.ok(alert);
  assert.deepEqual(await alerts.byIds(theirs.organization, [alert.id]), []);
  const seen = await within(database, theirs.organization, (inside) => inside.alerts.byIds(organization, [alert.id]));
  assert.deepEqual(seen, []);
  const rows = await database.kysely.selectFrom('alerts').selectAll().where('title', '=', title).execute();
  assert.equal(rows.length, 1);
});

test('finished ones are forgotten by age, others are not', async () => {
  const word = unique('Old');
  await alerts.raise([raised({ title: `${word} open`, at: 5 }), raised({ title: `${word} done`, at: 5 })], ids);
  const done = (await like(`${word} done`))[0];
  assert.ok(done);
  await alerts.change(organization, done.id, { state: 'resolved' }, { id: ids.next('alh'), by: null, at: 6 });
  assert.equal(await alerts.forget(organization, 100, 10), 1);
  assert.deepEqual(
    (await like(word)).map(({ title }) => title),
    [`${word} open`],
  );
});
