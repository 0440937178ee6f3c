import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MessageRecord } from '../record/message-record.ts';
import { encodeRecord } from '../record/record-line.ts';
import { callHash, callLine, callsOf, hashOfShown, pathOfCall, rootOfCalls } from './calls.ts';
import { rootFromInclusion } from './merkle.ts';

const record: MessageRecord = {
  id: 'msg_1',
  organization: 'org_1',
  at: 1_790_000_000_000,
  member: 'mem_1',
  token: null,
  conversation: null,
  client: 'a "client"\t✓',
  endpoint: null,
  server: 'srv_1',
  serverName: 'files',
  direction: 'call',
  method: 'tools/call',
  target: 'read',
  protocol: '2025-11-25',
  outcome: 'answered',
  code: null,
  reason: null,
  durationUs: 12,
  upstreamUs: null,
  request: { offset: 0, length: 3 },
  response: null,
  requestEdits: [],
  responseEdits: [],
  requestFindings: [{ detector: 'x', start: 1, end: 2, pointer: '/a', inKey: false, confidence: 0.5 }],
  responseFindings: [],
  role: 'member',
  actedBy: null,
  parameters: '{"path":"text 4"}',
  trace: null,
  judged: null,
};
const line = encodeRecord(record, 'blk_1').slice(0, -1);

function shown() {
  return JSON.parse(JSON.stringify(callLine(4, 0, line, callHash(line)))) as ReturnType<typeof callLine>;
}

test('what an export shows of a call has the hash of its line in the journal', () => {
  assert.deepEqual(hashOfShown(shown()), callHash(line));
  assert.deepEqual(shown().record, { ...record, block: 'blk_1' });
});

test('whatever is changed, added or left out of a shown call, its hash is another or none', () => {
  const { record: said } = shown();
  const attempts: Record<string, unknown>[] = [
    { ...said, target: 'write' },
    { ...said, member: 'mem_2' },
    { ...said, member: ['mem_1'] },
    { ...said, note: 'approved by the board' },
    { ...said, durationUs: '12' },
    { ...said, requestFindings: [] },
    { ...said, block: 'blk_2' },
    Object.fromEntries(Object.entries(said).filter(([name]) => name !== 'trace')),
    {},
  ];
  for (const attempt of attempts) {
    const hash = hashOfShown({ record: attempt });
    assert.ok(hash === null || !hash.equals(callHash(line)), JSON.stringify(attempt));
  }
});

test('each of several calls is proven by its path to their root', () => {
  for (const count of [1, 2, 3, 7, 8, 21]) {
    const leaves = Array.from({ length: count }, (_, at) => callHash(`call ${at}`));
    const root = rootOfCalls(leaves);
    for (const [index, leaf] of leaves.entries()) {
      assert.deepEqual(rootFromInclusion(leaf, index, count, pathOfCall(leaves, index)), root);
    }
  }
});

test('only an entry of that action, in a spelling that is known, stands for calls', () => {
  const detail = { format: 'record/1', calls: 3, root: 'aa' };
  assert.deepEqual(callsOf({ action: 'messages.record', detail }), detail);
  assert.equal(callsOf({ action: 'teams.create', detail }), null);
  assert.equal(callsOf({ action: 'messages.record', detail: { ...detail, format: 'other' } }), null);
  assert.equal(callsOf({ action: 'messages.record', detail: {} }), null);
});
