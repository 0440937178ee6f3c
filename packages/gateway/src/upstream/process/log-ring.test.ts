import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { LogLines, LogRing } from './log-ring.ts';

describe('a log ring', () => {
  test('keeps the last thousand lines in their order', () => {
    const ring = new LogRing();
    for (let at = 0; at < 5_000; at++) ring.add({ at, process: 'prc_1', text: 'x' });
    const kept = ring.lines().map((line) => line.at);
    assert.deepEqual(
      kept,
      Array.from({ length: 1_000 }, (_, i) => 4_000 + i),
    );
  });

  test('keeps fewer lines when they are long', () => {
    const ring = new LogRing();
    for (let at = 0; at < 1_000; at++) ring.add({ at, process: 'prc_1', text: 'x'.repeat(4_096) });
    assert.equal(ring.lines().length, 64);
    assert.equal(ring.lines().at(-1)?.at, 999);
  });
});

describe('log lines', () => {
  function cut(...chunks: Buffer[]): string[] {
    const lines: string[] = [];
    const reader = new LogLines((text) => lines.push(text));
    for (const chunk of chunks) reader.push(chunk);
    reader.end();
    return lines;
  }

  test('are whole however they arrive, the last one without its line end too', () => {
    const bytes = Buffer.from('erste Zeile: größer\r\n\nzweite');
    assert.deepEqual(cut(...Array.from(bytes, (byte) => Buffer.from([byte]))), ['erste Zeile: größer', 'zweite']);
  });

  test('are cut when they are long, and say so', () => {
    const [long, next] = cut(Buffer.from(`${'x'.repeat(3_000)}`), Buffer.from(`${'y'.repeat(3_000)}\nnext\n`));
    assert.equal(long, `${'x'.repeat(3_000)}${'y'.repeat(1_096)} …`);
    assert.equal(next, 'next');
  });
});
