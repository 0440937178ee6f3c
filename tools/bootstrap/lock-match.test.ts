import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { firstMismatch, stampFor } from './lock-match.mjs';

const here = { platform: 'linux', arch: 'x64' };
const zod = { version: '4.6.7', integrity: 'sha512-zod' };

function lock(packages: Record<string, object | undefined>): string {
  return JSON.stringify({ lockfileVersion: 3, packages: { '': { name: 'root' }, ...packages } });
}

test('an install that holds every locked package in its version matches', () => {
  const text = lock({ 'node_modules/zod': zod, 'packages/domain': { version: '0.1.0' } });
  assert.equal(firstMismatch(text, lock({ 'node_modules/zod': zod }), here), undefined);
});

test('a missing package, another version and another checksum are each found', () => {
  const text = lock({ 'node_modules/zod': zod });
  for (const installed of [
    {},
    { 'node_modules/zod': { ...zod, version: '4.6.6' } },
    { 'node_modules/zod': { ...zod, integrity: 'x' } },
  ]) {
    assert.equal(firstMismatch(text, lock(installed), here), 'node_modules/zod');
  }
});

test('a package nested below another counts too', () => {
  const text = lock({ 'packages/hub/node_modules/zod': zod });
  assert.equal(firstMismatch(text, lock({}), here), 'packages/hub/node_modules/zod');
});

test('an optional package is asked for on its own platform only', () => {
  const text = lock({ 'node_modules/engine': { ...zod, optional: true, os: ['linux'], cpu: ['x64'] } });
  assert.equal(firstMismatch(text, lock({}), here), 'node_modules/engine');
  assert.equal(firstMismatch(text, lock({}), { platform: 'darwin', arch: 'x64' }), undefined);
  assert.equal(firstMismatch(text, lock({}), { platform: 'linux', arch: 'arm64' }), undefined);
});

test('the platform may be one word, and may be an exclusion', () => {
  const one = lock({ 'node_modules/node': { ...zod, optional: true, os: 'linux', cpu: 'x64' } });
  assert.equal(firstMismatch(one, lock({}), here), 'node_modules/node');
  const not = lock({ 'node_modules/posix': { ...zod, optional: true, os: ['!linux'] } });
  assert.equal(firstMismatch(not, lock({}), here), undefined);
  assert.equal(firstMismatch(not, lock({}), { platform: 'darwin', arch: 'arm64' }), 'node_modules/posix');
});

test('an optional package of one C library is not asked for', () => {
  const text = lock({ 'node_modules/musl': { ...zod, optional: true, os: ['linux'], cpu: ['x64'], libc: ['musl'] } });
  assert.equal(firstMismatch(text, lock({}), here), undefined);
});

test('what only packages of other platforms need may be absent, but not be another', () => {
  const text = lock({ 'node_modules/wasm': { ...zod, optional: true } });
  assert.equal(firstMismatch(text, lock({}), here), undefined);
  const other = lock({ 'node_modules/wasm': { ...zod, optional: true, version: '4.6.6' } });
  assert.equal(firstMismatch(text, other, here), 'node_modules/wasm');
});

test('the install that this clone runs on answers to its own lock', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const wanted = readFileSync(`${root}/package-lock.json`, 'utf8');
  const installed = readFileSync(`${root}/node_modules/.package-lock.json`, 'utf8');
  assert.equal(firstMismatch(wanted, installed, { platform: process.platform, arch: process.arch }), undefined);
});

test('the stamp changes with the lock and with the machine, and with nothing else', () => {
  const text = lock({ 'node_modules/zod': zod });
  assert.equal(stampFor(text, here), stampFor(text, { ...here }));
  assert.notEqual(stampFor(text, here), stampFor(`${text} `, here));
  assert.notEqual(stampFor(text, here), stampFor(text, { ...here, arch: 'arm64' }));
});
