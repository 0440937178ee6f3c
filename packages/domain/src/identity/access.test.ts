import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accessTo, type Grant, type GrantSubject, indexGrants } from './access.ts';
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
const grants = fc.array(
  fc.record({
    id: fc.constant('grt_1' as const),
    subject,
    server: fc.constantFrom(...servers),
    tools: fc.option(fc.subarray(['read', 'write'])),
    expiresAt: fc.option(fc.integer({ min: 0, max: 10 })),
  }),
);
const caller = { member: 'mem_1', teams: ['team_1'], role: 'member', ...permissionsOf('member') } as const;

function permissionsOf(role: 'member' | 'admin') {
  return { permissions: builtInRoles[role].permissions };
}

/** What the words say, without an index. */
function bySaying(all: readonly Grant[], server: string, now: number): ReadonlySet<string> | null | undefined {
  const mine = all.filter(
    ({ subject: { type, id }, expiresAt, server: of }) =>
      of === server &&
      (expiresAt === null || expiresAt > now) &&
      ((type === 'member' && id === 'mem_1') ||
        (type === 'team' && id === 'team_1') ||
        (type === 'role' && id === 'member')),
  );
  if (mine.length === 0) return undefined;
  return mine.some(({ tools }) => tools === null) ? null : new Set(mine.flatMap(({ tools }) => tools ?? []));
}

test('a caller may use what valid grants to them, their teams and their role give together, and nothing else', () => {
  fc.assert(
    fc.property(grants, fc.constantFrom(...servers), fc.integer({ min: 0, max: 11 }), (all, server, now) => {
      const access = accessTo(server, caller, indexGrants(all).of(caller), now);
      const expected = bySaying(all, server, now);
      assert.deepEqual(access.allowed ? access.tools : undefined, expected);
    }),
  );
});

test('who may use any server needs no grant', () => {
  const access = accessTo('srv_a', { ...caller, role: 'admin', ...permissionsOf('admin') }, [], 0);
  assert.deepEqual(access, { allowed: true, tools: null, because: 'the role admin may use every server' });
});
