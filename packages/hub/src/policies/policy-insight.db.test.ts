import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { transaction } from '@mcpvault/store/stores';
import { recordMessages, type Said } from '../backtest/testing/record-messages.ts';
import { quiet } from '../testing/quiet.ts';
import { createTestHub } from '../testing/test-hub.ts';
import { createFallBacks } from './fall-backs.ts';

const hub = await createTestHub();
after(() => hub.stop());

const minute = 60_000;
const refuses = { reason: 'r', actions: [{ type: 'refuse' as const }], condition: 'tool.name == "drop"' };

async function people() {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin', true);
  const member = await hub.addMember(organization, 'member');
  const call = (ago: number, tool: string, more: Partial<Said> = {}): Said => ({
    ...{ at: hub.ambient.clock.now() - ago, member: member.id, tool, arguments: { table: 'a' } },
    ...more,
  });
  return { organization, admin, member, call };
}

const ruled = (...rules: string[]): Partial<Said> => ({ judged: { call: { rules } } });

test('hits of the last day are counted by policy: asked, matched, acted and watched', async () => {
  const { organization, admin, call } = await people();
  await recordMessages(hub, organization, [
    call(1 * minute, 'drop', ruled('pol_a@1+refuse,alert', 'pol_b@2-0')),
    call(2 * minute, 'drop', ruled('pol_a@2+refuse~', 'pol_b@2!too_costly+refuse')),
    call(3 * minute, 'drop', ruled('pol_a@2-f', 'pol_b@2+tag')),
    call(25 * 60 * minute, 'drop', ruled('pol_a@1+refuse')),
    call(4 * minute, 'drop'),
  ]);
  const { items, complete } = await hub.execute('countPolicyHits', {}, admin);
  const of = (policy: string) => {
    const { lastAt, ...counts } = items.find((one) => one.policy === policy) ?? { lastAt: null };
    return { ...counts, isDated: lastAt !== null };
  };
  assert.equal(complete, true);
  assert.deepEqual(of('pol_a'), {
    policy: 'pol_a',
    asked: 3,
    matched: 2,
    acted: 1,
    watched: 1,
    failed: 0,
    isDated: true,
  });
  assert.deepEqual(of('pol_b'), {
    policy: 'pol_b',
    asked: 3,
    matched: 2,
    acted: 1,
    watched: 0,
    failed: 1,
    isDated: true,
  });
});

test('a shadow is compared with what happened: what it would have stopped, newly, and for whom', async () => {
  const { organization, admin, member, call } = await people();
  const policy = await hub.execute('createDefinition', { ...refuses, name: 'Shadow', mode: 'shadow' }, admin);
  const rule = (said: string) => ruled(`${policy.id}@1${said}`);
  await recordMessages(hub, organization, [
    call(1 * minute, 'drop', rule('+refuse,alert~')),
    call(2 * minute, 'drop', { ...rule('+refuse~'), outcome: 'refused' }),
    call(3 * minute, 'read', rule('-0')),
    call(4 * minute, 'drop', rule('+refuse')),
    call(5 * minute, 'drop', ruled('pol_other@1+refuse')),
  ]);
  const now = hub.ambient.clock.now();
  const range = { from: new Date(now - 60 * minute).toISOString(), to: new Date(now).toISOString() };
  const said = await hub.execute('compareShadow', { id: policy.id, ...range }, admin);
  assert.deepEqual([said.asked, said.newly, said.failed, said.complete], [4, 1, 0, true]);
  assert.deepEqual(said.would, { refused: 2, held: 0, edited: 0, alerted: 1, allowed: 0 });
  assert.deepEqual(said.did, { refused: 1, held: 0, edited: 0, alerted: 0, allowed: 0 });
  assert.deepEqual(
    said.members.map((one) => [one.member, one.messages]),
    [[member.id, 3]],
  );
  assert.deepEqual(
    said.examples.map(({ would, shadow, outcome }) => [would, shadow, outcome]),
    [
      ['refused', true, 'answered'],
      ['refused', true, 'refused'],
      ['refused', false, 'answered'],
    ],
  );
  const stranger = (await people()).admin;
  await assert.rejects(hub.execute('compareShadow', { id: policy.id, ...range }, stranger), { code: 'not_found' });
});

