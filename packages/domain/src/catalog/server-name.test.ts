import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { serverNamePattern } from './server.ts';
import { nameOf, normalizedName, uniqueName } from './server-name.ts';

test('any text becomes a fitting name or nothing', () => {
  assert.equal(normalizedName('  Émile’s Server!  '), 'emile-s-server');
  assert.equal(normalizedName('日本'), '');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
      const name = normalizedName(text);
      assert.ok(name === '' || serverNamePattern.test(name));
    }),
  );
});

test('names that are taken get a number and stay short enough', () => {
  const taken = new Set(['a', 'a-2', 'x'.repeat(63)]);
  assert.equal(uniqueName('a', taken), 'a-3');
  assert.equal(uniqueName('a', taken), 'a-4');
  assert.equal(uniqueName('x'.repeat(63), taken), `${'x'.repeat(61)}-2`);
});

test('a server whose parts say nothing is called server', () => {
  assert.equal(nameOf({ type: 'streamable-http', url: '${URL}', headers: {} }), 'server');
  assert.equal(nameOf({ type: 'stdio', command: '日本', args: [], env: {} }), 'server');
});
