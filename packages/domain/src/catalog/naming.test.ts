import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hasDigest, mergedName, prefixOf, splitMergedName } from './naming.ts';
import { serverNamePattern } from './server.ts';

const server = fc.oneof(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,8}$/), fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,62}$/));
const name = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9_.-]{0,80}$/),
  fc.stringMatching(/^[a-z_]{1,10}_[0-9a-f]{8}$/),
  fc.string({ unit: 'binary', maxLength: 80 }),
);

test('a short plain name is its server’s name, two underscores, and the name', () => {
  assert.equal(mergedName('files', 'read_file'), 'files__read_file');
  assert.deepEqual(splitMergedName('files__read_file'), { prefix: 'files', rest: 'read_file' });
  assert.deepEqual(splitMergedName('files____odd__one'), { prefix: 'files', rest: '__odd__one' });
});

test('a name without a prefix belongs to no server', () => {
  for (const plain of ['', 'read_file', '__x', '_']) assert.equal(splitMergedName(plain), null);
});

test('a merged name is never longer than 64 characters, and only of those that clients take', () => {
  fc.assert(
    fc.property(server, name, (of, tool) => assert.match(mergedName(of, tool), /^[A-Za-z0-9_.-]{1,64}$/)),
    { numRuns: 500 },
  );
});

test('the prefix leads back to the server, and the rest to the name where there is no digest', () => {
  fc.assert(
    fc.property(server, name, (of, tool) => {
      const merged = mergedName(of, tool);
      const split = splitMergedName(merged);
      assert.equal(split?.prefix, prefixOf(of));
      if (!hasDigest(merged)) assert.equal(split?.rest, tool);
      assert.equal(merged, mergedName(of, tool));
    }),
    { numRuns: 500 },
  );
});

test('no two names are merged into one', () => {
  const pair = fc.tuple(server, name, server, name).filter(([a, b, c, d]) => a !== c || b !== d);
  fc.assert(
    fc.property(pair, ([a, b, c, d]) => assert.notEqual(mergedName(a, b), mergedName(c, d))),
    { numRuns: 1000 },
  );
  const long = 'x'.repeat(70);
  assert.notEqual(mergedName('s', `${long}a`), mergedName('s', `${long}b`));
  assert.notEqual(mergedName('s', 'a b'), mergedName('s', 'a_b'));
});

test('a tool that is named as another’s shortened name gets a name of its own', () => {
  const shortened = mergedName('s', `${'x'.repeat(70)}`);
  assert.notEqual(mergedName('s', shortened.slice('s__'.length)), shortened);
});

test('a shortened prefix is never the name of another server', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9][a-z0-9-]{24,62}$/), (long) => {
      assert.equal(prefixOf(long).length, 24);
      assert.doesNotMatch(prefixOf(long), serverNamePattern);
    }),
  );
});
