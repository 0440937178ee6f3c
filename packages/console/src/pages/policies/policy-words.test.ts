import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actionWords, detectorWords, directionWords, listed } from './policy-words.ts';

const detectors = [
  { id: 'aws-access-key', group: 'secrets', title: 'AWS access key', description: '', quality: null },
  { id: 'email', group: 'personal-data', title: 'E-mail address', description: '', quality: null },
];

test('groups are named as groups, detectors by their titles, unknown ones by their id', () => {
  assert.equal(
    detectorWords({ detectors: ['secrets', 'email', 'gone'] }, detectors),
    'secrets, E-mail address and gone',
  );
});

test('actions and directions read as sentences do', () => {
  assert.equal(actionWords({ action: { type: 'redact', style: 'mask' } }), 'Masks with asterisks');
  assert.equal(actionWords({ action: { type: 'refuse' } }), 'Refuses the message');
  assert.equal(directionWords({ directions: ['result'] }), 'on the way to clients');
  assert.equal(directionWords({ directions: ['call', 'result'] }), 'in both directions');
});

test('lists end with "and"', () => {
  assert.deepEqual(
    [listed([]), listed(['a']), listed(['a', 'b']), listed(['a', 'b', 'c'])],
    ['', 'a', 'a and b', 'a, b and c'],
  );
});
