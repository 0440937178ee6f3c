import assert from 'node:assert/strict';
import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { keyId, type PublicKey, type Signer, signCheckpoint } from './checkpoint.ts';
import { checkpointLine, entryLine, type ExportLine, headerLine } from './export-lines.ts';
import { append, type AuditEntry, emptyLog, entryHash, type LogHead } from './log.ts';
import { verifyExport } from './verify-export.ts';

const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

function keyPair(seed: number): { signer: Signer; key: PublicKey } {
  const der = Buffer.concat([seedPrefix, Buffer.alloc(32, seed)]);
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = spki.subarray(-32).toString('base64');
  const id = keyId(publicKey);
  return { signer: { key: id, sign: (text) => sign(null, text, privateKey) }, key: { id, publicKey } };
}

const hub = keyPair(1);
const stranger = keyPair(2);

function entryAt(index: number, detail: Record<string, unknown> = {}): AuditEntry {
  const outcome = index % 3 === 0 ? 'refused' : 'done';
  const by = { actor: 'mem_ada', action: 'grants.create', subject: null };
  return {
    id: `aud_${index}`,
    organization: 'org_one',
    at: 1000 + index,
    outcome,
    detail: { index, ...detail },
    ...by,
  };
}

interface Plan {
  readonly count: number;
  readonly from: number;
  readonly checkpointEvery: number;
  readonly removed?: readonly number[];
  readonly signer?: Signer;
}

/** The lines of an export of the entries from `from` on, as a hub makes them. */
function exported({ count, from, checkpointEvery, removed = [], signer = hub.signer }: Plan): string[] {
  const lines: ExportLine[] = [];
  let head: LogHead = emptyLog;
  for (let index = 0; index <= count; index += 1) {
    if (index === from) lines.push(headerLine('org_one', head, [hub.key]));
    if (index > from && index < count && index % checkpointEvery === 0) {
      lines.push(checkpointLine(signCheckpoint(head, { organization: 'org_one', from: null, at: index }, signer)));
    }
    if (index === count) break;
    const entry = entryAt(index);
    head = append(head, entry).head;
    const chain = head.chain.toString('hex');
    const stub = { type: 'removed' as const, sequence: index, leaf: entryHash(entry, index).toString('hex'), chain };
    if (index >= from) lines.push(removed.includes(index) ? stub : entryLine(entry, index, head.chain));
  }
  lines.push(checkpointLine(signCheckpoint(head, { organization: 'org_one', from, at: 9999 }, signer)));
  return lines.map((line) => JSON.stringify(line));
}

const plan = fc
  .record({ count: fc.integer({ min: 1, max: 40 }), start: fc.nat(), checkpointEvery: fc.integer({ min: 1, max: 9 }) })
  .map(({ count, start, checkpointEvery }) => ({ count, from: start % count, checkpointEvery }));

test('an export is intact with the public key alone, from wherever it begins and whatever retention took', async () => {
  await fc.assert(
    fc.asyncProperty(plan, fc.array(fc.nat({ max: 39 })), async (drawn, removed) => {
      const verified = await verifyExport(exported({ ...drawn, removed }), [hub.key]);
      assert.equal(verified.problem, null);
      assert.equal(verified.intact, true);
      assert.equal(verified.entries + verified.removed, drawn.count - drawn.from);
      assert.deepEqual([verified.from, verified.to, verified.signedAt], [drawn.from, drawn.count, 9999]);
    }),
  );
});

