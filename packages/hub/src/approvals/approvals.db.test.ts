// What is asked, decided and used, on the real database: what an approval is bound to, who may give one, and what the audit
// log tells of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { canonicalCall } from '@mcpvault/domain/approvals/canonical-call';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { ApprovalId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { HoldingPolicy } from '@mcpvault/domain/policy/effect';
import { trialOf } from '@mcpvault/domain/policy/test-message';
import type { HeldRequest, HoldStanding } from '@mcpvault/gateway/ports';
import { transaction } from '@mcpvault/store/stores';
import type { Actor } from '../actor.ts';
import { createNotify } from '../alerts/notify.ts';
import { quiet } from '../testing/quiet.ts';
import { sampleApproval } from '../testing/sample-approval.ts';
import { createTestHub, nobody, type TestHub } from '../testing/test-hub.ts';
import { type Approvals, createApprovals } from './approvals.ts';

let hub: TestHub;
let desk: Approvals;

before(async () => {
  hub = await createTestHub();
  desk = deskOn(hub);
});
after(() => hub.stop());

function deskOn({ stores, database, changes, catalog, keyring, ambient }: TestHub): Approvals {
  const made = createApprovals({
    ...{ stores, changes, catalog, ambient, sealer: keyring, log: quiet, url: 'http://hub.test', patience: 1000 },
    transaction: (work) => transaction(database, work),
    notify: createNotify(ambient),
    policyKey: () => new Uint8Array(32),
  });
  changes.subscribe(made);
  return made;
}

async function world() {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  const ada = await hub.addMember(organization, 'member');
  const boss = await hub.addMember(organization, 'member');
  const bob = await hub.addMember(organization, 'member');
  await hub.execute('updateMember', { id: ada.id, supervisor: boss.id }, admin);
  return { organization, admin, ada, boss, bob };
}

const policy: HoldingPolicy = { policy: 'pol_1', version: 1, reason: 'This may destroy something.' };

interface Asking {
  readonly args?: object;
  readonly policies?: readonly HoldingPolicy[];
  readonly conversation?: string;
  readonly target?: string;
  readonly waited?: ApprovalId;
}

function held(caller: Caller, { args = { table: 'a' }, policies = [policy], ...more }: Asking = {}): HeldRequest {
  const { conversation = 'con_1', target = 'drop', waited = null } = more;
  const { message } = trialOf({ tool: target, arguments: args });
  const about = {
    organization: caller.organization,
    member: caller.member,
    server: null,
    tool: target,
    conversation,
    caller,
  };
  return {
    ...{ caller, about, message, target, client: 'test/1', endpoint: 'one', serverName: 'one' },
    hold: { policies, reason: policies[0]?.reason ?? '' },
    method: 'tools/call',
    asked: canonicalCall(message, target),
    edits: [],
    findings: [],
    waited,
  };
}

const ask = (actor: Actor, asking: Asking = {}) => desk.ask(held(callerOf(actor), asking));

function callerOf({ caller }: Actor): Caller {
  assert.ok(caller);
  return caller;
}

function idOf(standing: HoldStanding): ApprovalId {
  assert.ok(standing.kind === 'pending', JSON.stringify(standing));
  return standing.id;
}

async function entries(organization: OrganizationId, subject: string) {
  const { items } = await hub.stores.audit.list(organization, { subject, limit: 200 });
  return items.map(({ action, actor, outcome }) => [action, actor, outcome]).toReversed();
}

