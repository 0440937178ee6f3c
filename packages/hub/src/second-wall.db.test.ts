// The first wall between organizations is the condition that every query carries. Here it is taken away from under the whole
// hub: every `organization = …` is dropped on the way to the database. What is done in one organization's name must show
// nothing of another all the same, be it for somebody who is signed in or on the hub's own account.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { loadOrganization } from '@mcpvault/store/catalog-view';
import { withoutFirstWall } from '@mcpvault/store/testing/without-first-wall';
import { openTestDatabase } from '@mcpvault/store/testing/test-database';
import type { Actor } from './actor.ts';
import { createTestHub, keys, stdio, type TestHub } from './testing/test-hub.ts';

let whole: TestHub;
let open: TestHub;
let ours: World;
let theirs: World;

interface World {
  readonly organization: OrganizationId;
  readonly admin: Actor;
  /** Of all that was made for it. */
  readonly ids: ReadonlySet<string>;
}

before(async () => {
  const database = await openTestDatabase();
  whole = await createTestHub(database);
  [ours, theirs] = [await world(whole), await world(whole)];
  open = await createTestHub(withoutFirstWall(database));
});
after(async () => {
  await whole?.stop();
  await open?.stop();
});

async function world(hub: TestHub): Promise<World> {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  const ids = new Set<string>([organization, admin.id]);
  const run = async (key: OperationKey, input: object) => {
    const answer = await hub.execute(key, input as never, admin);
    for (const id of idsIn(answer)) ids.add(id);
    return answer as { readonly id: string };
  };
  const name = `of-${organization}`.slice(0, 40).replaceAll('_', '-');
  const member = await run('createMember', { email: `${name}@example.com`, name });
  const team = await run('createTeam', { name, members: [member.id], leads: [] });
  const server = await run('createServer', { name: 'files', transport: stdio });
  await run('createGrant', { subject: { type: 'team', id: team.id }, server: server.id });
  await run('createPolicy', { name, reason: 'r', detectors: ['secrets'], action: { type: 'redact', style: 'label' } });
  await run('createLimit', { name, subject: { type: 'organization' }, calls: 9, per: 'minute' });
  await run('createToken', { name });
  await run('createRole', { name, permissions: ['members:read'] });
  await run('createServiceAccount', { name, owner: { type: 'team', id: team.id } });
  await run('startImpersonation', { subject: member.id, reason: 'to see what they see' });
  return { organization, admin, ids };
}

function idsIn(answer: unknown): readonly string[] {
  return JSON.stringify(answer ?? null).match(/\b[a-z]{2,5}_[0-9a-z]{20,}\b/g) ?? [];
}

function foreignIn(answer: unknown, { ids }: World): readonly string[] {
  return idsIn(answer).filter((id) => ids.has(id));
}

test('the first wall is really gone: without the second, one organization reads the other', async () => {
  const seen = await open.database.kysely
    .selectFrom('servers')
    .select('id')
    .where('organization', '=', ours.organization)
    .execute();
  assert.ok(foreignIn(seen, theirs).length > 0);
});

test('no operation shows one organization anything of another, though no query asks for its own', async () => {
  let own = 0;
  for (const key of keys) {
    const { method, input } = operations[key];
    if (method !== 'GET') continue;
    const inputs: object[] = [{}, { limit: 200 }, { of: 'all' }, { from: 0, to: 1000 }];
    for (const id of theirs.ids) inputs.push({ id }, { member: id }, { server: id });
    for (const given of inputs.filter((each) => input.strict().safeParse(each).success)) {
      const isNamed = Object.values(given).some((value) => theirs.ids.has(value as string));
      const said = await open.execute(key, given as never, ours.admin).catch(() => null);
      own += foreignIn(said, ours).length;
      // Whoever names an id may read it back.
      if (!isNamed) assert.deepEqual(foreignIn(said, theirs), [], key);
      else if (said !== null) assert.deepEqual(foreignIn(without(said, given), theirs), [], key);
    }
  }
  assert.ok(own > 20, `${own} of its own ids were shown`);
});

function without(said: unknown, given: object): unknown {
  const named = new Set<unknown>(Object.values(given));
  return JSON.parse(JSON.stringify(said), (_key, value: unknown) => (named.has(value) ? null : value));
}

test('what the hub reads for the message path, limits, the audit log and deliveries stays within the organization', async () => {
  const { organization } = ours;
  const { stores, auditLog } = open;
  const parts: Readonly<Record<string, () => Promise<unknown>>> = {
    catalog: () => loadOrganization(open.database.boundTo(organization), organization),
    limits: () => stores.limits.all(organization),
    quotas: () => stores.limitCounters.quotas(organization),
    connections: () => stores.connections.list(organization, ours.admin.caller?.member ?? 'mem_'),
    keys: () => stores.keys.of(organization),
    settings: async () => [...(await stores.settings.all(organization)).keys()],
    members: () => stores.members.list(organization, { limit: 200 }),
    tokens: () => stores.tokens.list(organization, { limit: 200 }),
    tools: () => stores.servers.list(organization, { limit: 200 }),
    audit: () => stores.audit.list(organization, { limit: 200 }),
    'audit log': () => auditLog.read(organization, 0, 1000, 1000, true),
    'audit check': () => auditLog.verify(organization),
    destinations: () => stores.destinations.all(organization),
    quarantines: () => stores.quarantines.holding(organization),
  };
  for (const [part, read] of Object.entries(parts)) {
    assert.deepEqual(foreignIn(await read(), theirs), [], part);
  }
  assert.equal((await auditLog.verify(organization)).intact, true);
});

test('what one organization is made to write into another is refused, or changes nothing there', async () => {
  const before = await whole.stores.members.list(theirs.organization, { limit: 200 });
  const stranger = before.items.find(({ id }) => id !== theirs.admin.caller?.member);
  assert.ok(stranger);
  const { stores } = open;
  assert.equal(await stores.members.update(ours.organization, stranger.id, { name: 'Changed' }), false);
  assert.equal(await stores.members.remove(ours.organization, stranger.id, 1), false);
  const grants = await whole.stores.grants.list(theirs.organization, { limit: 200 });
  for (const { id } of grants.items) assert.equal(await stores.grants.remove(ours.organization, id), false);
  assert.deepEqual(await whole.stores.members.list(theirs.organization, { limit: 200 }), before);
  assert.deepEqual(await whole.stores.grants.list(theirs.organization, { limit: 200 }), grants);
});
