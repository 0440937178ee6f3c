import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeSse, type SseEvent, SseParser, SseTooLarge } from './sse.ts';

/** Feeds bytes in chunks cut at the given places. */
function parse(bytes: Buffer, cuts: readonly number[] = [], limit = 1_000_000): SseEvent[] {
  const events: SseEvent[] = [];
  const parser = new SseParser((event) => events.push(event), limit);
  let from = 0;
  for (const cut of [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)) {
    parser.push(Buffer.from(bytes.subarray(from, cut)));
    from = cut;
  }
  return events;
}

function seen(text: string, cuts: readonly number[] = []): object[] {
  return parse(Buffer.from(text), cuts).map(({ id, event, data, retry }) => ({
    data: data.toString(),
    ...(id === null ? {} : { id }),
    ...(event === 'message' ? {} : { event }),
    ...(retry === null ? {} : { retry }),
  }));
}

const streams: readonly (readonly [string, string, object[]])[] = [
  ['a plain event', 'data: a\n\n', [{ data: 'a' }]],
  ['an event without a space after the colon', 'data:a\n\n', [{ data: 'a' }]],
  ['only one space is taken off', 'data:  a \n\n', [{ data: ' a ' }]],
  ['several lines of data', 'data: a\ndata: b\ndata\ndata: c\n\n', [{ data: 'a\nb\n\nc' }]],
  [
    'an id, a name and a retry',
    'id: 1\nevent: x\nretry: 250\ndata: a\n\n',
    [{ data: 'a', id: '1', event: 'x', retry: 250 }],
  ],
  ['a priming event: an id and no data', 'id: 7\ndata:\n\n', [{ data: '', id: '7' }]],
  ['an id alone', 'id: 7\n\n', [{ data: '', id: '7' }]],
  ['an empty id', 'id\ndata: a\n\n', [{ data: 'a', id: '' }]],
  ['an id belongs to its own event only', 'id: 7\ndata: a\n\ndata: b\n\n', [{ data: 'a', id: '7' }, { data: 'b' }]],
  ['an id with a NUL is none', 'id: a\u0000b\ndata: a\n\n', [{ data: 'a' }]],
  ['a retry that is no number is none', 'retry: soon\nretry: -1\nretry: 1.5\ndata: a\n\n', [{ data: 'a' }]],
  ['comments and unknown fields are no events', ': hello\n\nfoo: bar\n\n:\n\n', []],
  ['a comment inside an event', 'data: a\n: hm\ndata: b\n\n', [{ data: 'a\nb' }]],
  ['a byte order mark at the start', '\ufeffdata: a\n\ndata: b\n\n', [{ data: 'a' }, { data: 'b' }]],
  ['a byte order mark later is part of a name', 'data: a\n\n\ufeffdata: b\n\n', [{ data: 'a' }]],
  ['line ends of every kind', 'data: a\r\n\r\ndata: b\r\rdata: c\n\n', [{ data: 'a' }, { data: 'b' }, { data: 'c' }]],
  ['mixed line ends within one event', 'data: a\rdata: b\r\ndata: c\n\r\n', [{ data: 'a\nb\nc' }]],
  ['an event that is not ended is none', 'data: a\n\ndata: b\n', [{ data: 'a' }]],
  ['empty lines between events', '\n\n\ndata: a\n\n\n\n', [{ data: 'a' }]],
];

for (const [name, text, expected] of streams) {
  test(`${name} is read, however the bytes are cut`, () => {
    assert.deepEqual(seen(text), expected);
    const bytes = Buffer.byteLength(text);
    assert.deepEqual(seen(text, [...Array(bytes).keys()]), expected);
    for (let cut = 0; cut < bytes; cut++) assert.deepEqual(seen(text, [cut]), expected, `cut at ${cut}`);
  });
}

const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
const anyEvent = fc.record({
  id: fc.option(fc.stringMatching(/^[^\r\n\0]{0,8}$/)),
  retry: fc.option(fc.nat(999_999_999)),
  data: fc.array(fc.stringMatching(/^[^\r\n]{0,20}$/), { minLength: 1, maxLength: 3 }),
});

test('any stream of events is read the same, whatever its line ends and wherever it is cut', () => {
  fc.assert(
    fc.property(fc.array(anyEvent), lineEnd, fc.array(fc.nat()), (events, end, cuts) => {
      const text = events
        .map(({ id, retry, data }) =>
          [
            ...(id === null ? [] : [`id: ${id}`]),
            ...(retry === null ? [] : [`retry: ${retry}`]),
            ...data.map((line) => `data: ${line}`),
            '',
            '',
          ].join(end),
        )
        .join('');
      const expected = events.map(({ id, retry, data }) => ({ id, retry, event: 'message', data: data.join('\n') }));
      const read = parse(Buffer.from(text), cuts).map((event) => ({ ...event, data: event.data.toString() }));
      assert.deepEqual(
        read,
        expected.map(({ id, retry, event, data }) => ({ id, event, data, retry })),
      );
    }),
    { numRuns: 300 },
  );
});

test('what is encoded is read again as the same bytes; only line breaks become line feeds', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.option(fc.stringMatching(/^\d{1,5}-\d{1,5}$/)),
      fc.option(fc.nat(999_999)),
      fc.array(fc.nat()),
      (text, id, retry, cuts) => {
        const data = Buffer.from(text);
        const events = parse(encodeSse(data, id, retry), cuts);
        assert.equal(events.length, 1);
        const [event] = events;
        assert.equal(event?.id, id);
        assert.equal(event?.retry, retry);
        assert.equal(event?.data.toString('latin1'), data.toString('latin1').replace(/\r\n?/g, '\n'));
      },
    ),
    { numRuns: 300 },
  );
});

test('data passes byte for byte, also what is no text', () => {
  const data = Buffer.from([0, 255, 254, 0xc3, 0x28, 32, 32]);
  const [event] = parse(encodeSse(data, '1'));
  assert.deepEqual(event?.data, data);
});

test('an event beyond the bound is refused, in one line or in many', () => {
  const long = Buffer.from(`data: ${'x'.repeat(200)}`);
  assert.throws(() => parse(long, [], 100), SseTooLarge);
  assert.throws(() => parse(long, [...Array(200).keys()], 100), SseTooLarge);
  assert.throws(() => parse(Buffer.from('data: xxxxxxxxx\n'.repeat(20)), [], 100), SseTooLarge);
  assert.equal(parse(Buffer.from(`data: ${'x'.repeat(50)}\n\n`.repeat(20)), [], 100).length, 20);
});
