import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deepest, lineOf, whyNotBelow } from './team-tree.ts';

const tree = new Map([
  ['company', null],
  ['engineering', 'company'],
  ['web', 'engineering'],
  ['sales', 'company'],
]);

test('a line leads from a team to the top', () => {
  assert.deepEqual(lineOf(tree, 'web'), ['web', 'engineering', 'company']);
  assert.deepEqual(lineOf(tree, 'unknown'), ['unknown']);
});

test('a team goes below any but itself and what lies in it', () => {
  assert.equal(whyNotBelow(tree, 'sales', 'web'), null);
  assert.equal(whyNotBelow(tree, 'company', 'web'), 'circle');
  assert.equal(whyNotBelow(tree, 'web', 'web'), 'circle');
});

test('a line ends also where a tree has become a circle', () => {
  const circle = new Map([
    ['a', 'b'],
    ['b', 'a'],
  ]);
  assert.deepEqual(lineOf(circle, 'a'), ['a', 'b']);
});

test('nothing lies deeper than it may, with all that lies in it', () => {
  const chain = new Map<string, string | null>();
  for (let level = 0; level < deepest - 1; level++) chain.set(`t${level}`, level === 0 ? null : `t${level - 1}`);
  chain.set('single', null);
  chain.set('couple', null);
  chain.set('child', 'couple');
  assert.equal(whyNotBelow(chain, 'single', `t${deepest - 2}`), null);
  assert.equal(whyNotBelow(chain, 'couple', `t${deepest - 2}`), 'too deep');
});

test('whatever is moved where it may be moved, the teams stay a tree', () => {
  const names = ['a', 'b', 'c', 'd', 'e'] as const;
  const move = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names));
  fc.assert(
    fc.property(fc.array(move, { maxLength: 30 }), (moves) => {
      const upward = new Map<string, string | null>(names.map((name) => [name, null]));
      for (const [node, parent] of moves) if (whyNotBelow(upward, node, parent) === null) upward.set(node, parent);
      for (const name of names) assert.equal(upward.get(lineOf(upward, name).at(-1) ?? ''), null);
    }),
  );
});
