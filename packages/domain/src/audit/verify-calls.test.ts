import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeRecord } from '../record/record-line.ts';
import type { MessageRecord } from '../record/message-record.ts';
import { callHash, callLine, callsAction, callsFormat, rootOfCalls } from './calls.ts';
import { keyId, type PublicKey, type Signer, signCheckpoint } from './checkpoint.ts';
import { type CallLine, checkpointLine, entryLine, type ExportLine, headerLine } from './export-lines.ts';
import { append, type AuditEntry, emptyLog, type LogHead } from './log.ts';
import { verifyExport } from './verify-export.ts';

const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');
const privateKey = createPrivateKey({
  key: Buffer.concat([seedPrefix, Buffer.alloc(32, 1)]),
  format: 'der',
  type: 'pkcs8',
});
const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
const key: PublicKey = { id: keyId(publicKey), publicKey };
const signer: Signer = { key: key.id, sign: (text) => sign(null, text, privateKey) };

function lineOf(sequence: number, index: number): string {
  const record: MessageRecord = {
    id: `msg_${sequence}x${index}`,
    organization: 'org_one',
    at: 1000 + index,
    member: 'mem_ada',
    token: null,
    conversation: null,
    client: null,
    endpoint: null,
    server: 'srv_files',
    serverName: 'files',
    direction: 'call',
    method: 'tools/call',
    target: 'read',
    protocol: null,
    outcome: 'answered',
    code: null,
    reason: null,
    durationUs: 5,
    upstreamUs: 3,
    request: null,
    response: null,
    requestEdits: [],
    responseEdits: [],
    requestFindings: [],
    responseFindings: [],
    role: 'member',
    actedBy: null,
    parameters: '{"path":"text 10"}',
    trace: null,
    judged: null,
  };
  return encodeRecord(record, 'blk_1').slice(0, -1);
}

/** An export of entries that stand for so many calls each; 0 is an entry of another kind. */
function exported(batches: readonly number[], withCalls = true): string[] {
  let head: LogHead = emptyLog;
  const lines: ExportLine[] = [headerLine('org_one', head, [key], withCalls)];
  batches.forEach((count, sequence) => {
    const texts = Array.from({ length: count }, (_, index) => lineOf(sequence, index));
    const root = rootOfCalls(texts.map(callHash)).toString('hex');
    const entry: AuditEntry = {
      id: `aud_${sequence}`,
      organization: 'org_one',
      at: 1000 + sequence,
      actor: 'system',
      action: count === 0 ? 'teams.create' : callsAction,
      subject: null,
      outcome: 'done',
      detail: count === 0 ? {} : { format: callsFormat, calls: count, root },
    };
    head = append(head, entry).head;
    lines.push(entryLine(entry, sequence, head.chain));
    if (withCalls) lines.push(...texts.map((text, index) => callLine(sequence, index, text, callHash(text))));
  });
  lines.push(checkpointLine(signCheckpoint(head, { organization: 'org_one', from: 0, at: 9 }, signer)));
  return lines.map((line) => JSON.stringify(line));
}

const batches = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 6 });
const some = batches.filter((counts) => counts.some((count) => count > 0));

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/** Line of one of the calls, and the call. */
function pickCall(lines: readonly string[], pick: number): { at: number; call: CallLine } {
  const calls = lines.flatMap((text, at) => {
    const call = JSON.parse(text) as ExportLine;
    return call.type === 'call' ? [{ at, call }] : [];
  });
  const picked = calls[pick % calls.length];
  assert.ok(picked);
  return picked;
}

test('an export with its calls is intact, and one without them says how many it only stands for', async () => {
  await fc.assert(
    fc.asyncProperty(batches, async (counts) => {
      const whole = await verifyExport(exported(counts), [key]);
      assert.deepEqual([whole.problem, whole.calls, whole.callsUnseen], [null, total(counts), 0]);
      const bare = await verifyExport(exported(counts, false), [key]);
      assert.deepEqual([bare.problem, bare.calls, bare.callsUnseen], [null, 0, total(counts)]);
    }),
  );
});

