import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byGroup, type Detector, qualityWords, usersOf } from './quality-words.ts';

const quality = { texts: 400, found: 400, lookAlikes: 6000, taken: 0 };

test('quality is said in shares of what was read', () => {
  assert.deepEqual(qualityWords({ quality }), { found: '100 % of 400', taken: '0 of 6,000' });
  assert.deepEqual(qualityWords({ quality: { ...quality, found: 390, taken: 1500 } }), {
    found: '97.5 % of 400',
    taken: '1,500 of 6,000',
  });
  assert.equal(qualityWords({ quality: null }), null);
});

test('nearly all is not said to be all', () => {
  assert.equal(qualityWords({ quality: { ...quality, texts: 10_000, found: 9_999 } })?.found, '99.9 % of 10,000');
});

test('detectors come by group, in their order', () => {
  const detector = (id: string, group: string): Detector => ({
    id,
    group,
    title: id,
    description: id,
    quality,
    tables: [],
  });
  const groups = byGroup([detector('a', 'x'), detector('b', 'y'), detector('c', 'x')]);
  assert.deepEqual(
    groups.map(([group, some]) => [group, some.map(({ id }) => id)]),
    [
      ['x', ['a', 'c']],
      ['y', ['b']],
    ],
  );
});

test('policies use a detector by its name or its group’s', () => {
  const policy = (name: string, ...detectors: string[]) => ({ id: name, name, detectors });
  const policies = [policy('A', 'secrets'), policy('B', 'jwt'), policy('C', 'email'), policy('D')];
  const users = usersOf({ id: 'jwt', group: 'secrets' }, policies);
  assert.deepEqual(
    users.map(({ name }) => name),
    ['A', 'B'],
  );
});