test('what was approved is used once, by whom, for what and under which policies it was asked, and each step is in the log', async () => {
  const { organization, ada, boss, bob } = await world();
  const id = idOf(await ask(ada));
  assert.equal(idOf(await ask(ada)), id, 'asked again it is the same request');
  const shown = await hub.execute('approveCall', { id, reason: 'The quarter is over.' }, boss);
  assert.equal(shown.state, 'approved');
  assert.deepEqual(
    shown.votes.map(({ member, says, reason }) => [member.id, says, reason]),
    [[boss.id, 'approve', 'The quarter is over.']],
  );
  for (const [who, asking] of [
    [bob, {}],
    [ada, { args: { table: 'b' } }],
    [ada, { target: 'truncate' }],
    [ada, { policies: [{ ...policy, version: 2 }] }],
    [ada, { policies: [policy, { ...policy, policy: 'pol_2' as const }] }],
  ] as const)
    assert.equal((await ask(who, asking)).kind, 'pending', JSON.stringify(asking));
  assert.deepEqual(await ask(ada, { conversation: 'con_2' }), { kind: 'approved', id, by: [boss.id] });
  const again = idOf(await ask(ada));
  assert.notEqual(again, id, 'a second time it is asked anew');
  assert.deepEqual(await entries(organization, id), [
    ['approvals.ask', ada.id, 'done'],
    ['approvals.approve', boss.id, 'done'],
    ['approvals.use', ada.id, 'done'],
  ]);
});

test('many who send the same call at once ask once, and use an approval once', async () => {
  const { ada, boss } = await world();
  const asked = await Promise.all(Array.from({ length: 8 }, () => ask(ada)));
  const [id, ...others] = new Set(asked.map(idOf));
  assert.ok(id !== undefined);
  assert.deepEqual(others, []);
  await hub.execute('approveCall', { id }, boss);
  const used = await Promise.all(Array.from({ length: 8 }, () => ask(ada)));
  assert.equal(used.filter(({ kind }) => kind === 'approved').length, 1);
});

test('an approval for a conversation is good for all of its calls of the tool, and nowhere else', async () => {
  const { ada, boss } = await world();
  const id = idOf(await ask(ada));
  await hub.execute('approveCall', { id, scope: 'session' }, boss);
  for (const table of ['a', 'b', 'c']) assert.equal((await ask(ada, { args: { table } })).kind, 'approved');
  assert.equal((await ask(ada, { target: 'truncate' })).kind, 'pending');
  for (const table of ['a', 'z'])
    assert.equal((await ask(ada, { args: { table }, conversation: 'con_2' })).kind, 'pending', table);
  assert.equal((await ask(ada, { policies: [{ ...policy, version: 2 }] })).kind, 'pending');
  await hub.execute('refuseCall', { id, reason: 'That is enough.' }, boss);
  assert.equal((await ask(ada, { args: { table: 'd' } })).kind, 'pending', 'taken back');
});

test('a refusal is heard, with its reason, by the same call as long as the request would have stood', async () => {
  const { ada, boss } = await world();
  const id = idOf(await ask(ada));
  await hub.execute('refuseCall', { id, reason: 'Ask the database team.' }, boss);
  const standing = await ask(ada);
  assert.ok(standing.kind === 'refused');
  assert.deepEqual([standing.id, standing.by], [id, [boss.id]]);
  assert.match(standing.reason, /Ask the database team\./);
  assert.equal((await ask(ada, { args: { table: 'b' } })).kind, 'pending');
  hub.ambient.clock.time += 61 * 60_000;
  assert.notEqual(idOf(await ask(ada)), id);
});

test('nobody approves their own calls, nor those that they let a service account or somebody else make', async () => {
  const { organization, admin, ada, boss } = await world();
  await assert.rejects(hub.execute('approveCall', { id: idOf(await ask(admin)) }, admin), { code: 'forbidden' });
  const acting = { impersonation: 'imp_1', until: 9e15, ...callerOf(boss) } as const;
  const actedAs = { ...ada, caller: { ...callerOf(ada), actedBy: acting } };
  const byBoss = idOf(await ask(actedAs));
  for (const who of [ada, boss])
    await assert.rejects(hub.execute('approveCall', { id: byBoss }, who), { code: 'forbidden' }, who.email);
  assert.equal((await hub.execute('approveCall', { id: byBoss }, admin)).state, 'approved');
  assert.equal((await ask(ada)).kind, 'pending', 'what was approved for whoever acts as her is not hers');
  const robot = await hub.execute(
    'createServiceAccount',
    { name: 'robot', role: 'member', owner: { type: 'member', id: admin.id } },
    admin,
  );
  const member = robot.id as MemberId;
  const asRobot = { ...nobody, caller: { ...callerOf(ada), organization, member } };
  const byRobot = idOf(await ask(asRobot));
  await assert.rejects(hub.execute('approveCall', { id: byRobot }, admin), { code: 'forbidden' });
  const refused = (await entries(organization, byRobot)).length;
  assert.equal(refused, 1, 'and nothing of it was written but the request');
});

