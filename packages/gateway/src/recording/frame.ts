// One block as it lies in a segment: a head of fixed size, a header and the records as text, the sealed originals as they
// are. A checksum over everything tells a whole frame from a torn or a spoilt one; the mark at its beginning lets a reader
// find the next one behind spoilt bytes.
import { crc32 } from 'node:zlib';
import type { SealedBlock } from '@mcpvault/domain/record/recorded-batch';

/** A block and where in the life of its journal it stands. */
export interface JournalBlock {
  /** Grows by one per block; a gap is where nothing could be written or read. */
  readonly position: number;
  /** When it was written: milliseconds since the epoch. */
  readonly at: number;
  readonly block: SealedBlock;
}

/**
 * mark u32 | bytes after the head u32 | of these header u32, records u32 | position f64 | at f64 | crc32 u32 of the head
 * before it and of everything after it. Little endian.
 */
export const headBytes = 36;
const crcAt = 32;
const mark = Buffer.from('MVJ\x01', 'latin1');
/** Larger than any block can be: a length beyond it is a spoilt one. */
const maxBody = 1024 * 1024 * 1024;

type Header = Pick<SealedBlock, 'id' | 'organization' | 'key'>;

/** A growing place to write frames into, used again after each write. */
export class FrameBuffer {
  #buffer = Buffer.allocUnsafe(256 * 1024);
  #used = 0;

  reset(): void {
    this.#used = 0;
  }

  /** The buffers that make up the frame, in order; valid until `reset`, the last one is `block.sealed` itself. */
  frame({ position, at, block }: JournalBlock): readonly [Buffer, Buffer] {
    const header: Header = { id: block.id, organization: block.organization, key: block.key };
    const headerText = JSON.stringify(header);
    const start = this.#room(headBytes, [headerText, ...block.records]);
    let end = start + headBytes;
    end += this.#buffer.write(headerText, end);
    const headerBytes = end - start - headBytes;
    for (const [i, record] of block.records.entries()) {
      if (i > 0) this.#buffer[end++] = 10;
      end += this.#buffer.write(record, end);
    }
    this.#used = end;
    const front = this.#buffer.subarray(start, end);
    const textBytes = end - start - headBytes;
    mark.copy(front);
    front.writeUInt32LE(textBytes + block.sealed.length, 4);
    front.writeUInt32LE(headerBytes, 8);
    front.writeUInt32LE(textBytes - headerBytes, 12);
    front.writeDoubleLE(position, 16);
    front.writeDoubleLE(at, 24);
    front.writeUInt32LE(checksum(front, block.sealed), crcAt);
    return [front, block.sealed];
  }

  /** Makes sure that the texts fit; a larger buffer leaves frames in the former one as they are. */
  #room(fixed: number, texts: readonly string[]): number {
    let most = fixed;
    for (const text of texts) most += text.length * 3 + 1;
    if (this.#used + most <= this.#buffer.length) return this.#used;
    this.#buffer = Buffer.allocUnsafe(Math.max(this.#buffer.length, most * 2));
    this.#used = 0;
    return 0;
  }
}

/** A whole frame in a buffer: its bytes are [start, end). */
export interface FoundFrame {
  readonly start: number;
  readonly end: number;
  readonly position: number;
  readonly at: number;
}

/** The first whole frame at or after `from`, whatever lies before it; null when there is none. */
export function findFrame(buffer: Buffer, from: number): FoundFrame | null {
  for (let start = from; start !== -1; start = buffer.indexOf(mark, start + 1)) {
    const frame = frameAt(buffer, start);
    if (frame !== null) return frame;
  }
  return null;
}

/** The block of a frame that `findFrame` found in this buffer. Its originals are a view of the buffer. */
export function readBlock(buffer: Buffer, { start, end, position, at }: FoundFrame): JournalBlock {
  const headerEnd = start + headBytes + buffer.readUInt32LE(start + 8);
  const recordsEnd = headerEnd + buffer.readUInt32LE(start + 12);
  const header: Header = JSON.parse(buffer.toString('utf8', start + headBytes, headerEnd));
  const records = buffer.toString('utf8', headerEnd, recordsEnd).split('\n');
  return { position, at, block: { ...header, sealed: buffer.subarray(recordsEnd, end), records } };
}

function frameAt(buffer: Buffer, start: number): FoundFrame | null {
  if (buffer.length - start < headBytes || mark.compare(buffer, start, start + mark.length) !== 0) return null;
  const body = buffer.readUInt32LE(start + 4);
  const end = start + headBytes + body;
  if (body > maxBody || end > buffer.length) return null;
  if (buffer.readUInt32LE(start + 8) + buffer.readUInt32LE(start + 12) > body) return null;
  const whole = buffer.subarray(start, end);
  if (checksum(whole, null) !== whole.readUInt32LE(crcAt)) return null;
  return { start, end, position: buffer.readDoubleLE(start + 16), at: buffer.readDoubleLE(start + 24) };
}

function checksum(front: Buffer, rest: Buffer | null): number {
  const crc = crc32(front.subarray(headBytes), crc32(front.subarray(0, crcAt)));
  return rest === null ? crc : crc32(rest, crc);
}
