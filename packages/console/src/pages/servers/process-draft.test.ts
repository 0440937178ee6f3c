import assert from 'node:assert/strict';
import { test } from 'node:test';
import { draftOfRules, processProblem, rulesOf, usualProcesses } from './process-draft.ts';

test('what was stored comes back as it was', () => {
  const rules = rulesOf({ ...usualProcesses, mode: 'required', network: false, read: '/a\n\n /b ', memory: '512' });
  assert.deepEqual(rules.sandbox, { mode: 'required', network: false, read: ['/a', '/b'], write: [] });
  assert.deepEqual(rules.limits, {
    memory: 512,
    cpuSeconds: null,
    processes: null,
    lifeSeconds: null,
    callSeconds: null,
  });
  assert.deepEqual(rulesOf(draftOfRules(rules as Parameters<typeof draftOfRules>[0])), rules);
});

test('the first thing that cannot be saved is named with its field', () => {
  assert.equal(processProblem(usualProcesses), null);
  const wrong = (draft: Partial<typeof usualProcesses>) => processProblem({ ...usualProcesses, ...draft })?.field;
  assert.equal(wrong({ connections: '51' }), 'connections');
  assert.equal(wrong({ queue: '' }), 'queue');
  assert.equal(wrong({ memory: 'much' }), 'memory');
  assert.equal(wrong({ cpuSeconds: '0' }), 'cpuSeconds');
  assert.equal(wrong({ write: 'relative/path' }), 'write');
  assert.equal(wrong({ queue: '0', memory: ' 256 ' }), undefined);
});
