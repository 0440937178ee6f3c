import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { isSignedBy, type SignedCheckpoint, signCheckpoint } from '@mcpvault/domain/audit/checkpoint';
import { checkpointLine, headerLine } from '@mcpvault/domain/audit/export-lines';
import {
  consistencyParts,
  inclusionParts,
  isConsistent,
  rootFromInclusion,
  rootOf,
} from '@mcpvault/domain/audit/merkle';
import { verifyExport } from '@mcpvault/domain/audit/verify-export';
import type { AuditEntryId, OrganizationId } from '@mcpvault/domain/ids';
import { createSample } from '../testing/sample.ts';
import { openTestDatabase, testAmbient } from '../testing/test-database.ts';
import { createStores, transaction } from '../stores.ts';
import { createAuditSigner } from './audit-signer.ts';

const database = await openTestDatabase();
const stores = createStores(database.kysely);
const ambient = testAmbient();
let made = 0;
const masterKey = randomBytes(32);
const signer = createAuditSigner({ masterKey, executor: database.kysely, ambient });

/** Samples draw from ids of their own. */
function nextId(): AuditEntryId {
  made += 1;
  return `aud_test${made}`;
}

async function logOf(entries: number): Promise<OrganizationId> {
  const { organization } = await createSample(stores, `log-${(made += 1)}`);
  for (let index = 1; index < entries; index += 1) await add(organization, index);
  return organization;
}

function add(organization: OrganizationId, index: number): Promise<void> {
  const said = { actor: 'system', action: 'test.entry', subject: null, outcome: 'done' as const };
  const detail = { index, text: 'ünï\0\ud800', number: 1e21, nested: { b: [1.5, null], a: -0 } };
  return stores.audit.append({
    id: nextId(),
    organization,
    at: 1_900_000_000_000 + index,
    detail,
    ...said,
  });
}

async function check(organization: OrganizationId, from = 0) {
  const { auditLog } = stores;
  const head = await auditLog.head(organization);
  const closing = signCheckpoint(head, { organization, from, at: 5 }, await signer.current());
  const published = await signer.published();
  const before = await auditLog.headAt(organization, from);
  const lines = [
    headerLine(organization, before, published),
    ...(await auditLog.lines(organization, from, Number.MAX_SAFE_INTEGER)),
    checkpointLine(closing),
  ];
  return verifyExport(
    lines.map((line) => JSON.stringify(line)),
    published,
  );
}

test('what was appended is exported whole, from any entry on', async () => {
  const organization = await logOf(13);
  for (const from of [0, 1, 7, 8, 12, 13]) {
    const verified = await check(organization, from);
    assert.deepEqual([verified.problem, verified.entries], [null, 13 - from]);
  }
});

test('entries that are written at the same time stand in one order, and an undone one leaves no gap', async () => {
  const organization = await logOf(1);
  const undone = transaction(database, async (own) => {
    await own.audit.append({ ...(await anEntry(organization)), detail: { undone: true } });
    throw new Error('undone');
  });
  await Promise.all([
    ...Array.from({ length: 12 }, (_, index) => add(organization, index)),
    assert.rejects(undone, /undone/),
  ]);
  const verified = await check(organization);
  assert.deepEqual([verified.problem, verified.entries], [null, 13]);
});

async function anEntry(organization: OrganizationId) {
  const said = { actor: 'system', action: 'test.entry', subject: null, outcome: 'done' as const };
  return { id: nextId(), organization, at: 1, ...said };
}

test('the database refuses to change, delete or truncate entries', async () => {
  const organization = await logOf(2);
  const attempts = [
    `update audit_entries set actor = 'x' where organization = '${organization}'`,
    `delete from audit_entries where organization = '${organization}'`,
    'truncate audit_entries',
  ];
  for (const attempt of attempts) await assert.rejects(database.pool.query(attempt), /audit entries are never changed/);
});

