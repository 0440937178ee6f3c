// One block as it lies in a segment: a head of fixed size, a header and the records as text, the sealed originals as they
// are. A checksum over everything tells a whole frame from a torn or a spoilt one; the mark at its beginning lets a reader
// find the next one behind spoilt bytes.
import { crc32 } from 'node:zlib';
import type { RecordedBlock, SealedBlock } from '@mcpvault/domain/record/recorded-batch';

/** A block and where in the life of its journal it stands; a gap in the positions is where nothing could be written or read. */
export type JournalBlock = RecordedBlock;

/**
 * mark u32 | bytes after the head u32 | of these header u32, records u32 | position f64 | at f64 | crc32 u32 of the head
 * before it and of everything after it. Little endian.
 */
export const headBytes = 36;
const crcAt = 32;
const mark = Buffer.from('MVJ\x01', 'latin1');
/** Larger than any block can be: a length beyond it is a spoilt one. */
const maxBody = 1024 * 1024 * 1024;

type Header = Pick<SealedBlock, 'id' | 'organization' | 'key' | 'count'>;

/** The buffers that make up the frame, in order; the last two are the block's own. */
export function frameOf({ position, at, block }: JournalBlock): readonly [Buffer, Buffer, Buffer] {
  const { id, organization, key, count, records, sealed } = block;
  const header = JSON.stringify({ id, organization, key, count } satisfies Header);
  const headerBytes = Buffer.byteLength(header);
  const front = Buffer.allocUnsafe(headBytes + headerBytes);
  mark.copy(front);
  front.writeUInt32LE(headerBytes + records.length + sealed.length, 4);
  front.writeUInt32LE(headerBytes, 8);
  front.writeUInt32LE(records.length, 12);
  front.writeDoubleLE(position, 16);
  front.writeDoubleLE(at, 24);
  front.write(header, headBytes);
  front.writeUInt32LE(crc32(sealed, crc32(records, checksum(front))), crcAt);
  return [front, records, sealed];
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

/** The block of a frame that `findFrame` found in this buffer. Its bytes are views of the buffer. */
export function readBlock(buffer: Buffer, { start, end, position, at }: FoundFrame): JournalBlock {
  const headerEnd = start + headBytes + buffer.readUInt32LE(start + 8);
  const recordsEnd = headerEnd + buffer.readUInt32LE(start + 12);
  const header: Header = JSON.parse(buffer.toString('utf8', start + headBytes, headerEnd));
  const records = buffer.subarray(headerEnd, recordsEnd);
  return { position, at, block: { ...header, sealed: buffer.subarray(recordsEnd, end), records } };
}

function frameAt(buffer: Buffer, start: number): FoundFrame | null {
  if (buffer.length - start < headBytes || mark.compare(buffer, start, start + mark.length) !== 0) return null;
  const body = buffer.readUInt32LE(start + 4);
  const end = start + headBytes + body;
  if (body > maxBody || end > buffer.length) return null;
  if (buffer.readUInt32LE(start + 8) + buffer.readUInt32LE(start + 12) > body) return null;
  const whole = buffer.subarray(start, end);
  if (checksum(whole) !== whole.readUInt32LE(crcAt)) return null;
  return { start, end, position: buffer.readDoubleLE(start + 16), at: buffer.readDoubleLE(start + 24) };
}

function checksum(frame: Buffer): number {
  return crc32(frame.subarray(headBytes), crc32(frame.subarray(0, crcAt)));
}
