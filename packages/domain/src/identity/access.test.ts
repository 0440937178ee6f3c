import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Grant, type GrantSubject, hasEnded, unconditional } from './access.ts';
import type { Attempt } from './condition.ts';
import { indexGrants } from './grant-index.ts';
import { reachOf } from './reach.ts';
import { builtInRoles } from './role.ts';

const servers = ['srv_a', 'srv_b'] as const;
const subject = fc.constantFrom<GrantSubject>(
  { type: 'member', id: 'mem_1' },
  { type: 'member', id: 'mem_2' },
  { type: 'team', id: 'team_1' },
  { type: 'team', id: 'team_2' },
  { type: 'role', id: 'member' },
  { type: 'role', id: 'auditor' },
);
const drawn = fc.record({
  effect: fc.constantFrom('allow', 'allow', 'deny'),
  subject,
  server: fc.constantFrom(...servers),
  tools: fc.option(fc.subarray(['read', 'write'])),
  prompts: fc.option(fc.subarray(['read', 'write']), { freq: 1 }),
  resources: fc.option(fc.subarray(['file:///a', 'file:///*'])),
  expiresAt: fc.option(fc.integer({ min: 0, max: 10 })),
});
const grants: fc.Arbitrary<Grant[]> = fc
  .array(drawn)
  .map((all) => all.map((each, at) => ({ ...unconditional, ...each, id: `grt_${at}` }) as Grant));
const items = fc.constantFrom(
  ...(['tool', 'prompt'] as const).flatMap((kind) => ['read', 'write', 'other'].map((name) => ({ kind, name }))),
  ...['file:///a', 'file:///a/b', 'http://a'].map((name) => ({ kind: 'resource', name }) as const),
);
const caller = { member: 'mem_1', email: 'a@b.c', teams: ['team_1'], role: 'member' } as const;
const permissionsOf = (role: 'member' | 'admin') => builtInRoles[role].permissions;

const transport = { type: 'stdio', command: 'x', args: [], env: {} } as const;
const server = { id: 'srv_a', name: 'a', transport } as const;

function attempt(more: Partial<Attempt>): Attempt {
  const where = { now: 0, address: null, client: null };
  return { ...where, caller, server, kind: null, name: '', arguments: () => ({}), ...more };
}

/** What the words say, without an index. */
function bySaying(all: readonly Grant[], server: string, now: number, { kind, name }: { kind: string; name: string }) {
  const mine = all.filter((grant) => {
    const { type, id } = grant.subject;
    if (grant.server !== server || (grant.expiresAt !== null && grant.expiresAt <= now)) return false;
    const isMine =
      (type === 'member' && id === 'mem_1') ||
      (type === 'team' && id === 'team_1') ||
      (type === 'role' && id === 'member');
    const named = { tool: grant.tools, prompt: grant.prompts, resource: grant.resources }[kind];
    const isWhole = grant.tools === null && grant.prompts === null && grant.resources === null;
    const like = (pattern: string) => pattern === name || (pattern === 'file:///*' && name.startsWith('file:///'));
    return isMine && (isWhole || named?.some(like) === true);
  });
  return { given: mine.some(({ effect }) => effect === 'allow'), taken: mine.some(({ effect }) => effect === 'deny') };
}

test('a caller may use what grants to them, their teams and their role give together, less what any deny takes', () => {
  fc.assert(
    fc.property(
      grants,
      fc.constantFrom(...servers),
      fc.integer({ min: 0, max: 11 }),
      items,
      (all, server, now, item) => {
        for (const role of ['member', 'admin'] as const) {
          const theirs = indexGrants(all).of({ ...caller, permissions: permissionsOf('member') });
          const valid = theirs.filter((grant) => grant.server === server && !hasEnded(grant, now));
          const reach = reachOf(role === 'admin', valid);
          const { given, taken } = bySaying(all, server, now, item);
          const expected = (role === 'admin' || given) && !taken;
          const about = attempt({ ...item, now });
          assert.equal(reach?.decide(about).allowed ?? false, expected);
          assert.equal(reach?.lists(about) ?? false, expected, 'without conditions, what is allowed is what is listed');
          if (reach?.isWhole) assert.ok(expected, 'what is whole is never refused');
        }
      },
    ),
  );
});

test('an answer names the grant or the deny that it comes from, and tells only those of it who have a grant', () => {
  const one = (more: Partial<Grant>): Grant => ({
    ...unconditional,
    id: 'grt_1',
    subject: caller0,
    server: 'srv_a',
    ...more,
  });
  const caller0 = { type: 'member', id: 'mem_1' } as const;
  const reach = reachOf(false, [
    one({ tools: ['read', 'write'] }),
    one({ id: 'grt_2', effect: 'deny', tools: ['write', 'drop'], reason: 'reading only' }),
  ]);
  const said = (name: string) => reach?.decide(attempt({ kind: 'tool', name }));
  assert.deepEqual(said('read'), { allowed: true, because: 'granted by grt_1', grant: 'grt_1' });
  assert.deepEqual(said('write'), {
    allowed: false,
    because: 'denied by grt_2: reading only',
    grant: 'grt_2',
    isUnknown: false,
  });
  assert.deepEqual([said('drop')?.allowed, said('nothing')?.allowed], [false, false]);
  for (const name of ['drop', 'nothing']) {
    const decision = said(name);
    assert.ok(decision?.allowed === false && decision.isUnknown, 'what no grant gives reads as what does not exist');
  }
  assert.deepEqual(reachOf(true, [])?.decide(attempt({})), {
    allowed: true,
    because: 'the role member may use every server',
    grant: null,
  });
  assert.equal(reachOf(true, [one({ effect: 'deny' })]), null, 'a deny outweighs a role too');
});

test('a change of one grant leaves the lists of everybody else the objects they were', () => {
  fc.assert(
    fc.property(grants, fc.nat(), (all, seed) => {
      const index = indexGrants(all);
      const them = {
        member: 'mem_2',
        teams: ['team_2'],
        role: 'auditor',
        permissions: permissionsOf('member'),
      } as const;
      const before = index.listsOf(them);
      const changed = all[seed % Math.max(1, all.length)];
      if (changed === undefined) return;
      const isTheirs = ['mem_2', 'team_2', 'auditor'].includes(changed.subject.id);
      index.put(changed.id, seed % 2 === 0 ? null : { ...changed, tools: ['read'] });
      assert.equal(index.names(them, before), !isTheirs);
      const left = all.filter(({ id }) => id !== changed.id);
      const expected = seed % 2 === 0 ? left : [...left, { ...changed, tools: ['read'] }];
      const all2 = indexGrants(expected);
      const byId = (list: readonly Grant[]) => list.toSorted((a, b) => a.id.localeCompare(b.id));
      assert.deepEqual(byId(index.of(them)), byId(all2.of(them)));
      index.replaceOf('mem_2', []);
      assert.equal(
        index.of({ ...them, teams: [] }).some(({ subject: { id } }) => id === 'mem_2'),
        false,
      );
    }),
  );
});