test('who gets around the database is found, and the place is named', async () => {
  const tamper = async (statement: string) => {
    const organization = await logOf(9);
    const client = await database.pool.connect();
    try {
      await client.query("set session_replication_role = 'replica'");
      await client.query(statement.replaceAll('ORG', organization));
    } finally {
      await client.query("set session_replication_role = 'origin'");
      client.release();
    }
    const { intact, problem } = await check(organization);
    return [intact, problem?.sequence];
  };
  const where = "where organization = 'ORG' and sequence";
  assert.deepEqual(await tamper(`update audit_entries set actor = 'mem_eve' ${where} = 4`), [false, 4]);
  assert.deepEqual(await tamper(`update audit_entries set detail = '{}' ${where} = 8`), [false, 8]);
  assert.deepEqual(await tamper(`update audit_entries set at = at + interval '1 ms' ${where} = 1`), [false, 1]);
  assert.deepEqual(await tamper(`delete from audit_entries ${where} = 3`), [false, 3]);
  assert.deepEqual(await tamper(`delete from audit_entries ${where} > 6`), [false, 7]);
  assert.deepEqual(await tamper(`update audit_entries set sequence = 9 ${where} = 0`), [false, 0]);
  const inserted = `insert into audit_entries select 'aud_forged', organization, at, actor, action, subject, outcome, detail,
    9, leaf, chain from audit_entries ${where} = 2`;
  assert.deepEqual(await tamper(inserted), [false, 9]);
});

test('an entry is proven by its path, and an old log to be the beginning of the new one', async () => {
  const organization = await logOf(11);
  const { auditLog } = stores;
  const head = await auditLog.head(organization);
  const [{ items }] = [await stores.audit.list(organization, { action: 'servers.create' })];
  const place = await auditLog.placeOf(organization, items[0]?.id ?? '');
  assert.ok(place);
  const path = await auditLog.proof(organization, inclusionParts(place.sequence, 11));
  assert.deepEqual(rootFromInclusion(place.leaf, place.sequence, 11, path), rootOf(head.frontier));
  for (const size of [1, 2, 5, 8, 10]) {
    const older = { size, root: rootOf((await auditLog.headAt(organization, size)).frontier) };
    const proof = await auditLog.proof(organization, consistencyParts(size, 11));
    assert.equal(isConsistent(older, { size: 11, root: rootOf(head.frontier) }, proof), true);
  }
  assert.equal(await auditLog.placeOf(organization, 'aud_none'), null);
});

test('checkpoints are kept once, and what a replaced key signed stays good', async () => {
  const organization = await logOf(3);
  const head = await stores.auditLog.head(organization);
  const about = { organization, from: null, at: 7 };
  const old = signCheckpoint(head, about, await signer.current());
  await stores.auditLog.keepCheckpoint(old);
  await stores.auditLog.keepCheckpoint({ ...old, root: 'another' });
  assert.deepEqual(await stores.auditLog.lastCheckpoint(organization), old);
  const fresh = await signer.rotate();
  assert.notEqual(fresh.id, old.key);
  await add(organization, 4);
  const newer = signCheckpoint(await stores.auditLog.head(organization), about, await signer.current());
  await stores.auditLog.keepCheckpoint(newer);
  const published = await signer.published();
  const isGood = (checkpoint: SignedCheckpoint) => published.some((key) => isSignedBy(checkpoint, key));
  assert.deepEqual((await stores.auditLog.checkpoints(organization, 0, 4)).map(isGood), [true, true]);
  assert.deepEqual((await stores.auditLog.checkpoints(organization, 3, 4)).length, 1);
  assert.deepEqual(
    published.filter(({ until }) => until === null).map(({ id }) => id),
    [fresh.id],
  );
});

test('keys that another master key sealed are not replaced in silence', async () => {
  await signer.current();
  const stranger = createAuditSigner({ masterKey: randomBytes(32), executor: database.kysely, ambient });
  await assert.rejects(stranger.current(), /sealed with another master key/);
});

test('the first entry of a time is found', async () => {
  const organization = await logOf(6);
  assert.equal(await stores.auditLog.firstSince(organization, 1_900_000_000_003), 3);
  assert.equal(await stores.auditLog.firstSince(organization, 3_900_000_000_000), 6);
});
