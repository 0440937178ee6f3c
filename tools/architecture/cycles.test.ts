import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cyclesIn } from './cycles.ts';

function graph(arrows: Record<string, string[]>): Map<string, Set<string>> {
  return new Map(Object.entries(arrows).map(([from, to]) => [from, new Set(to)]));
}

test('a graph whose arrows all point down has no cycle', () => {
  assert.deepEqual(cyclesIn(graph({ a: ['b', 'c'], b: ['d'], c: ['d'] })), []);
});

test('a cycle is told as the way round, without the way to it', () => {
  assert.deepEqual(cyclesIn(graph({ start: ['a'], a: ['b'], b: ['c'], c: ['a'] })), [['a', 'b', 'c', 'a']]);
});

test('a node that points at itself is a cycle', () => {
  assert.deepEqual(cyclesIn(graph({ a: ['a'] })), [['a', 'a']]);
});

test('two separate knots are both found', () => {
  assert.equal(cyclesIn(graph({ a: ['b'], b: ['a'], c: ['d'], d: ['c'] })).length, 2);
});
