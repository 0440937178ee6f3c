import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  consistencyParts,
  emptyFrontier,
  extend,
  type Frontier,
  type Hash,
  hashOfPart,
  inclusionParts,
  isConsistent,
  leafHash,
  nodeHash,
  nodesOf,
  type Part,
  rootFromInclusion,
  rootOf,
} from './merkle.ts';

/** The definition of RFC 6962, word for word, to hold the incremental one to. */
function definition(leaves: readonly Hash[]): Hash {
  if (leaves.length <= 1) return leaves[0] ?? rootOf(emptyFrontier);
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return nodeHash(definition(leaves.slice(0, half)), definition(leaves.slice(half)));
}

function grow(count: number) {
  const leaves = Array.from({ length: count }, (_, index) => leafHash(`entry ${index}`));
  const nodes = new Map<string, Hash>();
  let frontier: Frontier = emptyFrontier;
  for (const leaf of leaves) {
    const extended = extend(frontier, leaf);
    frontier = extended.frontier;
    for (const { level, index, hash } of extended.full) nodes.set(`${level}/${index}`, hash);
  }
  const nodeAt = (key: string): Hash => {
    const hash = nodes.get(key);
    assert.ok(hash, `the node ${key} was never full`);
    return hash;
  };
  const proof = (parts: readonly Part[]) =>
    parts.map(([from, to]) => hashOfPart(nodesOf(from, to).map(({ level, index }) => nodeAt(`${level}/${index}`))));
  return { leaves, frontier, proof };
}

const size = fc.integer({ min: 1, max: 70 });

test('the empty log has the hash of nothing, and entries and nodes can never be mistaken for each other', () => {
  const ofNothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  assert.equal(rootOf(emptyFrontier).toString('hex'), ofNothing);
  const [left, right] = [leafHash('a'), leafHash('b')];
  assert.notDeepEqual(leafHash(Buffer.concat([left, right])), nodeHash(left, right));
  assert.equal(leafHash('').toString('hex'), '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d');
});

test('a log that grows entry by entry has the root of its definition', () => {
  fc.assert(
    fc.property(size, (count) => {
      const { leaves, frontier } = grow(count);
      assert.deepEqual(rootOf(frontier), definition(leaves));
    }),
  );
});

test('every entry is proven to be where it is, and nothing else is', () => {
  fc.assert(
    fc.property(size, fc.nat(), fc.nat(), (count, a, b) => {
      const { leaves, frontier, proof } = grow(count);
      const index = a % count;
      const other = b % count;
      const path = proof(inclusionParts(index, count));
      const root = rootFromInclusion(leaves[index] ?? leafHash(''), index, count, path);
      assert.deepEqual(root, rootOf(frontier));
      if (other !== index) {
        assert.notDeepEqual(rootFromInclusion(leaves[other] ?? leafHash(''), index, count, path), rootOf(frontier));
        assert.notDeepEqual(rootFromInclusion(leaves[index] ?? leafHash(''), other, count, path), rootOf(frontier));
      }
      assert.equal(rootFromInclusion(leafHash('x'), index, count, [...path, leafHash('more')]), null);
    }),
  );
});

test('a later log is proven to hold the earlier one, and a rewritten one is not', () => {
  fc.assert(
    fc.property(size, fc.nat(), (count, a) => {
      const earlier = a % (count + 1);
      const now = grow(count);
      const older = { size: earlier, root: definition(now.leaves.slice(0, earlier)) };
      const newer = { size: count, root: rootOf(now.frontier) };
      const proof = now.proof(consistencyParts(earlier, count));
      assert.equal(isConsistent(older, newer, proof), true);
      if (earlier > 0) {
        assert.equal(isConsistent({ ...older, root: leafHash('another') }, newer, proof), false);
        assert.equal(isConsistent(older, { ...newer, root: leafHash('another') }, proof), false);
      }
      assert.equal(isConsistent(older, newer, [...proof, leafHash('more')]), false);
      assert.equal(isConsistent({ size: count + 1, root: older.root }, newer, proof), false);
    }),
  );
});
