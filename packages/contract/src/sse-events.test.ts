import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sseEvents } from './sse-events.ts';

async function eventsOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
  return Array.fromAsync(sseEvents(stream));
}

const bytes = (text: string) => new TextEncoder().encode(text);

test('data lines of one event are joined, comments and other fields are skipped', async () => {
  const text = ': hello\nid: 7\nevent: message\ndata: one\ndata:two\n\nretry: 5\n\ndata\n\ndata: cut off';
  assert.deepEqual(await eventsOf([bytes(text)]), ['one\ntwo', '']);
});

test('events survive being cut anywhere, with any line ending', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, '')),
        { maxLength: 6 },
      ),
      fc.constantFrom('\n', '\r\n', '\r'),
      fc.array(fc.nat(400), { maxLength: 8 }),
      async (data, end, cuts) => {
        const whole = bytes(`${data.map((line) => `data: ${line}${end}${end}`).join('')}:${end}`);
        const places = [...cuts.map((cut) => cut % (whole.length + 1)), 0, whole.length].sort((a, b) => a - b);
        const chunks = places.slice(1).map((to, index) => whole.subarray(places[index], to));
        const expected = await eventsOf([bytes(data.map((line) => `data: ${line}\n\n`).join(''))]);
        assert.deepEqual(await eventsOf(chunks), expected);
        assert.equal(expected.length, data.length);
      },
    ),
  );
});
