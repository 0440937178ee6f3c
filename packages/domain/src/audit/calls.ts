// Calls in the audit log: one entry stands for all that came from a journal at once, and holds the root of a tree (RFC 6962)
// over them. So every call is in the log exactly once and can be proven, and writing them down costs a hash or two each.
// A call's leaf is its line of the journal as it was written before the answer left; nobody puts it into other words.
import type { MessageRecord } from '../record/message-record.ts';
import { decodeRecord, encodeRecord } from '../record/record-line.ts';
import { canonicalJson } from './canonical-json.ts';
import { callsAction, type CallLine } from './export-lines.ts';
import { emptyFrontier, type Hash, leafHash, nodeHash, rootOf, treeHashes } from './merkle.ts';

export { callsAction };

/** How the lines are spelled; another spelling gets another name. */
export const callsFormat = 'record/1';

/** What an entry says of the calls that it stands for; the rest of its detail is for people. */
export interface CallsDetail {
  readonly format: typeof callsFormat;
  readonly calls: number;
  /** Of the tree over them, hexadecimal. */
  readonly root: string;
}

/** null when the entry stands for no calls. */
export function callsOf(entry: { readonly action: string; readonly detail: object }): CallsDetail | null {
  const { format, calls, root } = entry.detail as Partial<CallsDetail>;
  if (entry.action !== callsAction || format !== callsFormat) return null;
  if (typeof calls !== 'number' || typeof root !== 'string') return null;
  return { format, calls, root };
}

/** Root of the tree over these leaves. */
export function rootOfCalls(leaves: readonly Hash[]): Hash {
  if (leaves.length === 0) return rootOf(emptyFrontier);
  // Level by level, which costs one hash a leaf and nothing more; whoever has no neighbour moves up as it is.
  let level = leaves;
  while (level.length > 1) {
    const next: Hash[] = [];
    for (let at = 0; at < level.length; at += 2) {
      const left = level[at];
      const right = level[at + 1];
      if (left !== undefined) next.push(right === undefined ? left : nodeHash(left, right));
    }
    level = next;
  }
  return level[0] ?? rootOf(emptyFrontier);
}

/** The path from the call at `index` to the root. */
export function pathOfCall(leaves: readonly Hash[], index: number): readonly Hash[] {
  return treeHashes(leaves, index);
}

/** `line` without its end. */
export function callHash(line: Uint8Array | string): Hash {
  return leafHash(line);
}

/** A call as exports show it. `line` without its end; throws a `SyntaxError` for what is no record. */
export function callLine(sequence: number, index: number, line: string, leaf: Hash): CallLine {
  const { record, block } = decodeRecord(line);
  return { type: 'call', sequence, index, leaf: leaf.toString('hex'), record: { ...record, block } };
}

/** The hash of what an export says of a call; null when it says what no record can say. */
export function hashOfShown({ record }: Pick<CallLine, 'record'>): Hash | null {
  try {
    const { block, ...said } = record;
    if (typeof block !== 'string') return null;
    const line = encodeRecord(said as unknown as MessageRecord, block).slice(0, -1);
    // More or other than what the line holds would be believed, and nobody signed it.
    const read = decodeRecord(line);
    return canonicalJson({ ...read.record, block: read.block }) === canonicalJson(record) ? callHash(line) : null;
  } catch {
    return null;
  }
}