test('a call that was changed is named, with the entry that stands for it', async () => {
  await fc.assert(
    fc.asyncProperty(
      some,
      fc.nat(),
      fc.constantFrom('member', 'target', 'outcome', 'parameters'),
      async (counts, pick, what) => {
        const lines = exported(counts);
        const { at, call } = pickCall(lines, pick);
        lines[at] = JSON.stringify({ ...call, record: { ...call.record, [what]: 'mem_eve' } });
        const { intact, problem } = await verifyExport(lines, [key]);
        assert.equal(intact, false);
        assert.deepEqual(
          [problem?.line, problem?.sequence, problem?.message],
          [at + 1, call.sequence, call.record['id']],
        );
      },
    ),
  );
});

test('calls that are dropped, doubled, exchanged or moved to another entry are found where they are missing', async () => {
  await fc.assert(
    fc.asyncProperty(
      some,
      fc.nat(),
      fc.constantFrom('drop', 'double', 'exchange', 'renumber', 'move'),
      async (counts, pick, how) => {
        const lines = exported(counts);
        const { at, call } = pickCall(lines, pick);
        const text = lines[at] ?? '';
        const tampered = {
          drop: lines.toSpliced(at, 1),
          double: lines.toSpliced(at, 0, text),
          exchange: lines.toSpliced(at, 2, lines[at + 1] ?? '', text),
          renumber: lines.with(at, JSON.stringify({ ...call, index: call.index + 1 })),
          move: lines.with(at, JSON.stringify({ ...call, sequence: call.sequence + 1 })),
        }[how];
        const { intact, problem } = await verifyExport(tampered, [key]);
        assert.equal(intact, false);
        assert.ok([call.sequence, call.sequence + 1].includes(problem?.sequence ?? -1));
        assert.ok(
          [at + 1, at + 2].includes(problem?.line ?? -1),
          `${problem?.line} instead of ${at + 1}: ${problem?.why}`,
        );
      },
    ),
  );
});

test('who makes a call’s hash anew is found at the root that stands for it', async () => {
  const lines = exported([0, 3, 0]);
  const { at, call } = pickCall(lines, 1);
  const forged = encodeRecord({ ...(call.record as unknown as MessageRecord), target: 'write' }, 'blk_1').slice(0, -1);
  lines[at] = JSON.stringify(callLine(call.sequence, call.index, forged, callHash(forged)));
  const { problem } = await verifyExport(lines, [key]);
  assert.equal(problem?.sequence, 1);
  assert.match(problem?.why ?? '', /changed, and their hashes made anew/);
});

test('who takes all calls out and says that there are none is not believed to have shown them', async () => {
  const lines = exported([2, 3]).filter((text) => JSON.parse(text).type !== 'call');
  assert.match((await verifyExport(lines, [key])).problem?.why ?? '', /calls 0 to 1 of entry 0 are missing/);
  const header = JSON.parse(lines[0] ?? '');
  const { intact, calls, callsUnseen } = await verifyExport(
    lines.with(0, JSON.stringify({ ...header, calls: false })),
    [key],
  );
  assert.deepEqual([intact, calls, callsUnseen], [true, 0, 5]);
});

test('a call that stands where none belongs is named', async () => {
  const lines = exported([0, 2]);
  const stray = pickCall(lines, 0);
  const before = lines.toSpliced(2, 0, lines[stray.at] ?? '');
  assert.match((await verifyExport(before, [key])).problem?.why ?? '', /stands where none belongs/);
  const after = lines.toSpliced(stray.at + 2, 0, lines[stray.at] ?? '');
  assert.match((await verifyExport(after, [key])).problem?.why ?? '', /was added to those that were recorded/);
});