test('a recorded message is judged by a draft on both sides, and originals are for those who may read them', async () => {
  const { organization, admin, member, call } = await people();
  const answer = { content: [{ type: 'text', text: 'write to ada@example.com' }] };
  await recordMessages(hub, organization, [call(minute, 'read', { answer })]);
  const { items } = await hub.execute('listMessages', {}, admin);
  const [line] = items;
  assert.ok(line);
  const policy = {
    name: 'D',
    reason: 'r',
    detectors: ['email'],
    actions: [{ type: 'redact' as const, style: 'label' as const }],
  };
  const tried = await hub.execute('tryRecorded', { policy, message: line.id }, admin);
  assert.equal(tried.call?.outcome, 'allowed');
  assert.equal(tried.call?.trace.rules[0]?.why, 'its detectors found nothing');
  assert.equal(tried.result?.outcome, 'edited');
  assert.match(tried.result?.delivered ?? '', /\[redacted:email\]/);
  const [edit] = tried.result?.edits ?? [];
  assert.equal(tried.result?.original?.slice(edit?.start, edit?.end), 'ada@example.com');
  assert.equal(
    (await hub.execute('tryPolicy', { policy, given: { arguments: { to: 'a@example.com' } } }, admin)).edits.length,
    1,
  );
  const actions = await hub.stores.audit.list(organization, {});
  assert.ok(actions.items.some(({ action, subject }) => action === 'policies.tryRecorded' && subject === line.id));
  await assert.rejects(hub.execute('tryRecorded', { policy, message: line.id }, (await people()).admin), {
    code: 'not_found',
  });
  await assert.rejects(hub.execute('tryRecorded', { policy, message: line.id }, member), { code: 'forbidden' });
});

test('a conversation is told in its order, with the labels that each message brought', async () => {
  const { organization, admin, member, call } = await people();
  const tagging = {
    name: 'Label',
    reason: 'r',
    actions: [{ type: 'tag' as const, tags: ['private'], of: 'session' as const }],
  };
  const policy = await hub.execute('createDefinition', tagging, admin);
  await recordMessages(hub, organization, [
    call(3 * minute, 'one'),
    call(2 * minute, 'two', ruled(`${policy.id}@1+tag`)),
    call(1 * minute, 'three', ruled(`${policy.id}@1+tag`)),
  ]);
  const { items } = await hub.execute('listMessages', {}, admin);
  const [newest] = items;
  assert.ok(newest);
  const told = await hub.execute('listConversation', { id: newest.id }, admin);
  assert.equal(told.complete, true);
  assert.deepEqual(
    told.items.map(({ target, labels }) => [target, labels]),
    [
      ['one', []],
      ['two', ['private']],
      ['three', []],
    ],
  );
  assert.equal(told.items[1]?.judged?.call?.rules[0]?.policy.name, 'Label');
  assert.equal((await hub.execute('listConversation', { id: newest.id }, member)).items.length, 3);
  const other = await hub.addMember(organization, 'member');
  await assert.rejects(hub.execute('listConversation', { id: newest.id }, other), { code: 'not_found' });
});

