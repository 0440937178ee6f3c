// What the log promises to hold, one by one: each leaves exactly one entry, and none repeats a secret.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Actor } from '../actor.ts';
import { strangersAtMost } from '../auth/strangers.ts';
import { writeSetup } from '../setup-state.ts';
import { createTestHub, nobody, password, stdio, type TestHub } from '../testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

async function entries(organization: OrganizationId) {
  const { items } = await hub.stores.audit.list(organization, { limit: 200 });
  return items;
}

/** What `work` left in the log, and nothing else. */
async function leftBy(organization: OrganizationId, work: () => Promise<unknown>) {
  const there = new Set((await entries(organization)).map(({ id }) => id));
  await work();
  return (await entries(organization)).filter(({ id }) => !there.has(id));
}

let addresses = 0;
function from(): Actor {
  return { ...nobody, address: `203.0.113.${++addresses}` };
}

test('a sign-in leaves one entry, and so does one with a wrong password, which says neither password', async () => {
  const organization = await hub.addOrganization();
  const { id, email } = await hub.addMember(organization, 'member', true);
  const [done, ...more] = await leftBy(organization, () => hub.execute('login', { email, password }, from()));
  assert.deepEqual(
    [done?.action, done?.actor, done?.outcome, done?.detail['method'], more],
    ['auth.login', id, 'done', 'password', []],
  );
  const wrong = 'wrong horse battery';
  const failed = await leftBy(organization, () =>
    assert.rejects(hub.execute('login', { email, password: wrong }, from()), { code: 'invalid_credentials' }),
  );
  assert.deepEqual(
    failed.map(({ action, actor, outcome }) => [action, actor, outcome]),
    [['auth.login', id, 'refused']],
  );
  assert.doesNotMatch(JSON.stringify([done, failed]), /horse battery/);
});

test('a try to sign in as nobody there is leaves one entry where the hub was set up: no address and no password in it', async () => {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  await writeSetup(hub.stores.settings, { organization, member: admin.id, completed: true }, 1);
  const typed = { email: 'pa55word.typed@too-early.example', password: 'pa55word typed here' };
  const tried = async (email: string) => {
    const left = await leftBy(organization, () =>
      assert.rejects(hub.execute('login', { ...typed, email }, from()), { code: 'invalid_credentials' }),
    );
    assert.deepEqual(
      left.map(({ action, actor, actorLabel, subject, outcome }) => [action, actor, actorLabel, subject, outcome]),
      [['auth.login', 'unknown', 'unknown', null, 'refused']],
    );
    assert.doesNotMatch(JSON.stringify(left), /pa55word|too-early/);
    return left[0]?.detail['mark'];
  };
  const mark = await tried(typed.email);
  assert.match(String(mark), /^[0-9a-f]{16}$/);
  assert.equal(await tried(` ${typed.email.toUpperCase()}`.trim()), mark, 'tries with one address belong together');
  assert.notEqual(await tried('somebody.else@too-early.example'), mark);
});

test('tries without end do not fill the log: beyond a bound they are counted, and the next entry says how many', async () => {
  const other = await createTestHub(hub.database);
  try {
    const organization = await other.addOrganization();
    const admin = await other.addMember(organization, 'admin');
    await writeSetup(other.stores.settings, { organization, member: admin.id, completed: true }, 2);
    const attempt = (number: number) =>
      assert.rejects(
        other.execute(
          'login',
          { email: `nobody-${number}@flood.example`, password: 'x' },
          { ...nobody, address: `10.${number}.0.1` },
        ),
        { code: 'invalid_credentials' },
      );
    for (let number = 0; number < strangersAtMost + 3; number++) await attempt(number);
    const { items } = await other.stores.audit.list(organization, { action: 'auth.login', limit: 200 });
    assert.equal(items.length, strangersAtMost);
    other.ambient.clock.time += 3_600_000;
    await attempt(200);
    const [latest] = (await other.stores.audit.list(organization, { action: 'auth.login', limit: 1 })).items;
    assert.equal(latest?.detail['missed'], 3);
  } finally {
    await other.stop();
  }
});

test('a refusal leaves one entry, whether the role, the operation itself or a key without reach refuses', async () => {
  const organization = await hub.addOrganization();
  const member = await hub.addMember(organization, 'member', true);
  const admin = await hub.addMember(organization, 'admin', true);
  const refusals: [string, () => Promise<unknown>][] = [
    ['members.list', () => hub.execute('listMembers', {}, member)],
    ['impersonations.start', () => hub.execute('startImpersonation', { subject: admin.id, reason: 'to see' }, member)],
  ];
  for (const [action, work] of refusals) {
    const left = await leftBy(organization, () => assert.rejects(work(), { code: 'forbidden' }));
    assert.deepEqual(
      left.map((entry) => [entry.action, entry.actor, entry.outcome]),
      [[action, member.id, 'refused']],
    );
  }
});

test('acting as somebody leaves one entry at its beginning, one at its end, and names both in what is done between', async () => {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  const member = await hub.addMember(organization, 'member');
  let started = { id: 'imp_' as const, accessToken: '' } as { id: `imp_${string}`; accessToken: string };
  const begun = await leftBy(organization, async () => {
    started = await hub.execute('startImpersonation', { subject: member.id, reason: 'to see what they see' }, admin);
  });
  assert.deepEqual(
    begun.map(({ action, actor, outcome }) => [action, actor, outcome]),
    [['impersonations.start', admin.id, 'done']],
  );
  const ended = await leftBy(organization, () => hub.execute('endImpersonation', { id: started.id }, member));
  assert.deepEqual(
    ended.map(({ action, actor }) => [action, actor]),
    [['impersonations.end', member.id]],
  );
});

test('each change of a policy leaves one entry that names it', async () => {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  let policy = '';
  const draft = {
    ...{ name: 'No keys', reason: 'keys stay', detectors: ['secrets'] },
    action: { type: 'redact' as const, style: 'label' as const },
  };
  const left = await leftBy(organization, async () => {
    const made = await hub.execute('createPolicy', draft, admin);
    policy = made.id;
    await hub.execute('updatePolicy', { ...draft, id: made.id, enabled: false }, admin);
    await hub.execute('removePolicy', { id: made.id }, admin);
  });
  assert.deepEqual(left.map(({ action, subject }) => [action, subject]).toReversed(), [
    ['policies.create', policy],
    ['policies.update', policy],
    ['policies.remove', policy],
  ]);
});

test('what an operation keeps secret is in none of its entries', async () => {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  const left = await leftBy(organization, async () => {
    const { id } = await hub.execute('createServer', { name: 'secretive', transport: stdio }, admin);
    const { token } = await hub.execute('createToken', { name: 'x' }, admin);
    assert.ok(token.length > 20);
    await hub.execute('removeServer', { id }, admin);
    assert.doesNotMatch(JSON.stringify(await entries(organization)), new RegExp(token));
  });
  assert.equal(left.length, 3);
  assert.doesNotMatch(JSON.stringify(left), /hidden/);
});
