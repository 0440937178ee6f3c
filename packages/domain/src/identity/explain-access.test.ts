import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accessTo, type Grant } from './access.ts';
import { explainAccess, type Question } from './explain-access.ts';
import { builtInRoles } from './role.ts';

const member: Question['member'] = {
  member: 'mem_1',
  teams: ['team_1'],
  role: 'member',
  permissions: builtInRoles.member.permissions,
  name: 'Ada',
  roleName: 'Member',
  isDisabled: false,
};
const server = { id: 'srv_a', name: 'files', isEnabled: true } as const;
const grant: Grant = {
  id: 'grt_1',
  subject: { type: 'team', id: 'team_1' },
  server: 'srv_a',
  tools: null,
  expiresAt: null,
};
const question: Question = { member, server, tool: null, grants: [], now: 5 };

test('what speaks for and against is told in words', () => {
  const nothing = explainAccess(question);
  assert.equal(nothing.allowed, false);
  assert.match(nothing.steps.at(-1)?.text ?? '', /No grant names files/);
  const granted = explainAccess({ ...question, grants: [grant] });
  assert.deepEqual([granted.allowed, granted.tools, granted.steps.at(-1)?.grant], [true, null, 'grt_1']);
  const ended = explainAccess({ ...question, grants: [{ ...grant, expiresAt: 5 }] });
  assert.deepEqual(
    [ended.allowed, ended.steps.at(-1)?.text],
    [false, 'A grant to a team of theirs (every tool) has ended.'],
  );
  const other = explainAccess({ ...question, tool: 'write', grants: [{ ...grant, tools: ['read'] }] });
  assert.deepEqual([other.allowed, other.tools], [false, ['read']]);
  assert.match(other.steps.at(-1)?.text ?? '', /other tools of files: read/);
});

test('a disabled member and a server that is switched off outweigh every grant', () => {
  const disabled = { ...question, grants: [grant], member: { ...member, isDisabled: true } };
  assert.equal(explainAccess(disabled).allowed, false);
  assert.equal(explainAccess({ ...question, grants: [grant], server: { ...server, isEnabled: false } }).allowed, false);
});

test('an explanation says what the decision says', () => {
  const grants = fc.array(
    fc.record({
      tools: fc.option(fc.subarray(['read', 'write'])),
      expiresAt: fc.option(fc.integer({ min: 0, max: 9 })),
      server: fc.constantFrom('srv_a' as const, 'srv_b' as const),
    }),
  );
  const role = fc.constantFrom('admin' as const, 'member' as const);
  fc.assert(
    fc.property(grants, role, fc.constantFrom(null, 'read', 'write'), (drawn, who, tool) => {
      const all = drawn.map((more) => ({ ...grant, ...more }));
      const asked = { ...member, role: who, permissions: builtInRoles[who].permissions };
      const decided = accessTo('srv_a', asked, all, 5);
      const allowed = decided.allowed && (tool === null || decided.tools === null || decided.tools.has(tool));
      assert.equal(explainAccess({ ...question, member: asked, grants: all, tool }).allowed, allowed);
    }),
  );
});