test('the text of a policy keeps its author’s comments, also when its mode was changed elsewhere', async () => {
  const { admin } = await people();
  const source =
    '# Ours\nname: Text # short\nreason: r\ncondition: tool.name == "drop"\nactions: [ { type: refuse } ]\n';
  const { policies } = await hub.execute('checkPolicyText', { text: source }, admin);
  const draft = policies[0]?.draft;
  assert.ok(draft);
  const made = await hub.execute('createDefinition', { ...draft, source, note: 'First' }, admin);
  assert.equal((await hub.execute('readPolicyText', { id: made.id }, admin)).text, source);
  await hub.execute('replaceDefinition', { id: made.id, ...draft, mode: 'shadow', source }, admin);
  const { text } = await hub.execute('readPolicyText', { id: made.id }, admin);
  assert.match(text, /^# Ours\nname: Text # short\n/);
  assert.match(text, /mode: shadow/);
  assert.equal((await hub.execute('readPolicyText', { id: made.id, version: 1 }, admin)).text, source);
  const { items } = await hub.execute('listPolicyVersions', { id: made.id }, admin);
  assert.deepEqual(
    items.map(({ version, note }) => [version, note]),
    [
      [2, ''],
      [1, 'First'],
    ],
  );
  await assert.rejects(hub.execute('readPolicyText', { id: made.id, version: 9 }, admin), { code: 'not_found' });
  assert.equal((await hub.execute('readPolicyText', {}, admin)).text, text);
});

test('a policy that is over its budget becomes a shadow by itself, says why, and is enforced again by hand', async () => {
  const { organization, admin, call } = await people();
  let told = 0;
  const fallBacks = createFallBacks({
    ...{ stores: hub.stores, clock: hub.ambient.clock, ids: hub.ambient.ids, log: quiet },
    transaction: (work) => transaction(hub.database, work),
    changed: async () => void (told += 1),
  });
  const budget = { share: 50, minutes: 15, least: 4 };
  const made = await hub.execute('createDefinition', { ...refuses, name: 'Budget', budget }, admin);
  const free = await hub.execute('createDefinition', { ...refuses, name: 'No budget' }, admin);
  const rule = (said: string) => ruled(`${made.id}@1${said}`, `${free.id}@1${said}`);
  await recordMessages(hub, organization, [
    call(20 * minute, 'drop', rule('+refuse')),
    call(3 * minute, 'drop', rule('+refuse')),
    call(2 * minute, 'drop', rule('+refuse')),
    call(1 * minute, 'read', rule('-0')),
  ]);
  await fallBacks.look();
  assert.equal((await hub.execute('getDefinition', { id: made.id }, admin)).mode, 'enforce', 'too few to tell');
  await recordMessages(hub, organization, [call(1, 'read', rule('-0'))]);
  await fallBacks.look();
  assert.equal((await hub.execute('getDefinition', { id: made.id }, admin)).mode, 'enforce', 'within its budget');
  await recordMessages(hub, organization, [call(2, 'drop', rule('+refuse'))]);
  await fallBacks.look();
  const fallen = await hub.execute('getDefinition', { id: made.id }, admin);
  assert.deepEqual([fallen.mode, fallen.version, fallen.fellBack?.asked, fallen.fellBack?.acted], ['shadow', 2, 5, 3]);
  assert.match(fallen.note, /stopped or changed 3 of 5 messages within 15 minutes, more than 50 %/);
  assert.equal((await hub.execute('getDefinition', { id: free.id }, admin)).mode, 'enforce');
  assert.equal(told, 1);
  const { items } = await hub.stores.audit.list(organization, {});
  const entry = items.find(({ action }) => action === 'policies.fallBack');
  assert.deepEqual([entry?.actor, entry?.subject], ['system', made.id]);
  await fallBacks.look();
  assert.equal(told, 1, 'once is enough');
  const { id, version: _, createdAt: __, updatedAt: ___, fellBack: ____, ...draft } = fallen;
  const again = await hub.execute('replaceDefinition', { id, ...draft, mode: 'enforce', note: '' }, admin);
  assert.deepEqual([again.mode, again.version, again.fellBack], ['enforce', 3, null]);
  await fallBacks.look();
  assert.equal((await hub.execute('getDefinition', { id }, admin)).mode, 'enforce', 'a new version begins anew');
});
