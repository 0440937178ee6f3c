// Checks an export with public keys alone, and names the first place where it is not what the hub signed. Nothing of the
// file is believed: hashes that it states only help to say where it breaks.
import { isSignedBy, type PublicKey } from './checkpoint.ts';
import { callsOf, hashOfShown } from './calls.ts';
import {
  type CallLine,
  type CheckpointLine,
  type EntryLine,
  exportLine,
  type ExportLine,
  type HeaderLine,
  type RemovedLine,
} from './export-lines.ts';
import { append, appendLeaf, type LogHead } from './log.ts';
import { emptyFrontier, extend, type Frontier, rootOf } from './merkle.ts';

export interface Verified {
  readonly intact: boolean;
  readonly organization: string | null;
  /** Places in the log: the first that the export holds, and the one after its last. */
  readonly from: number;
  readonly to: number;
  /** Entries that are whole, and entries of which retention left the hash. */
  readonly entries: number;
  readonly removed: number;
  /** Calls that are in the file and whole, and calls of which the file has only the root that stands for them. */
  readonly calls: number;
  readonly callsUnseen: number;
  /** When the last good checkpoint was signed, and with which key; null when none was good. */
  readonly signedAt: number | null;
  readonly key: string | null;
  /** Of the line that closes the export; null when it is not closed. */
  readonly closing: string | null;
  /** The keys that the file itself names. */
  readonly named: readonly PublicKey[];
  readonly problem: Problem | null;
}

export interface Problem {
  /** Line of the file, counted from 1. */
  readonly line: number;
  /** The first place in the log that is not as it was; null where it cannot be said. */
  readonly sequence: number | null;
  /** Of that entry, as the file has it. */
  readonly id: string | null;
  /** The message, where it is a call that is not as it was. */
  readonly message: string | null;
  readonly why: string;
}

/**
 * `trusted`: the keys that may have signed; null takes the file's own word for them, which proves only that it was not
 * damaged by accident. Reads to the first problem.
 */
export async function verifyExport(
  lines: AsyncIterable<string> | Iterable<string>,
  trusted: readonly PublicKey[] | null,
): Promise<Verified> {
  const check = new ExportCheck(trusted);
  for await (const text of lines) {
    if (text.trim() === '') continue;
    if (!check.take(text)) break;
  }
  return check.result();
}

/** The calls of the entry that was read last, as far as they were read. */
interface Calls {
  readonly of: EntryLine;
  readonly root: string;
  readonly expected: number;
  seen: Frontier;
}

class ExportCheck {
  readonly #trusted: readonly PublicKey[] | null;
  #keys: readonly PublicKey[] = [];
  #header: HeaderLine | null = null;
  #head: LogHead | null = null;
  #line = 0;
  #entries = 0;
  #removed = 0;
  #calls = 0;
  #callsUnseen = 0;
  #open: Calls | null = null;
  #lastCheckpoint: CheckpointLine | null = null;
  #isClosed = false;
  #problem: Problem | null = null;

  constructor(trusted: readonly PublicKey[] | null) {
    this.#trusted = trusted;
  }

