import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { test } from 'node:test';
import { encodeRecord } from '../record/record-line.ts';
import { callHash, callLine, pathOfCall, rootOfCalls } from './calls.ts';
import { keyId, signCheckpoint } from './checkpoint.ts';
import { checkpointLine, entryLine } from './export-lines.ts';
import { append, type AuditEntry, emptyLog, entryHash, type LogHead } from './log.ts';
import { whyNotProven } from './proof.ts';
import { type Proof, proofShape } from './proof-shape.ts';

const seed = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]);
const privateKey = createPrivateKey({ key: seed, format: 'der', type: 'pkcs8' });
const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
const publicKey = spki.subarray(-32).toString('base64');
const key = { id: keyId(publicKey), publicKey };

const lines = ['one', 'two', 'three'].map((target, at) =>
  encodeRecord(
    {
      id: `msg_${at}`,
      organization: 'org_one',
      at,
      member: 'mem_ada',
      token: null,
      conversation: null,
      client: null,
      endpoint: null,
      server: null,
      serverName: null,
      direction: 'call',
      method: 'tools/call',
      target,
      protocol: null,
      outcome: 'answered',
      code: null,
      reason: null,
      durationUs: 1,
      upstreamUs: null,
      request: null,
      response: null,
      requestEdits: [],
      responseEdits: [],
      requestFindings: [],
      responseFindings: [],
      role: null,
      actedBy: null,
      parameters: null,
      trace: null,
      judged: null,
    },
    'blk_1',
  ).slice(0, -1),
);
const leaves = lines.map(callHash);

/** Of call `index`, in the entry at place 2 of 3. */
function proofOf(index: number): Proof {
  const root = rootOfCalls(leaves).toString('hex');
  const entries = [0, 1, 2].map(
    (sequence): AuditEntry => ({
      id: `aud_${sequence}`,
      organization: 'org_one',
      at: sequence,
      actor: 'system',
      action: 'messages.record',
      subject: null,
      outcome: 'done',
      detail: { format: 'record/1', calls: 3, root, sequence },
    }),
  );
  let head: LogHead = emptyLog;
  for (const entry of entries) head = append(head, entry).head;
  const signer = { key: key.id, sign: (text: Buffer) => sign(null, text, privateKey) };
  const checkpoint = signCheckpoint(head, { organization: 'org_one', from: null, at: 5 }, signer);
  const [, , last] = entries;
  assert.ok(last);
  const path = pathOfCall(
    entries.map((entry, sequence) => entryHash(entry, sequence)),
    2,
  );
  const proof: Proof = {
    type: 'proof',
    format: 'mcpvault-audit-proof/1',
    call: {
      shown: callLine(2, index, lines[index] ?? '', leaves[index] ?? Buffer.alloc(32)),
      path: pathOfCall(leaves, index).map((hash) => hash.toString('hex')),
    },
    entry: entryLine(last, 2, head.chain),
    path: path.map((hash) => hash.toString('hex')),
    checkpoint: checkpointLine(checkpoint),
    keys: [key],
  };
  return proofShape.parse(JSON.parse(JSON.stringify(proof)));
}

test('a call is proven to be in the log that was signed', () => {
  for (const index of [0, 1, 2]) assert.equal(whyNotProven(proofOf(index), [key]), null);
  assert.equal(whyNotProven({ ...proofOf(1), call: null }, [key]), null);
  assert.equal(whyNotProven(proofOf(1), null), null);
});

test('a proof of anything else does not hold', () => {
  const proof = proofOf(1);
  const call = proof.call;
  assert.ok(call);
  const { shown } = call;
  const said = { ...shown.record, target: 'four' };
  assert.match(
    whyNotProven({ ...proof, call: { ...call, shown: { ...shown, record: said } } }, [key]) ?? '',
    /not one of/,
  );
  assert.match(whyNotProven({ ...proof, call: { ...call, shown: { ...shown, index: 2 } } }, [key]) ?? '', /not one of/);
  assert.match(whyNotProven({ ...proof, call: { ...call, path: [] } }, [key]) ?? '', /not one of/);
  assert.match(whyNotProven({ ...proof, entry: { ...proof.entry, actor: 'mem_eve' } }, [key]) ?? '', /not in the log/);
  assert.match(whyNotProven({ ...proof, entry: { ...proof.entry, action: 'x' } }, [key]) ?? '', /does not stand/);
  const other = { ...key, publicKey: Buffer.alloc(32, 1).toString('base64') };
  assert.match(whyNotProven(proof, [other]) ?? '', /not signed with a key that is trusted/);
  const moved = { ...proof.checkpoint, organization: 'org_two' as const };
  assert.match(whyNotProven({ ...proof, checkpoint: moved }, [key]) ?? '', /another organization/);
});
