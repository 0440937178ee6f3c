import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { findFrame, frameOf, type JournalBlock, readBlock } from './frame.ts';

const blocks = fc.array(
  fc.record({
    position: fc.integer({ min: 1, max: 2 ** 40 }),
    at: fc.integer({ min: 0, max: 2 ** 45 }),
    block: fc.record({
      id: fc.string(),
      organization: fc.constant('org_1' as const),
      key: fc.string(),
      sealed: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      records: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
      count: fc.nat(256),
    }),
  }),
  { minLength: 1, maxLength: 6 },
);

function frames(written: readonly JournalBlock[]): Buffer[] {
  return written.map((block) => Buffer.concat(frameOf(block)));
}

function readAll(content: Buffer): JournalBlock[] {
  const found: JournalBlock[] = [];
  for (let frame = findFrame(content, 0); frame !== null; frame = findFrame(content, frame.end)) {
    found.push(readBlock(content, frame));
  }
  return found;
}

/** What is made up here has no prototype. */
const plain = (written: readonly JournalBlock[]) =>
  written.map(({ block, ...rest }) => ({ ...rest, block: { ...block } }));

describe('frames', () => {
  test('come back as they were written', () => {
    fc.assert(
      fc.property(blocks, (written) => assert.deepEqual(readAll(Buffer.concat(frames(written))), plain(written))),
    );
  });

  test('end at a torn one: the whole ones before it are read', () => {
    fc.assert(
      fc.property(blocks, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (written, part) => {
        const parts = frames(written);
        const last = parts.at(-1) ?? Buffer.alloc(0);
        const torn = Buffer.concat([...parts.slice(0, -1), last.subarray(0, Math.floor(last.length * part))]);
        assert.deepEqual(readAll(torn), plain(written.slice(0, -1)));
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
        assert.deepEqual(readAll(Buffer.concat(parts)), plain(rest));
      }),
    );
  });
});
