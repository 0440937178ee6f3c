// The tree over a log's entries (RFC 6962): what grows at its end keeps every earlier root provable. Nodes are named by
// level and index: the node (level, index) stands for the entries from `index * 2^level` on, 2^level of them, all there.
import { createHash, hash } from 'node:crypto';

/** 32 bytes. */
export type Hash = Buffer;

export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

export interface TreeNode extends NodePlace {
  readonly hash: Hash;
}

/** All that must be remembered to go on: the largest full trees that the entries so far fall into, largest first. */
export interface Frontier {
  readonly size: number;
  readonly peaks: readonly Hash[];
}

export const emptyFrontier: Frontier = { size: 0, peaks: [] };

export function leafHash(entry: Uint8Array | string): Hash {
  const bytes = typeof entry === 'string' ? Buffer.from(entry) : entry;
  if (bytes.length >= leafRoom.length) return sha256(Buffer.concat([leafMark, bytes]));
  leafRoom.set(bytes, 1);
  return sha256(leafRoom.subarray(0, bytes.length + 1));
}

export function nodeHash(left: Hash, right: Hash): Hash {
  left.copy(nodeRoom, 1, 0, 32);
  right.copy(nodeRoom, 33, 0, 32);
  return sha256(nodeRoom);
}

/** In one go, from the same memory every time: half the price of a hash that is fed. */
function sha256(bytes: Buffer): Hash {
  return hash('sha256', bytes, 'buffer');
}

const leafMark = Buffer.of(0);
const leafRoom = Buffer.alloc(4096);
const nodeRoom = Buffer.alloc(65, 1);

/** The frontier with one entry more, and the nodes that became full with it, the entry's own first. */
export function extend({ size, peaks }: Frontier, leaf: Hash): { frontier: Frontier; full: readonly TreeNode[] } {
  const remaining = [...peaks];
  let node: TreeNode = { level: 0, index: size, hash: leaf };
  const full = [node];
  while (node.index % 2 === 1) {
    const left = remaining.pop();
    if (left === undefined) throw new Error('the frontier has fewer peaks than its size demands');
    node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(left, node.hash) };
    full.push(node);
  }
  return { frontier: { size: size + 1, peaks: [...remaining, node.hash] }, full };
}

/** The root over all entries of the frontier; of none it is the hash of nothing. */
export function rootOf({ peaks }: Frontier): Hash {
  return foldRight(peaks);
}

/** The full nodes that the entries from `from` to before `to` fall into; `from` is a multiple of the largest of them. */
export function nodesOf(from: number, to: number): readonly NodePlace[] {
  const places: NodePlace[] = [];
  for (let at = from; at < to; ) {
    let level = 0;
    while (2 ** (level + 1) <= to - at) level += 1;
    places.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return places;
}

/** What a proof is made of, in order: each part is a range of entries whose common hash belongs there. */
export type Part = readonly [from: number, to: number];

/** The parts that prove that entry `index` is among the first `size`. */
export function inclusionParts(index: number, size: number): readonly Part[] {
  return pathTo(index, 0, size);
}

function pathTo(index: number, from: number, to: number): readonly Part[] {
  if (to - from <= 1) return [];
  const middle = from + halfOf(to - from);
  return index < middle
    ? [...pathTo(index, from, middle), [middle, to]]
    : [...pathTo(index, middle, to), [from, middle]];
}

/** The path from leaf `index` to the root over all these leaves: what `rootFromInclusion` takes. */
export function treeHashes(leaves: readonly Hash[], index: number): readonly Hash[] {
  return inclusionParts(index, leaves.length).map(([from, to]) => {
    let frontier = emptyFrontier;
    for (const leaf of leaves.slice(from, to)) frontier = extend(frontier, leaf).frontier;
    return rootOf(frontier);
  });
}

/** The parts that prove that the first `earlier` entries are the same in the log of `size` entries. */
export function consistencyParts(earlier: number, size: number): readonly Part[] {
  return earlier === 0 || earlier === size ? [] : subproof(earlier, 0, size, true);
}

function subproof(earlier: number, from: number, to: number, isWhole: boolean): readonly Part[] {
  if (earlier === to) return isWhole ? [] : [[from, to]];
  const middle = from + halfOf(to - from);
  return earlier <= middle
    ? [...subproof(earlier, from, middle, isWhole), [middle, to]]
    : [...subproof(earlier, middle, to, false), [from, middle]];
}

/** The common hash of a part, from the full nodes that `nodesOf` names. */
export function hashOfPart(nodes: readonly Hash[]): Hash {
  return foldRight(nodes);
}

/** The root that entry `index` of `size` leads to with this proof; null for a proof of the wrong length. */
export function rootFromInclusion(leaf: Hash, index: number, size: number, proof: readonly Hash[]): Hash | null {
  const parts = inclusionParts(index, size);
  if (index < 0 || index >= size || parts.length !== proof.length) return null;
  let hash = leaf;
  parts.forEach(([from], step) => {
    const sibling = proof[step] ?? hash;
    hash = from <= index ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  });
  return hash;
}

/** Whether the log with root `newer` holds all that the log with root `older` held, in the same places. */
export function isConsistent(
  older: { readonly size: number; readonly root: Hash },
  newer: { readonly size: number; readonly root: Hash },
  proof: readonly Hash[],
): boolean {
  if (older.size > newer.size) return false;
  if (older.size === newer.size) return proof.length === 0 && older.root.equals(newer.root);
  if (older.size === 0) return proof.length === 0;
  const parts = consistencyParts(older.size, newer.size);
  if (parts.length !== proof.length) return false;
  // Where the older log is one full tree of the newer one, its root is the first part, and is not sent.
  const startsFull = parts.every(([from]) => from >= older.size);
  let before = startsFull ? older.root : proof[0];
  let after = before;
  parts.forEach(([from], step) => {
    if (!startsFull && step === 0) return;
    const part = proof[step];
    if (part === undefined || before === undefined || after === undefined) return;
    if (from < older.size) {
      before = nodeHash(part, before);
      after = nodeHash(part, after);
    } else after = nodeHash(after, part);
  });
  return before?.equals(older.root) === true && after?.equals(newer.root) === true;
}

function foldRight(hashes: readonly Hash[]): Hash {
  const last = hashes.at(-1);
  if (last === undefined) return createHash('sha256').digest();
  return hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}

/** The largest power of two below `count`. */
function halfOf(count: number): number {
  let half = 1;
  while (half * 2 < count) half *= 2;
  return half;
}
