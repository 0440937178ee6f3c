import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ApprovalState, approvalLife, covers, outcomeOf, termsOf } from './approval.ts';
import { type Decider, whyNotDecide } from './may-decide.ts';

const hold = (more: object = {}) => ({ policy: 'pol_1', version: 1, reason: 'ask first', ...more }) as const;

test('of several policies the strictest terms hold', () => {
  assert.deepEqual(termsOf({ policies: [hold()] }), { needed: 1, from: [], minutes: 60, sessions: true });
  assert.deepEqual(
    termsOf({
      policies: [hold({ approvers: 2, from: ['supervisor'], minutes: 30 }), hold({ once: true, minutes: 90 })],
    }),
    { needed: 2, from: [['supervisor']], minutes: 30, sessions: false },
  );
});

test('an approval covers the policies it was given for, in the versions they had', () => {
  const approved = [{ policy: 'pol_1', version: 1 } as const, { policy: 'pol_2', version: 4 } as const];
  assert.ok(covers(approved, { policies: [hold()] }));
  assert.ok(!covers(approved, { policies: [hold({ version: 2 })] }));
  assert.ok(!covers(approved, { policies: [hold(), hold({ policy: 'pol_3' })] }));
});

test('one no is a no, and as many different people as it takes are a yes', () => {
  const approve = { says: 'approve' } as const;
  assert.equal(outcomeOf([], 1), 'pending');
  assert.equal(outcomeOf([approve], 2), 'pending');
  assert.equal(outcomeOf([approve, approve], 2), 'approved');
  assert.equal(outcomeOf([approve, approve, { says: 'refuse' }], 2), 'refused');
});

test('whatever happens, a request that is over stays over, and nothing is used that was not approved', () => {
  const happening = fc.constantFrom('approve', 'refuse', 'withdraw', 'use', 'expire' as const);
  fc.assert(
    fc.property(fc.array(happening, { maxLength: 12 }), (walk) => {
      let state: ApprovalState = 'pending';
      let wasApproved = false;
      for (const happens of walk) {
        const next: ApprovalState | null = approvalLife[state][happens];
        if (next === null) continue;
        assert.ok(state === 'pending' || state === 'approved');
        if (next === 'approved') wasApproved = true;
        if (next === 'used') assert.ok(wasApproved);
        state = next;
      }
    }),
  );
});

const somebody: Decider = {
  member: 'mem_2',
  email: 'Lead@example.com',
  roles: ['member', 'Member'],
  teams: ['team_1', 'Database'],
  decidesAll: false,
  supervises: false,
};

test('where no policy names anybody, whoever supervises the asker decides, and who may for all', () => {
  const asked = { excluded: ['mem_1'], from: [] } as const;
  assert.notEqual(whyNotDecide(asked, somebody), null);
  assert.equal(whyNotDecide(asked, { ...somebody, supervises: true }), null);
  assert.equal(whyNotDecide(asked, { ...somebody, decidesAll: true }), null);
});

test('where policies name people, one of each list decides, and nobody else, whatever they may', () => {
  const from = (...lists: string[][]) => ({ excluded: [], from: lists });
  for (const name of ['team:Database', 'team:team_1', 'role:member', 'lead@example.com'])
    assert.equal(whyNotDecide(from([name]), somebody), null, name);
  for (const name of ['supervisor', 'team:database', 'role:admin', 'other@example.com', 'member', 'Database'])
    assert.notEqual(whyNotDecide(from([name]), { ...somebody, decidesAll: true }), null, name);
  assert.notEqual(whyNotDecide(from(['team:Database'], ['role:admin']), somebody), null);
  assert.equal(whyNotDecide(from(['team:Database'], ['role:admin', 'role:member']), somebody), null);
});

test('nobody approves what they asked for, whatever they may and whoever names them', () => {
  const all = { ...somebody, decidesAll: true, supervises: true };
  assert.match(whyNotDecide({ excluded: ['mem_2'], from: [] }, all) ?? '', /themselves/);
  assert.match(whyNotDecide({ excluded: ['mem_1', 'mem_2'], from: [['role:member']] }, all) ?? '', /themselves/);
});
