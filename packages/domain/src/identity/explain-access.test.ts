import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Grant, unconditional } from './access.ts';
import { explainAccess, type Question } from './explain-access.ts';
import { reachOf } from './reach.ts';
import { builtInRoles } from './role.ts';

const member: Question['member'] = {
  member: 'mem_1',
  email: 'ada@example.com',
  teams: ['team_1'],
  role: 'member',
  permissions: builtInRoles.member.permissions,
  name: 'Ada',
  roleName: 'Member',
  isDisabled: false,
};
const transport = { type: 'stdio', command: 'x', args: [], env: {} } as const;
const server = { id: 'srv_a', name: 'files', transport, isEnabled: true } as const;
const grant: Grant = { ...unconditional, id: 'grt_1', subject: { type: 'team', id: 'team_1' }, server: 'srv_a' };
const circumstances = { now: 5, address: '192.0.2.1', client: null };
const question: Question = { member, server, item: null, grants: [], circumstances };
const tool = (name: string) => ({ kind: 'tool', name }) as const;

test('what speaks for and against is told in words', () => {
  const nothing = explainAccess(question);
  assert.equal(nothing.allowed, false);
  assert.match(nothing.steps.at(-1)?.text ?? '', /No grant names files/);
  const granted = explainAccess({ ...question, grants: [grant] });
  assert.deepEqual([granted.allowed, granted.extent?.tools, granted.steps.at(-1)?.grant], [true, null, 'grt_1']);
  const ended = explainAccess({ ...question, grants: [{ ...grant, expiresAt: 5 }] });
  assert.equal(ended.allowed, false);
  assert.ok(ended.steps.some(({ text }) => text === 'A grant to a team of theirs (the whole server) has ended.'));
  const other = explainAccess({ ...question, item: tool('write'), grants: [{ ...grant, tools: ['read'] }] });
  assert.deepEqual([other.allowed, other.extent?.tools], [false, ['read']]);
  assert.match(other.steps.at(-1)?.text ?? '', /No grant that holds gives the tool write of files/);
});

test('a deny is told with what it takes, and outweighs', () => {
  const deny: Grant = { ...grant, id: 'grt_2', effect: 'deny', tools: ['write'] };
  const of = (name: string) => explainAccess({ ...question, item: tool(name), grants: [grant, deny] });
  assert.deepEqual([of('read').allowed, of('write').allowed], [true, false]);
  const step = of('write').steps.find(({ about }) => about === 'deny');
  assert.deepEqual([step?.speaksFor, step?.grant], [false, 'grt_2']);
  assert.equal(step?.text, 'A deny for a team of theirs takes the tools write.');
  assert.deepEqual(of('read').extent?.except.tools, ['write']);
});

test('a disabled member and a server that is switched off outweigh every grant', () => {
  const disabled = { ...question, grants: [grant], member: { ...member, isDisabled: true } };
  assert.equal(explainAccess(disabled).allowed, false);
  assert.equal(explainAccess({ ...question, grants: [grant], server: { ...server, isEnabled: false } }).allowed, false);
});

test('an explanation says what the decision says', () => {
  const grants = fc.array(
    fc.record({
      effect: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
      tools: fc.option(fc.subarray(['read', 'write'])),
      expiresAt: fc.option(fc.integer({ min: 0, max: 9 })),
      server: fc.constantFrom('srv_a' as const, 'srv_b' as const),
    }),
  );
  const role = fc.constantFrom('admin' as const, 'member' as const);
  fc.assert(
    fc.property(grants, role, fc.constantFrom('read', 'write'), (drawn, who, name) => {
      const all = drawn.map((more) => ({ ...grant, ...more }));
      const asked = { ...member, role: who, permissions: builtInRoles[who].permissions };
      const valid = all.filter((each) => each.server === 'srv_a' && (each.expiresAt === null || each.expiresAt > 5));
      const attempt = { ...circumstances, caller: asked, server, ...tool(name), arguments: () => ({}) };
      const decided = reachOf(who === 'admin', valid)?.decide(attempt).allowed ?? false;
      const item = tool(name);
      const explained = explainAccess({ ...question, member: asked, grants: all, item, arguments: {} });
      assert.equal(explained.allowed, decided);
    }),
  );
});
