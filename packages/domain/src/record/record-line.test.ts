import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type MessageRecord, messageOutcomes } from './message-record.ts';
import { completeLine, decodeRecord, encodeRecord } from './record-line.ts';

const whole = fc.nat(2 ** 31);
const name = fc.string({ unit: 'binary', maxLength: 20 });
const maybe = fc.option(fc.oneof(name, fc.constantFrom('\t', 'a\\N', '\\', '\r\n', '\u2028')), { nil: null });
const place = fc.option(fc.record({ offset: whole, length: whole }), { nil: null });
const edits = fc.array(
  fc.record({
    start: whole,
    end: whole,
    replacement: name,
    layer: fc.constant('hub' as const),
    policy: fc.constantFrom(null, 'pol_1' as const),
    reason: name,
    detector: fc.constant(null),
  }),
  { maxLength: 3 },
);

const records: fc.Arbitrary<MessageRecord> = fc.record({
  id: fc.constant('msg_1' as const),
  organization: fc.constant('org_1' as const),
  at: fc.nat(2 ** 45),
  member: fc.constant('mem_1' as const),
  token: fc.constantFrom(null, 'tok_1' as const),
  conversation: fc.constantFrom(null, 'con_1' as const),
  client: maybe,
  endpoint: maybe,
  server: fc.constantFrom(null, 'srv_1' as const),
  serverName: maybe,
  direction: fc.constantFrom('call' as const, 'result' as const),
  method: name,
  target: maybe,
  protocol: maybe,
  outcome: fc.constantFrom(...messageOutcomes),
  code: maybe,
  reason: maybe,
  durationUs: whole,
  upstreamUs: fc.option(whole, { nil: null }),
  request: place,
  response: place,
  requestEdits: edits,
  responseEdits: edits,
  requestFindings: fc.constant([]),
  judged: fc.option(fc.record({ call: fc.record({ rules: fc.array(name) }) }), { nil: null }),
  responseFindings: fc.constant([
    { detector: 'x', start: 1, end: 2, pointer: '/a\tb', inKey: false, confidence: 0.5 },
  ] as const),
  role: fc.constantFrom(null, 'member' as const),
  actedBy: fc.constantFrom(null, 'mem_2' as const),
  parameters: maybe,
  trace: fc.constantFrom(null, '0af7651916cd43dd8448eb211c80319c'),
  secrets: fc.constantFrom(null, ['connection cnn_1'], ['header X-Key', 'env A\tB']),
});

/** What comes back of characters that cannot be written. */
function writable<Value>(value: Value): Value {
  if (typeof value === 'string') return value.toWellFormed().replaceAll('\0', '\uFFFD') as Value;
  if (Array.isArray(value)) return value.map(writable) as Value;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, writable(inner)])) as Value;
}

test('a record comes back from its line as it was', () => {
  fc.assert(
    fc.property(records, (record) => {
      const line = Buffer.from(encodeRecord(record, 'blk_1')).toString();
      assert.deepEqual(decodeRecord(line.slice(0, -1)), { record: writable(record), block: 'blk_1' });
    }),
  );
});

test('a record is one line whatever its texts hold', () => {
  fc.assert(
    fc.property(records, (record) => {
      const line = encodeRecord(record, 'blk_1');
      assert.equal(line.indexOf('\n'), line.length - 1);
      assert.ok(!/[\r\0]/.test(line));
    }),
  );
});

test('what is no record is refused', () => {
  for (const line of ['', '{}', 'a\tb', '\t'.repeat(27)]) assert.throws(() => decodeRecord(line), SyntaxError);
});

test('a line comes back from what was read of it, byte for byte', () => {
  fc.assert(
    fc.property(records, (record) => {
      const line = encodeRecord(record, 'blk_1');
      const read = decodeRecord(line.slice(0, -1));
      assert.equal(encodeRecord(read.record, read.block), line);
    }),
  );
});

test('a line of an earlier version is completed, and a complete one stays as it is', () => {
  fc.assert(
    fc.property(records, (record) => {
      const later = { role: null, actedBy: null, parameters: null, trace: null, judged: null, secrets: null };
      const line = encodeRecord({ ...record, ...later }, 'blk_1');
      const said = encodeRecord({ ...record, judged: null, secrets: null }, 'blk_1');
      const cut = (whole: string, columns: number) => whole.slice(0, -1).split('\t').slice(0, columns).join('\t');
      assert.equal(completeLine(cut(line, 28)), line.slice(0, -1));
      assert.equal(completeLine(cut(said, 32)), said.slice(0, -1));
      assert.equal(completeLine(cut(said, 33)), said.slice(0, -1));
      assert.equal(completeLine(line.slice(0, -1)), line.slice(0, -1));
    }),
  );
});

test('a line from before secrets were named is read, and comes back as it was', () => {
  fc.assert(
    fc.property(records, ({ secrets: _, ...record }) => {
      const line = encodeRecord(record, 'blk_1');
      const read = decodeRecord(line.slice(0, -1));
      assert.equal('secrets' in read.record, false);
      assert.equal(encodeRecord(read.record, read.block), line);
    }),
  );
});