  /** False once there is a problem. */
  take(text: string): boolean {
    this.#line += 1;
    const line = parse(text);
    if (line === null) return this.#broken('this is not a line of an audit export', this.#next());
    if (this.#header === null || this.#head === null) return this.#begin(line);
    if (this.#isClosed) return this.#broken('lines were added after the export had been closed', this.#next());
    if (line.type === 'call') return this.#call(line);
    if (!this.#closeCalls()) return false;
    switch (line.type) {
      case 'header':
        return this.#broken('a second header stands among the entries', this.#next());
      case 'entry':
      case 'removed':
        return this.#entry(line, this.#head);
      case 'checkpoint':
        return this.#checkpoint(line, this.#header, this.#head);
    }
  }

  result(): Verified {
    if (this.#problem === null && !this.#isClosed && this.#closeCalls()) {
      this.#line += 1;
      this.#broken('the end is missing: the checkpoint that closes an export is not there', this.#next());
    }
    return {
      intact: this.#problem === null,
      organization: this.#header?.organization ?? null,
      from: this.#header?.before.size ?? 0,
      to: this.#next() ?? 0,
      entries: this.#entries,
      removed: this.#removed,
      calls: this.#calls,
      callsUnseen: this.#callsUnseen,
      signedAt: this.#lastCheckpoint?.at ?? null,
      key: this.#lastCheckpoint?.key ?? null,
      closing: this.#isClosed ? (this.#lastCheckpoint?.signature ?? null) : null,
      named: this.#header?.keys ?? [],
      problem: this.#problem,
    };
  }

  #begin(line: ExportLine): boolean {
    if (line.type !== 'header') return this.#broken('the header is missing', null);
    const { size, chain, peaks } = line.before;
    if (peaks.length !== onesOf(size)) return this.#broken('the header does not fit the place it begins at', null);
    const frontier = { size, peaks: peaks.map((peak) => Buffer.from(peak, 'hex')) };
    this.#header = line;
    this.#keys = this.#trusted ?? line.keys;
    this.#head = { frontier, chain: Buffer.from(chain, 'hex') };
    return true;
  }

  #entry(line: EntryLine | RemovedLine, head: LogHead): boolean {
    const expected = head.frontier.size;
    const id = line.type === 'entry' ? line.id : null;
    if (line.sequence > expected) return this.#broken(missing(expected, line.sequence), expected);
    if (line.sequence < expected) return this.#broken(`entry ${line.sequence} stands here a second time`, expected, id);
    if (line.type === 'entry' && line.organization !== this.#header?.organization) {
      return this.#broken('this entry belongs to another organization', expected, id);
    }
    const next = line.type === 'entry' ? append(head, line) : appendLeaf(head, Buffer.from(line.leaf, 'hex'));
    if (next.head.chain.toString('hex') !== line.chain) {
      return this.#broken('what this entry says is not what was written', expected, id);
    }
    this.#head = next.head;
    if (line.type === 'removed') {
      this.#removed += 1;
      return true;
    }
    this.#entries += 1;
    const calls = callsOf(line);
    if (calls === null) return true;
    if (this.#header?.calls === true) {
      this.#open = { of: line, root: calls.root, expected: calls.calls, seen: emptyFrontier };
    } else this.#callsUnseen += calls.calls;
    return true;
  }

  #call(line: CallLine): boolean {
    const { id } = line.record;
    const message = typeof id === 'string' ? id : null;
    const calls = this.#open;
    if (calls === null || line.sequence !== calls.of.sequence) {
      if (!this.#closeCalls()) return false;
      return this.#broken('this call stands where none belongs', line.sequence, null, message);
    }
    const { sequence, id: entry } = calls.of;
    const expected = calls.seen.size;
    const broken = (why: string) => this.#broken(why, sequence, entry, message);
    if (expected === calls.expected) return broken('this call was added to those that were recorded');
    if (line.index > expected) return broken(missingCalls(expected, line.index, sequence));
    if (line.index < expected) return broken(`call ${line.index} of entry ${sequence} stands here a second time`);
    const hash = hashOfShown(line);
    if (hash === null || hash.toString('hex') !== line.leaf) {
      return broken('what this call says is not what was recorded');
    }
    calls.seen = extend(calls.seen, hash).frontier;
    this.#calls += 1;
    return true;
  }

  /** False when the calls of the entry before are not those that it stands for. */
  #closeCalls(): boolean {
    const calls = this.#open;
    if (calls === null) return true;
    this.#open = null;
    const { sequence, id } = calls.of;
    if (calls.seen.size < calls.expected) {
      return this.#broken(missingCalls(calls.seen.size, calls.expected, sequence), sequence, id);
    }
    if (rootOf(calls.seen).toString('hex') === calls.root) return true;
    const why = `the calls of entry ${sequence} are not those that were recorded: they were changed, and their hashes made anew`;
    return this.#broken(why, sequence, id);
  }

  #checkpoint(line: CheckpointLine, header: HeaderLine, head: LogHead): boolean {
    const since = this.#lastCheckpoint?.size ?? header.before.size;
    const { size } = head.frontier;
    if (line.organization !== header.organization)
      return this.#broken('this checkpoint is another organization’s', since);
    if (!this.#keys.some((key) => isSignedBy(line, key))) {
      return this.#broken(`this checkpoint is not signed with a key that is trusted (${line.key.slice(0, 40)})`, since);
    }
    if (line.size > size) return this.#broken(missing(size, line.size), size);
    const fits =
      line.size === size &&
      line.root === rootOf(head.frontier).toString('hex') &&
      line.chain === head.chain.toString('hex');
    if (!fits) return this.#broken(rewritten(since, size), since);
    if (line.from !== null && line.from !== header.before.size) {
      return this.#broken(`the beginning is missing: this export was signed from entry ${line.from} on`, line.from);
    }
    this.#lastCheckpoint = line;
    this.#isClosed = line.from !== null;
    return true;
  }

  #next(): number | null {
    return this.#head?.frontier.size ?? null;
  }

  #broken(why: string, sequence: number | null, id: string | null = null, message: string | null = null): false {
    this.#problem = { line: this.#line, sequence, id, message, why };
    return false;
  }
}

function parse(text: string): ExportLine | null {
  try {
    return exportLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function missing(from: number, to: number): string {
  return to - from === 1 ? `entry ${from} is missing` : `entries ${from} to ${to - 1} are missing`;
}

function missingCalls(from: number, to: number, sequence: number): string {
  const which = to - from === 1 ? `call ${from}` : `calls ${from} to ${to - 1}`;
  return `${which} of entry ${sequence} ${to - from === 1 ? 'is' : 'are'} missing`;
}

function rewritten(since: number, size: number): string {
  return `entries ${since} to ${size - 1} are not those that were signed: they were changed, and their hashes made anew`;
}

/** A log of this size has as many peaks. */
function onesOf(size: number): number {
  return size.toString(2).replaceAll('0', '').length;
}
