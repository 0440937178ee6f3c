import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('github-token', value);
const body = 'a1B2c3D4e5F6'.repeat(3);

test('classic, OAuth and app tokens are found', () => {
  for (const prefix of ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'])
    assert.deepEqual(found(`git clone https://x:${prefix}${body}@github.com/a/b`), [prefix + body]);
});

test('fine-grained tokens are found', () => {
  const token = `github_pat_${'11ABCDEFG0abcdefghijkl'}_${body}${body.slice(0, 23)}`;
  assert.deepEqual(found({ headers: { 'x-github': token } }), [token]);
});

test('a token behind an escaped line break or another script is found', () => {
  assert.deepEqual(found(`token:\nghp_${body}\nend`), [`ghp_${body}`]);
  assert.deepEqual(found(`令牌ghp_${body}。`), [`ghp_${body}`]);
});

test('what only begins like a token is left alone', () => {
  assert.deepEqual(found('ghp_tooShort and github_pat_too_short'), []);
  assert.deepEqual(found(`xghp_${body}`), []);
});
