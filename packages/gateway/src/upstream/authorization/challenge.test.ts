import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readChallenge, scopesIn } from './challenge.ts';

test('a challenge says where metadata lies, which scopes are wanted, and what was wrong', () => {
  const header =
    'Bearer realm="mcp", error="insufficient_scope", scope="files:read files:write", resource_metadata="https://a.example/.well-known/oauth-protected-resource"';
  assert.deepEqual(readChallenge(header), {
    resourceMetadata: 'https://a.example/.well-known/oauth-protected-resource',
    scopes: ['files:read', 'files:write'],
    error: 'insufficient_scope',
  });
});

test('a challenge is found among others, whose parameters are not taken for its own', () => {
  const header = 'Basic realm="x", scope="wrong", bearer scope=one, Digest scope="other", error="stale"';
  assert.deepEqual(readChallenge(header), { resourceMetadata: null, scopes: ['one'], error: null });
});

test('a bare Bearer is a challenge that says nothing more', () => {
  assert.deepEqual(readChallenge('Bearer'), { resourceMetadata: null, scopes: [], error: null });
});

test('quotes within quotes are undone', () => {
  assert.equal(readChallenge('Bearer error="a\\"b"')?.error, 'a"b');
});

for (const header of [null, '', 'Basic realm="x"', `Bearer scope="${'a'.repeat(9000)}"`])
  test(`${String(header).slice(0, 20)} is no challenge`, () => assert.equal(readChallenge(header), null));

test('whatever a server writes is read without harm, and scopes are such as may be asked for', () => {
  const parts = fc.constantFrom('Bearer ', 'Basic ', 'scope=', '"', '\\', ',', ' ', '=', 'error=', 'a', '\u0000', 'é');
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 200 }), (pieces) => {
      const challenge = readChallenge(pieces.join(''));
      for (const scope of challenge?.scopes ?? []) assert.match(scope, /^[\x21\x23-\x5b\x5d-\x7e]+$/);
    }),
  );
});

test('scopes are told apart by single spaces, each once, and never without bound', () => {
  assert.deepEqual(scopesIn('a b  a "c" d\\'), ['a', 'b']);
  assert.equal(scopesIn(Array.from({ length: 500 }, (_, at) => `s${at}`).join(' ')).length, 100);
  assert.deepEqual(scopesIn(7), []);
});