test('it takes as many different people as the strictest policy wants, of those that each policy names', async () => {
  const { admin, ada, boss, bob } = await world();
  const policies = [
    { ...policy, approvers: 2, from: ['supervisor', 'role:admin', bob.email] },
    { ...policy, policy: 'pol_2' as const, once: true },
  ];
  const id = idOf(await ask(ada, { policies }));
  await assert.rejects(hub.execute('approveCall', { id, scope: 'session' }, boss), { code: 'invalid_params' });
  assert.equal((await hub.execute('approveCall', { id }, boss)).state, 'pending');
  assert.equal((await hub.execute('approveCall', { id }, boss)).state, 'pending', 'one person counts once');
  assert.equal((await ask(ada, { policies })).kind, 'pending');
  assert.equal((await hub.execute('approveCall', { id }, admin)).state, 'approved');
  await assert.rejects(hub.execute('approveCall', { id }, bob), { code: 'conflict' });
  const standing = await ask(ada, { policies });
  assert.deepEqual(standing.kind === 'approved' ? [...standing.by].toSorted() : [], [boss.id, admin.id].toSorted());
  const other = idOf(await ask(ada, { policies: [{ ...policy, from: [bob.email] }] }));
  for (const who of [boss, admin])
    await assert.rejects(hub.execute('approveCall', { id: other }, who), { code: 'forbidden' }, who.email);
  await hub.execute('approveCall', { id: other }, bob);
});

test('everybody sees their own requests and those that are theirs to decide, and of others not even that they are', async () => {
  const { organization, admin, ada, boss, bob } = await world();
  const id = idOf(await ask(ada));
  const seen = async (who: Actor) =>
    (await hub.execute('listApprovals', {}, who)).items.map(({ id: one, whyNot }) => [one, whyNot === null]);
  assert.deepEqual(await seen(ada), [[id, false]]);
  assert.deepEqual(await seen(boss), [[id, true]]);
  assert.deepEqual(await seen(admin), [[id, true]]);
  assert.deepEqual(await seen(bob), []);
  for (const key of ['getApproval', 'approveCall', 'refuseCall', 'withdrawCall'] as const)
    await assert.rejects(hub.execute(key, { id }, bob), { code: 'not_found' }, key);
  const stranger = await hub.addMember(await hub.addOrganization(), 'admin');
  await assert.rejects(hub.execute('approveCall', { id }, stranger), { code: 'not_found' });
  assert.deepEqual((await hub.execute('listApprovals', { decidable: 'true' }, ada)).items, []);
  assert.equal((await hub.execute('listApprovals', { decidable: 'true' }, boss)).items.length, 1);
  const key = { ...boss, caller: { ...callerOf(boss), token: 'tok_1' as const } };
  assert.deepEqual(await seen(key), [], 'a token that lies with an AI client shows nothing of others');
  await assert.rejects(hub.execute('approveCall', { id }, key), { code: 'forbidden' });
  const asBoss = { impersonation: 'imp_1', until: 9e15, ...callerOf(admin) } as const;
  const acting = { ...boss, caller: { ...callerOf(boss), actedBy: asBoss } };
  assert.deepEqual(await seen(acting), [], 'nor does acting as somebody');
  await assert.rejects(hub.execute('approveCall', { id }, acting), { code: 'forbidden' });
  assert.equal((await hub.stores.approvals.byId(organization, id))?.state, 'pending');
});

