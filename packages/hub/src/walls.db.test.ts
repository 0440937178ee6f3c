// Two walls, walked along their whole length: no operation without its permission, whatever else one may do, and nothing of
// one organization in what another is told.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type OperationKey, operations } from '@mcpvault/contract/operations';
import { apiRoot, takesBody } from '@mcpvault/contract/route';
import { permissions } from '@mcpvault/domain/identity/permission';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import fc from 'fast-check';
import type { Actor } from './actor.ts';
import { runTestHub } from './testing/running-hub.ts';
import { createTestHub, keys, stdio, type TestHub } from './testing/test-hub.ts';

let hub: TestHub;
before(async () => {
  hub = await createTestHub();
});
after(() => hub.stop());

const guarded = keys.filter((key) => !['anyone', 'self'].includes(operations[key].permission));

test('no operation is done by who has every permission but the one that it declares', async () => {
  const organization = await hub.addOrganization();
  const { caller, ...actor } = await hub.addMember(organization, 'admin');
  assert.ok(caller);
  assert.ok(guarded.length > 30);
  for (const key of guarded) {
    const others = permissions.filter((permission) => permission !== operations[key].permission);
    const lacking: Actor = { ...actor, caller: { ...caller, permissions: new Set(others) } };
    await assert.rejects(hub.execute(key, {} as never, lacking), { code: 'forbidden' }, key);
  }
});

test('open by default: over HTTP, every route refuses who is not signed in, and every member whose role lacks its permission', async () => {
  const server = await runTestHub();
  try {
    const admin = await server.signIn();
    const password = 'correct horse battery';
    const email = 'plain@example.com';
    await server.call('POST', '/api/v1/members', { email, name: 'Plain', password }, admin);
    const signedIn = await server.call('POST', '/api/v1/auth/login', { email, password });
    const plain = String(signedIn.body['accessToken']);
    for (const key of keys) {
      const operation = operations[key];
      if (operation.permission === 'anyone') continue;
      const path = `${apiRoot}${operation.path.replaceAll(/\{\w+\}/g, 'srv_none')}`;
      const body = takesBody(operation) ? {} : undefined;
      assert.equal((await server.call(operation.method, path, body)).status, 401, key);
      if (builtInRoles.member.permissions.has(operation.permission)) continue;
      assert.equal((await server.call(operation.method, path, body, plain)).status, 403, key);
    }
  } finally {
    await server.hub.stop();
  }
});

/** What is done to an organization; the number says to which of the things that are there already. */
const deeds = [
  'member',
  'team',
  'server',
  'grant',
  'token',
  'policy',
  'role',
  'account',
  'key',
  'act',
  'limit',
] as const;
const history = fc.array(fc.tuple(fc.constantFrom(...deeds), fc.nat(20)), { minLength: 6, maxLength: 25 });

test('no answer to one organization holds an id of another, whatever the two have made', async () => {
  await fc.assert(
    fc.asyncProperty(history, history, async (one, other) => {
      const [ours, theirs] = [await make(one), await make(other)];
      for (const [asker, foreign] of [
        [ours, theirs.ids],
        [theirs, ours.ids],
      ] as const) {
        const answers = await everythingSeenBy(asker.admin, foreign);
        const own = new Set(answers.flatMap(({ said }) => idsIn(said)).filter((id) => asker.ids.has(id)));
        assert.ok(own.size > 0, 'its own are there');
        for (const answer of answers) {
          const seen = idsIn(answer.said).filter((id) => foreign.has(id));
          assert.deepEqual(seen, [], answer.key);
        }
      }
    }),
    { numRuns: 6 },
  );
});

async function make(deedsDone: readonly (readonly [(typeof deeds)[number], number])[]) {
  const organization = await hub.addOrganization();
  const admin = await hub.addMember(organization, 'admin');
  const ids = new Set<string>([organization, admin.id]);
  const made = {
    member: [admin.id] as string[],
    team: [] as string[],
    server: [] as string[],
    account: [] as string[],
  };
  const keep = (answer: unknown): string => {
    for (const id of idsIn(answer)) ids.add(id);
    return (answer as { id: string }).id;
  };
  const pick = (list: readonly string[], number: number) => list[number % Math.max(1, list.length)];
  let number = 0;
  for (const [deed, which] of deedsDone) {
    number += 1;
    const run = (key: OperationKey, input: object) => hub.execute(key, input as never, admin).then(keep);
    const team = pick(made.team, which);
    const server = pick(made.server, which);
    const member = pick(made.member, which);
    const account = pick(made.account, which);
    const name = `${deed}-${number}`;
    if (deed === 'member') {
      made.member.push(await run('createMember', { email: `${name}-${organization}@example.com`, name }));
    }
    if (deed === 'team')
      made.team.push(await run('createTeam', { name, parent: team, members: [member], leads: [member] }));
    if (deed === 'server') made.server.push(await run('createServer', { name, transport: stdio }));
    if (deed === 'grant' && server) await run('createGrant', { subject: { type: 'member', id: member }, server });
    if (deed === 'token') await run('createToken', { name, scope: server && { servers: [{ server }] } });
    if (deed === 'policy') {
      await run('createPolicy', {
        name,
        reason: 'r',
        detectors: ['secrets'],
        action: { type: 'redact', style: 'label' },
      });
    }
    if (deed === 'role') await run('createRole', { name, permissions: ['members:read'] });
    if (deed === 'account') {
      const owner = team ? { type: 'team', id: team } : { type: 'member', id: member };
      made.account.push(await run('createServiceAccount', { name, owner }));
    }
    if (deed === 'key' && account) await run('createServiceAccountKey', { id: account, name });
    if (deed === 'act' && member !== admin.id) {
      await run('startImpersonation', { subject: member, reason: 'to see what they see' });
    }
    if (deed === 'limit')
      await run('createLimit', { name, subject: { type: 'organization' }, calls: 9, per: 'minute' });
  }
  return { admin, ids };
}

/** What every read says, asked for all there is, and for what belongs to somebody else by its id. */
async function everythingSeenBy(admin: Actor, foreign: ReadonlySet<string>) {
  const answers: { key: OperationKey; said: unknown }[] = [];
  for (const key of keys) {
    const { method, input } = operations[key];
    if (method !== 'GET') continue;
    const inputs: object[] = [{}, { limit: 200 }, { of: 'all' }, { member: 'all' }, { from: 0, to: 1000 }];
    for (const id of foreign) inputs.push({ id }, { member: id }, { server: id });
    for (const given of inputs.filter((each) => input.strict().safeParse(each).success)) {
      const isTheirs = Object.values(given).some((value) => foreign.has(value));
      const said = await hub.execute(key, given as never, admin).catch((error: unknown) => {
        const { message, details } = error as { message: string; details?: unknown };
        // Who names an id may read it back.
        return isTheirs ? {} : { message, details };
      });
      // A list that is narrowed to what is somebody else's says nothing of it, nor does an error.
      answers.push({ key, said });
    }
  }
  return answers;
}

function idsIn(answer: unknown): readonly string[] {
  return JSON.stringify(answer ?? null).match(/\b[a-z]{2,5}_[0-9a-z]{20,}\b/g) ?? [];
}
