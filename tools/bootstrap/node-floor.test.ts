import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isNewEnough } from './current-node.mjs';
import { floor, tooOld } from './node-floor.mjs';

test('a Node below the floor is told so in one sentence with the fix', () => {
  const sentence = tooOld('18.20.4') ?? '';
  assert.match(sentence, /Node 20 or newer .* Node 18\.20\.4: install a newer one/);
  assert.equal(sentence.trim().split('\n').length, 1);
});

test('the floor itself and what lies above it may carry the bootstrap', () => {
  for (const version of ['20.0.0', '22.19.0', '26.10.0', '100.0.0']) assert.equal(tooOld(version), undefined);
});

test('the floor is the one that package.json states', () => {
  const manifest = JSON.parse(readFileSync(fileURLToPath(new URL('../../package.json', import.meta.url)), 'utf8'));
  assert.equal(manifest.engines.node, `>=${floor}`);
});

test('the house itself runs on Node 24 and later', () => {
  assert.equal(isNewEnough('24.0.0'), true);
  assert.equal(isNewEnough('26.10.0'), true);
  assert.equal(isNewEnough('22.19.0'), false);
  assert.equal(isNewEnough(undefined), false);
});