test('an entry that was changed is named', async () => {
  await fc.assert(
    fc.asyncProperty(
      plan,
      fc.nat(),
      fc.constantFrom('actor', 'action', 'at', 'detail', 'outcome', 'id'),
      async (drawn, pick, what) => {
        const lines = exported(drawn);
        const places = lines.flatMap((line, index) => (JSON.parse(line).type === 'entry' ? [index] : []));
        const at = places[pick % places.length] ?? 0;
        const entry = JSON.parse(lines[at] ?? '');
        const changed = {
          actor: 'mem_eve',
          action: 'grants.list',
          at: 5,
          detail: {},
          outcome: entry.outcome === 'done' ? 'refused' : 'done',
          id: 'aud_x',
        };
        lines[at] = JSON.stringify({ ...entry, [what]: changed[what] });
        const { intact, problem } = await verifyExport(lines, [hub.key]);
        assert.equal(intact, false);
        assert.deepEqual([problem?.line, problem?.sequence], [at + 1, entry.sequence]);
        assert.match(problem?.why ?? '', /not what was written/);
      },
    ),
  );
});

test('lines that are dropped, doubled, exchanged, cut off or added are found', async () => {
  await fc.assert(
    fc.asyncProperty(
      plan,
      fc.nat(),
      fc.constantFrom('drop', 'double', 'exchange', 'cut', 'add'),
      async (drawn, pick, how) => {
        const lines = exported(drawn);
        const at = pick % lines.length;
        const line = lines[at] ?? '';
        const tampered = {
          drop: lines.toSpliced(at, 1),
          double: lines.toSpliced(at, 0, line),
          exchange: lines.toSpliced(at, 2, lines[at + 1] ?? '{}', line),
          cut: lines.slice(0, at),
          add: [...lines.slice(0, at), '{"type":"entry"}', ...lines.slice(at)],
        }[how];
        // A checkpoint on the way helps to locate; one more or less of them changes nothing about the entries.
        const isOnTheWay = JSON.parse(line).type === 'checkpoint' && at < lines.length - 1;
        const { intact } = await verifyExport(tampered, [hub.key]);
        assert.equal(intact, isOnTheWay && (how === 'drop' || how === 'double'));
      },
    ),
  );
});

test('who makes all hashes anew is found at the next signature, between the entries it covers', async () => {
  const forged = exported({ count: 20, from: 0, checkpointEvery: 5, signer: stranger.signer });
  const { problem } = await verifyExport(forged, [hub.key]);
  assert.match(problem?.why ?? '', /not signed with a key that is trusted/);
  const honest = exported({ count: 20, from: 0, checkpointEvery: 5 });
  const kept = honest.filter((line) => JSON.parse(line).type === 'checkpoint');
  let head: LogHead = emptyLog;
  const rewritten = honest.map((line) => {
    const parsed = JSON.parse(line);
    if (parsed.type === 'checkpoint') return kept.shift() ?? '';
    if (parsed.type !== 'entry') return line;
    const entry = entryAt(parsed.sequence, parsed.sequence >= 7 ? { by: 'nobody' } : {});
    head = append(head, entry).head;
    return JSON.stringify(entryLine(entry, parsed.sequence, head.chain));
  });
  const found = await verifyExport(rewritten, [hub.key]);
  assert.deepEqual([found.intact, found.problem?.sequence], [false, 5]);
  assert.match(found.problem?.why ?? '', /entries 5 to 9 are not those that were signed/);
});

test('an export that ends at an earlier checkpoint, or begins later than it was signed for, is not taken for a whole one', async () => {
  const lines = exported({ count: 12, from: 0, checkpointEvery: 6 });
  const early = lines.slice(0, 8);
  assert.equal(JSON.parse(early.at(-1) ?? '').type, 'checkpoint');
  assert.match((await verifyExport(early, [hub.key])).problem?.why ?? '', /the end is missing/);
  const later = exported({ count: 12, from: 3, checkpointEvery: 100 });
  const { problem } = await verifyExport([...later.slice(0, -1), lines.at(-1) ?? ''], [hub.key]);
  assert.match(problem?.why ?? '', /the beginning is missing: this export was signed from entry 0 on/);
});

test('no line, however odd, brings it down', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(fc.string(), fc.json(), fc.constantFrom(...exported({ count: 3, from: 0, checkpointEvery: 2 }))),
      ),
      async (lines) => {
        const { intact, problem } = await verifyExport(lines, null);
        assert.equal(intact, problem === null);
      },
    ),
  );
});
