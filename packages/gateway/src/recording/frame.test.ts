import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findFrame, FrameBuffer, type JournalBlock, readBlock } from './frame.ts';

const blocks = fc.array(
  fc.record({
    position: fc.integer({ min: 1, max: 2 ** 40 }),
    at: fc.integer({ min: 0, max: 2 ** 45 }),
    block: fc.record({
      id: fc.string(),
      organization: fc.constant('org_1' as const),
      key: fc.string(),
      sealed: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      records: fc.array(
        fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
        { minLength: 1, maxLength: 5 },
      ),
    }),
  }),
  { minLength: 1, maxLength: 6 },
);

function frames(written: readonly JournalBlock[]): Buffer[] {
  const buffer = new FrameBuffer();
  return written.map((block) => Buffer.concat(buffer.frame(block)));
}

function readAll(content: Buffer): JournalBlock[] {
  const found: JournalBlock[] = [];
  for (let frame = findFrame(content, 0); frame !== null; frame = findFrame(content, frame.end)) {
    found.push(readBlock(content, frame));
  }
  return found;
}

/** What a record may hold besides whole characters comes back as the replacement character, as in any UTF-8 text. */
const normal = (written: readonly JournalBlock[]) => JSON.stringify(written);

describe('frames', () => {
  test('come back as they were written', () => {
    fc.assert(
      fc.property(blocks, (written) => assert.equal(normal(readAll(Buffer.concat(frames(written)))), normal(written))),
    );
  });

  test('end at a torn one: the whole ones before it are read', () => {
    fc.assert(
      fc.property(blocks, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (written, part) => {
        const parts = frames(written);
        const last = parts.at(-1) ?? Buffer.alloc(0);
        const torn = Buffer.concat([...parts.slice(0, -1), last.subarray(0, Math.floor(last.length * part))]);
        assert.equal(normal(readAll(torn)), normal(written.slice(0, -1)));
      }),
    );
  });

  test('are found again behind a spoilt one, wherever its bytes changed', () => {
    fc.assert(
      fc.property(blocks, fc.nat(), fc.nat(), fc.integer({ min: 1, max: 255 }), (written, which, where, change) => {
        const parts = frames(written).map((part) => Buffer.from(part));
        const spoilt = parts[which % parts.length] ?? Buffer.alloc(1);
        const at = where % spoilt.length;
        spoilt[at] = (spoilt[at] ?? 0) ^ change;
        const rest = written.filter((_, i) => i !== which % parts.length);
        assert.equal(normal(readAll(Buffer.concat(parts))), normal(rest));
      }),
    );
  });

  test('grow the buffer they are written to without harm to those before', () => {
    const buffer = new FrameBuffer();
    const block = (position: number, bytes: number): JournalBlock => ({
      position,
      at: 1,
      block: { id: 'blk_1', organization: 'org_1', key: 'k', sealed: Buffer.from('s'), records: ['x'.repeat(bytes)] },
    });
    const written = [block(1, 10), block(2, 400_000), block(3, 2_000_000), block(4, 5)];
    const parts = written.map((one) => buffer.frame(one)).flat();
    assert.equal(normal(readAll(Buffer.concat(parts))), normal(written));
  });
});
