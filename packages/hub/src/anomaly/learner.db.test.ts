import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { createReplayView } from '@mcpvault/store/replay-view';
import { transaction } from '@mcpvault/store/stores';
import { recordMessages } from '../backtest/testing/record-messages.ts';
import { quiet } from '../testing/quiet.ts';
import { createTestHub } from '../testing/test-hub.ts';
import { createLearner } from './learner.ts';
import { unusualUse } from './unusual-use.ts';

const hub = await createTestHub();
after(() => hub.stop());

const dayMs = 86_400_000;
const first = Date.UTC(2026, 0, 5, 9);
const days = 12;

function learnerAt(now: number) {
  return createLearner({
    stores: hub.stores,
    transaction: (work) => transaction(hub.database, work),
    replay: createReplayView(hub.database.kysely),
    sealer: hub.keyring,
    catalog: { tool: () => null },
    key: () => new Uint8Array(32).fill(3),
    clock: { now: () => now, micros: () => 0 },
    log: quiet,
    raise: async (own, record, anomaly) =>
      void (await own.alerts.raise([unusualUse(record, anomaly)], hub.ambient.ids)),
    raised: async () => undefined,
    saidOtherwise: () => undefined,
  });
}

async function alertsOf(organization: OrganizationId) {
  return (await hub.stores.alerts.list(organization, { limit: 50 })).items;
}

test('a caller’s habits are learned from the record, a burst to a new address is told once, and nothing is read twice', async () => {
  const organization = await hub.addOrganization();
  const { id: member } = await hub.addMember(organization, 'member');
  const usual = Array.from({ length: days }, (_, day) =>
    Array.from({ length: 8 }, (_unused, at) => ({
      at: first + day * dayMs + at * 60_000,
      member,
      tool: at % 2 === 0 ? 'read' : 'list',
      arguments: { path: `/notes/${at}` },
      answer: { content: [{ type: 'text', text: 'x'.repeat(400) }] },
    })),
  ).flat();
  await recordMessages(hub, organization, usual);
  await learnerAt(first + days * dayMs).look();
  assert.deepEqual(await alertsOf(organization), []);
  const burst = Array.from({ length: 250 }, (_, at) => ({
    at: first + days * dayMs + at * 1_000,
    member,
    tool: 'read',
    arguments: { path: 'x', to: 'drop@elsewhere.example' },
  }));
  await recordMessages(hub, organization, burst);
  const later = learnerAt(first + (days + 1) * dayMs);
  await Promise.all([later.look(), learnerAt(first + (days + 1) * dayMs).look()]);
  await later.look();
  const [alert, ...others] = await alertsOf(organization);
  assert.ok(alert !== undefined);
  assert.deepEqual([alert.member?.id, alert.state, alert.kind], [member, 'open', 'operational']);
  assert.ok(others.length + alert.count <= 2, `${others.length} and ${alert.count}`);
  assert.match(alert.snapshot.text, /calls in ten minutes, where 8 are usual/);
  assert.match(alert.snapshot.text, /an address that was not named before/);
  const kept = await hub.stores.baselines.of(organization, [member]);
  assert.ok(!JSON.stringify([alert, [...kept]]).includes('elsewhere.example'));
});

test('habits of a member who is gone are not kept', async () => {
  const organization = await hub.addOrganization();
  await recordMessages(hub, organization, [{ at: first, member: 'mem_gone', tool: 'read', arguments: {} }]);
  await learnerAt(first + dayMs).look();
  assert.equal((await hub.stores.baselines.of(organization, ['mem_gone'])).size, 0);
});
