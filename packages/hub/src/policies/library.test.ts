import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runPolicyTests } from '@mcpvault/domain/policy/run-tests';
import { policyProblems } from '@mcpvault/domain/policy/validate';
import { loadInjection } from '../inspection/load-injection.ts';
import { policyLibrary } from './library.ts';
import { policyOfFile, readPolicyFile, writePolicyDocument } from './policy-file.ts';

test('every policy that comes with MCPVault can be saved, and has tests for what it matches and what it does not', () => {
  const library = policyLibrary();
  assert.ok(library.length >= 11, String(library.length));
  for (const policy of library) {
    assert.deepEqual(policyProblems(policyOfFile(policy)), [], policy.name);
    const outcomes = policy.tests.map(({ expect }) => expect.outcome === 'not_matched');
    assert.deepEqual([...new Set(outcomes)].toSorted(), [false, true], policy.name);
  }
});

test('their tests pass', () => {
  for (const policy of policyLibrary())
    for (const { name, failure } of runPolicyTests(policyOfFile(policy), loadInjection))
      assert.equal(failure, null, `${policy.name}: ${name}: ${failure}`);
});

test('a policy that is written reads back as it was', () => {
  for (const policy of policyLibrary()) assert.deepEqual(readPolicyFile(writePolicyDocument(policy), 'x'), [policy]);
});

test('a file that is wrong is refused, with the place', () => {
  const problem = (text: string) => {
    try {
      readPolicyFile(text, 'p.yaml');
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };
  const plain = 'name: A\nreason: r\nactions: [{ type: refuse }]\n';
  assert.equal(problem(plain), '');
  assert.match(problem('name: [A'), /^p\.yaml: /);
  assert.match(problem(`${plain}severty: high\n`), /policy “A”.*severty/);
  assert.match(problem('name: A\nreason: r\nactions: [{ type: explode }]\n'), /policy “A”, at actions\.0/);
  assert.match(problem(`${plain}---\n${plain}`), /“A” is in it twice/);
  assert.match(problem('- 1\n- 2\n'), /policy 1/);
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...'bcdefghi'].map((key, at) => `${key}: &${key} [${`*${'abcdefgh'[at]},`.repeat(9)}]`).join('\n')}\n`;
  assert.notEqual(problem(bomb), '');
});