test('who asked takes it back, nobody else does, and it is over then', async () => {
  const { ada, boss } = await world();
  const id = idOf(await ask(ada));
  await assert.rejects(hub.execute('withdrawCall', { id }, boss), { code: 'forbidden' });
  assert.equal((await hub.execute('withdrawCall', { id }, ada)).state, 'withdrawn');
  await assert.rejects(hub.execute('approveCall', { id }, boss), { code: 'conflict' });
  assert.deepEqual(
    await ask(ada, { waited: id }),
    { kind: 'over', id, why: 'withdrawn' },
    'whoever waits for it hears so',
  );
  assert.notEqual(idOf(await ask(ada)), id);
});

test('what nobody decides or uses in time expires, by itself, and the log says so', async () => {
  const { organization, ada, boss } = await world();
  const late = idOf(await ask(ada, { policies: [{ ...policy, minutes: 2 }] }));
  const unused = idOf(await ask(ada, { args: { table: 'b' } }));
  await hub.execute('approveCall', { id: unused }, boss);
  hub.ambient.clock.time += 3 * 60_000;
  assert.equal((await hub.execute('getApproval', { id: late }, boss)).state, 'expired');
  await assert.rejects(hub.execute('approveCall', { id: late }, boss), { code: 'conflict' });
  assert.deepEqual(await ask(ada, { policies: [{ ...policy, minutes: 2 }], waited: late }), {
    ...{ kind: 'over', id: late, why: 'expired' },
  });
  hub.ambient.clock.time += 15 * 60_000;
  assert.notEqual(idOf(await ask(ada, { args: { table: 'b' } })), unused);
  assert.deepEqual(
    (await hub.execute('listApprovals', { state: 'expired' }, boss)).items.map(({ id }) => id),
    [unused, late],
  );
  const gone = await transaction(hub.database, (stores) => stores.approvals.expire(hub.ambient.clock.now(), 100));
  assert.ok(gone.some(({ id }) => id === late) && gone.some(({ id }) => id === unused));
  assert.equal((await hub.stores.approvals.byId(organization, late))?.state, 'expired');
});

test('who decides sees the arguments without secrets, digit by digit, and what happened with such calls before', async () => {
  const { ada, boss } = await world();
  const secret = ['AKIA', 'Z7QXLMN2V5RT8K4W'].join('');
  const args = { key: `use ${secret} now`, n: 1, text: 'a\u202eb' };
  const before = idOf(await ask(ada, { args }));
  await hub.execute('refuseCall', { id: before, reason: 'No keys, please.' }, boss);
  const id = idOf(await ask(ada, { args: { ...args, n: 2 } }));
  const shown = await hub.execute('getApproval', { id }, boss);
  assert.equal(
    shown.arguments,
    '{\n  "key": "use [redacted:aws-access-key] now",\n  "n": 2,\n  "text": "a\\u{202e}b"\n}',
  );
  assert.deepEqual(
    shown.similar.map(({ id: one, state, reason, isSame }) => [one, state, reason, isSame]),
    [[before, 'refused', 'No keys, please.', false]],
  );
  assert.deepEqual(shown.calls, { answered: 0, failed: 0, refused: 0, lastAt: null });
  const [line] = await hub.database.pool
    .query<{ text: string }>('select row_to_json(approvals)::text as text from approvals where id = $1', [id])
    .then(({ rows }) => rows);
  assert.ok(!line?.text.includes('redacted') && !line?.text.includes(secret), 'what is asked lies sealed');
});

test('a decision wakes whoever waits, on this hub and on another one, also when it fell before they began to wait', async () => {
  const { organization, ada, boss } = await world();
  const other = await createTestHub(hub.database);
  try {
    await other.catalog.load(organization);
    const elsewhere = deskOn(other);
    const id = idOf(await ask(ada));
    const signal = new AbortController().signal;
    const woken = Promise.all([desk.decided(organization, id, signal), elsewhere.decided(organization, id, signal)]);
    await hub.execute('approveCall', { id }, boss);
    await woken;
    await elsewhere.decided(organization, id, signal);
    const standing = await elsewhere.ask(held(callerOf(ada)));
    assert.equal(standing.kind, 'approved', 'what was approved on one hub is used on the other');
    assert.ok(elsewhere.lately);
    const left = AbortSignal.timeout(20);
    const pending = idOf(await ask(ada));
    await desk.decided(organization, pending, left);
    assert.ok(left.aborted, 'and who gives up is let go');
  } finally {
    await other.stop();
  }
});

