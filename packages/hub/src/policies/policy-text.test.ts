import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDocument } from 'yaml';
import { parseFilePolicy, writePolicyDocument } from './policy-file.ts';
import { policyTextOf } from './policy-text.ts';

const source = `# Keep this one.
name: A
reason: r # says it all
mode: shadow
actions:
  # First of all:
  - type: refuse
`;

function policyOf(text: string) {
  const policy = parseFilePolicy(parseDocument(text));
  assert.ok(policy !== null);
  return policy;
}

test('a policy that still says what its author wrote is shown in their words', () => {
  assert.equal(policyTextOf(policyOf(source), source), source);
});

test('what was changed since is put into their words, and comments stay', () => {
  const text = policyTextOf({ ...policyOf(source), mode: 'enforce', severity: 'high' }, source);
  assert.match(text, /^# Keep this one\.\n/);
  assert.match(text, /mode: enforce\n/);
  assert.match(text, /severity: high/);
  assert.match(text, /reason: r # says it all/);
  assert.match(text, /# First of all:/);
});

test('words that are no policy any more are left behind', () => {
  for (const broken of ['name: [A', '- a', 'name: A\nsurprise: 1\n', '']) {
    const policy = policyOf(source);
    assert.equal(policyTextOf(policy, broken), writePolicyDocument(policy), broken);
  }
});
