import assert from 'node:assert/strict';
import { test } from 'node:test';
import { operations } from './operations.ts';
import { pathParameters, takesBody } from './route.ts';

const all = Object.entries(operations);

test('names, and routes, are unique', () => {
  assert.equal(new Set(all.map(([, operation]) => operation.name)).size, all.length);
  assert.equal(new Set(all.map(([, { method, path }]) => `${method} ${path}`)).size, all.length);
});

test('every path parameter is a member of the input', () => {
  for (const [key, operation] of all) {
    for (const name of pathParameters(operation.path)) {
      assert.ok(Object.hasOwn(operation.input.shape, name), `${key} lacks ${name}`);
    }
  }
});

test('what answers 204 answers nothing, and only that', () => {
  for (const [key, operation] of all) {
    assert.equal(operation.status === 204, operation.output.type === 'undefined', key);
  }
});

test('what is not a read is audited, except for those that only prepare', () => {
  const silent = all.filter(([, operation]) => takesBody(operation) && !operation.audited).map(([key]) => key);
  assert.deepEqual(silent, [
    'checkLink',
    'signInOptions',
    'startProviderSignIn',
    'startPasskeySignIn',
    'refresh',
    'startPasskey',
    'checkPolicyText',
  ]);
});