test('a client that gives up closes its request, unless the same call waits elsewhere on the hub', async () => {
  const { organization, ada } = await world();
  const id = idOf(await ask(ada));
  const one = new AbortController();
  const waits = desk.decided(organization, id, one.signal);
  await desk.withdraw(organization, id);
  assert.equal((await hub.stores.approvals.byId(organization, id))?.state, 'pending');
  one.abort();
  await waits;
  await desk.withdraw(organization, id);
  assert.equal((await hub.stores.approvals.byId(organization, id))?.state, 'withdrawn');
  assert.deepEqual((await entries(organization, id)).at(-1), ['approvals.withdraw', ada.id, 'done']);
});

test('who sends one call after the other is not asked about for ever', async () => {
  const { ada } = await world();
  for (let table = 0; table < 50; table++) await ask(ada, { args: { table } });
  const standing = await ask(ada, { args: { table: 'one more' } });
  assert.ok(standing.kind === 'refused' && standing.id === null);
  assert.equal((await ask(ada, { args: { table: 3 } })).kind, 'pending', 'what waits goes on waiting');
});

test('a policy that is proposed is a draft that no longer holds such calls of this asker', async () => {
  const { organization, admin, ada, boss } = await world();
  const made = await hub.execute(
    'createDefinition',
    {
      ...{ name: 'Ask first', reason: 'because', directions: ['call'], condition: 'method == "tools/call"' },
      actions: [{ type: 'hold' }],
      tests: [{ name: 'any', given: { tool: 'drop' }, expect: { outcome: 'held' } }],
    },
    admin,
  );
  const id = await sampleApproval(hub, organization, ada.id, { policies: [{ ...policy, policy: made.id }] });
  const { proposed } = await hub.execute('approveCall', { id, proposePolicy: true }, boss);
  assert.ok(proposed);
  const draft = await hub.execute('getDefinition', { id: proposed.id }, admin);
  assert.equal(draft.mode, 'draft');
  assert.equal(
    draft.condition,
    `(method == "tools/call") && (tool.name != "drop" || server.name != "one" || caller.email != "${ada.email}")`,
  );
  assert.deepEqual(
    draft.tests.map(({ expect }) => expect.outcome),
    ['held', 'not_matched'],
  );
});

test('who may decide is told that somebody asks, and the asker what was answered, and neither with which arguments', async () => {
  const { organization, admin, ada, boss, bob } = await world();
  await hub.execute('createTeam', { name: 'database', members: [ada.id], leads: [bob.id] }, admin);
  const told = async () => {
    const { rows } = await hub.database.pool.query<{ type: string; body: { people: string[]; title: string } }>(
      'select type, body from notifications where organization = $1 order by at, id',
      [organization],
    );
    return rows.map(({ type, body }) => ({ type, people: body.people.toSorted(), title: body.title, body }));
  };
  const id = idOf(await ask(ada, { args: { table: 'not-for-mails' } }));
  const [asked] = await told();
  assert.deepEqual([asked?.type, asked?.people], ['approval.asked', [boss.id, bob.id].toSorted()]);
  assert.equal(asked?.title, `${ada.email} asks for approval: drop on one`);
  await hub.execute('approveCall', { id }, bob);
  const [, answered] = await told();
  assert.deepEqual([answered?.type, answered?.people], ['approval.answered', [ada.id]]);
  await ask(ada, { policies: [{ ...policy, from: ['role:admin', boss.email.toUpperCase(), ada.email] }] });
  assert.deepEqual((await told())[2]?.people, [boss.id], 'whom a policy names, but never who asks');
  assert.ok(!JSON.stringify(await told()).includes('not-for-mails'));
});
