import assert from 'node:assert/strict';
import { test } from 'node:test';
import { offersAt, type Vocabulary } from './completions.ts';

const words: Vocabulary = {
  variables: [
    { name: 'tool.name', type: 'string', means: 'Its name.' },
    { name: 'tool.destructive', type: 'bool', means: 'It may destroy.' },
    { name: 'size', type: 'int', means: 'Bytes.' },
  ],
  functions: [{ signature: 'hosts(dyn): list<string>', means: 'Hosts.', example: 'hosts(arguments)' }],
  detectors: [{ id: 'github-token', group: 'secrets', title: 'GitHub token' }],
  servers: ['warehouse'],
  teams: ['Data'],
};
const labels = (before: string) => offersAt(before, words)?.offers.map(({ label }) => label) ?? [];

test('at the beginning of a line keys are offered, and inside a part those of the part', () => {
  assert.ok(labels('na').includes('name'));
  assert.ok(labels('name: A\nscope:\n  to').includes('tools'));
  assert.ok(!labels('name: A\nscope:\n  to').includes('name'));
  assert.ok(labels('actions:\n  - ty').includes('type'));
  assert.ok(labels('actions:\n  - type: refuse\n    co').includes('code'));
  assert.ok(labels('tests:\n  - name: x\n    given:\n      to').includes('tool'));
  assert.ok(labels('scope:\n  tools: [a]\nde').includes('detectors'));
});

test('behind a key its values are offered', () => {
  assert.deepEqual(labels('mode: '), ['draft', 'shadow', 'enforce']);
  assert.ok(labels('actions:\n  - type: ref').includes('refuse'));
  assert.deepEqual(labels('scope:\n  servers: [w'), ['warehouse']);
  assert.deepEqual(labels('scope:\n  servers:\n    - '), ['warehouse']);
  assert.deepEqual(labels('pilot:\n  - '), ['Data']);
  assert.deepEqual(labels('detectors: [s'), ['secrets', 'github-token']);
  assert.deepEqual(labels('name: '), []);
});

test('in a condition, of one line or of many, what it can read and call is offered', () => {
  assert.ok(labels('condition: to').includes('tool.name'));
  assert.ok(labels('condition: ho').includes('hosts'));
  assert.ok(labels('condition: tool.').includes('destructive'));
  assert.ok(labels('condition: tool.name.').includes('startsWith'));
  assert.ok(labels('condition: >-\n  tool.name == "a" &&\n  too').includes('tool.destructive'));
  assert.equal(offersAt('condition: tool.de', words)?.typed, 2);
});
