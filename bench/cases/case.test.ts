import assert from 'node:assert/strict';
import test from 'node:test';
import { cases, chosen, serversOf } from './case.ts';

const names = (only: readonly string[], drift = false): string[] => chosen(cases, only, drift).map(({ name }) => name);

test('everything is measured but the long drift, unless it is asked for', () => {
  assert.equal(names([]).length, cases.length - 1);
  assert.ok(!names([]).includes('drift'));
  assert.ok(names([], true).includes('drift'));
  assert.deepEqual(names(['drift']), ['drift']);
});

test('cases are chosen by name or by the beginning of it', () => {
  assert.deepEqual(names(['http-100B-c32', 'stdio-*']), ['http-100B-c32', 'stdio-100B-c32', 'stdio-10KB-c32']);
});

test('a case says which upstreams it needs', () => {
  const of = (name: string) => chosen(cases, [name], false).flatMap(serversOf);
  assert.deepEqual(of('mux-256'), ['stdio']);
  assert.deepEqual(of('eras-modern-client'), ['http', 'modern']);
  assert.deepEqual(of('drift'), ['http']);
});

test('a name that no case has is said, with those that are', () => {
  assert.throws(() => names(['http-2B']), /no case http-2B; there are http-100B-c1/);
});
