// An organization's audit log: entries in one order, each tied to all before it twice over. The chain locates the first
// place where somebody changed something; the tree proves one entry, or that an old log is the beginning of a new one,
// without showing the rest. An entry that was let go keeps its hash, so that nothing else loses its proof.
import { createHash } from 'node:crypto';
import type { AuditEntryId, OrganizationId } from '../ids.ts';
import { canonicalJson } from './canonical-json.ts';
import { emptyFrontier, extend, type Frontier, type Hash, leafHash, type TreeNode } from './merkle.ts';

/** What somebody did, or was refused. It never holds a secret. */
export interface AuditEntry {
  readonly id: AuditEntryId;
  readonly organization: OrganizationId;
  /** Milliseconds since the Unix epoch. */
  readonly at: number;
  /** A member's id, or `system`. */
  readonly actor: string;
  /** The operation's name, such as `servers.create`. */
  readonly action: string;
  /** The id of what it was done to. */
  readonly subject: string | null;
  readonly outcome: 'done' | 'refused';
  readonly detail: Readonly<Record<string, unknown>>;
}

/** How far a log has come. */
export interface LogHead {
  readonly frontier: Frontier;
  /** Hash over all entries so far, in order; 32 zero bytes at the beginning. */
  readonly chain: Hash;
}

export const emptyLog: LogHead = { frontier: emptyFrontier, chain: Buffer.alloc(32) };

export interface Appended {
  readonly head: LogHead;
  /** Its place, counted from 0. */
  readonly sequence: number;
  readonly leaf: Hash;
  /** Nodes of the tree that are full now. */
  readonly full: readonly TreeNode[];
}

/** The hash of what an entry says and where it stands. Its text is `canonicalJson`: sequence, then the entry's members. */
export function entryHash(entry: AuditEntry, sequence: number): Hash {
  const { id, organization, at, actor, action, subject, outcome, detail } = entry;
  return leafHash(canonicalJson({ sequence, id, organization, at, actor, action, subject, outcome, detail }));
}

export function append(head: LogHead, entry: AuditEntry): Appended {
  return appendLeaf(head, entryHash(entry, head.frontier.size));
}

/** Goes on with an entry of which only the hash is left. */
export function appendLeaf(head: LogHead, leaf: Hash): Appended {
  const { frontier, full } = extend(head.frontier, leaf);
  return { head: { frontier, chain: chainHash(head.chain, leaf) }, sequence: head.frontier.size, leaf, full };
}

function chainHash(before: Hash, leaf: Hash): Hash {
  return createHash('sha256').update(before).update(leaf).digest();
}
