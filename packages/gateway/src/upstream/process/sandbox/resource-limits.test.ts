import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planLimits } from './resource-limits.ts';

const none = { memory: null, cpuSeconds: null, processes: null, lifeSeconds: null, callSeconds: null };
const means = { prlimit: '/usr/bin/prlimit', groups: false, ownUser: false, root: false };

test('without limits nothing stands before the program, and nothing is missing', () => {
  assert.deepEqual(planLimits(none, means), { prefix: [], missing: [] });
  assert.deepEqual(planLimits({ ...none, callSeconds: 5, lifeSeconds: 5 }, { ...means, prlimit: null }).missing, []);
});

test('memory is the control group’s matter where there is one, and prlimit’s with a reserve where there is none', () => {
  const limits = { ...none, memory: 100 };
  assert.deepEqual(planLimits(limits, { ...means, groups: true }), { prefix: [], missing: [] });
  assert.deepEqual(planLimits(limits, means).prefix, [
    '/usr/bin/prlimit',
    '--core=0',
    `--data=${612 * 1024 * 1024}`,
    '--',
  ]);
});

test('the number of processes is limited only where they are counted by themselves', () => {
  const limits = { ...none, processes: 20 };
  assert.ok(planLimits(limits, { ...means, ownUser: true }).prefix.includes('--nproc=20'));
  assert.deepEqual(planLimits(limits, { ...means, groups: true }).missing, []);
  for (const lacking of [means, { ...means, ownUser: true, root: true }, { ...means, ownUser: true, prlimit: null }]) {
    assert.equal(planLimits(limits, lacking).missing.length > 0, true);
  }
});

test('without prlimit it is said what cannot be had', () => {
  const { prefix, missing } = planLimits({ ...none, cpuSeconds: 3 }, { ...means, prlimit: null });
  assert.deepEqual(prefix, []);
  assert.match(missing.join(), /prlimit is missing.*apt-get install/);
});
