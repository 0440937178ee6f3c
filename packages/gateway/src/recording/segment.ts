import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { findFrame } from './frame.ts';

/** One file of a journal, holding blocks in order. */
export interface Segment {
  readonly journal: string;
  readonly path: string;
  /** Position of its first block. */
  readonly first: number;
  /** Position of its last block; less than `first` while it has none. */
  last: number;
  /** Of whole, settled frames; more may lie behind them while a write is under way. */
  bytes: number;
  blocks: number;
  /** When its first block was written: milliseconds since the epoch. */
  firstAt: number;
}

const namePattern = /^(jrn_[0-9A-Za-z]+)\.(\d{12})\.segment$/;

export function segmentPath(directory: string, journal: string, first: number): string {
  return join(directory, `${journal}.${String(first).padStart(12, '0')}.segment`);
}

export interface Leftovers {
  /** By age of their journal, then by position. */
  readonly segments: readonly Segment[];
  /** Bytes that could not be read, between whole frames: what they held is lost. */
  readonly spoiltBytes: number;
  /** Bytes of frames that were being written when the process ended; nobody was told that they are safe. */
  readonly tornBytes: number;
}

/** Looks through what earlier lives left in the directory; cuts off torn ends and removes files without a block. */
export async function findLeftovers(directory: string): Promise<Leftovers> {
  const segments: Segment[] = [];
  let spoiltBytes = 0;
  let tornBytes = 0;
  for (const name of (await fs.readdir(directory)).toSorted()) {
    const [, journal, first] = namePattern.exec(name) ?? [];
    if (journal === undefined) continue;
    const segment = emptySegment(journal, join(directory, name), Number(first));
    const content = await fs.readFile(segment.path);
    spoiltBytes += measure(segment, content);
    tornBytes += content.length - segment.bytes;
    if (segment.blocks === 0) await fs.rm(segment.path);
    else segments.push(segment);
    if (segment.blocks > 0 && segment.bytes < content.length) await fs.truncate(segment.path, segment.bytes);
  }
  return { segments, spoiltBytes, tornBytes };
}

export function emptySegment(journal: string, path: string, first: number): Segment {
  return { journal, path, first, last: first - 1, bytes: 0, blocks: 0, firstAt: 0 };
}

/** Fills in what the content shows; returns how many bytes before the last whole frame belong to none. */
function measure(segment: Segment, content: Buffer): number {
  let spoilt = 0;
  for (let frame = findFrame(content, 0); frame !== null; frame = findFrame(content, frame.end)) {
    spoilt += frame.start - segment.bytes;
    if (segment.blocks === 0) segment.firstAt = frame.at;
    segment.blocks++;
    segment.last = frame.position;
    segment.bytes = frame.end;
  }
  return spoilt;
}
