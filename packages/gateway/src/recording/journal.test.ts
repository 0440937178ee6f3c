import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { FaultyDisk } from './fixtures/faulty-disk.ts';
import { draft, journalDeps, MemoryDatabase, testAmbient, testSealer } from './fixtures/recording.ts';
import { createJournal, type Journal, type JournalDeps, type JournalSettings } from './journal.ts';

const everything = { blocks: 1_000, bytes: 1e9 };
const settings: JournalSettings = {
  maxBytes: 8 * 1024 * 1024,
  segmentBytes: 1024 * 1024,
  durability: 'process',
  whenFull: () => 'refuse' as const,
};

describe('the journal', () => {
  let directory: string;
  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'journal-')), 'journal');
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true }));

  async function open(own: Partial<JournalDeps> = {}): Promise<Journal> {
    const journal = createJournal(journalDeps(directory, { settings, ...own }));
    await journal.start();
    return journal;
  }

  function append(
    journal: Journal,
    number: number,
    body: Buffer | null = Buffer.from('x'),
    organization?: OrganizationId,
  ) {
    return new Promise<Error | null>((resolve) => {
      journal.recorder.append(draft(number, organization), body, null, resolve);
    });
  }

  async function arrive(journal: Journal): Promise<MemoryDatabase> {
    const database = new MemoryDatabase();
    for (const id of journal.journals()) {
      for (;;) {
        const blocks = await journal.read(id, await database.position(id), everything);
        if (blocks.length === 0) break;
        await database.ingest({ journal: id, blocks });
      }
    }
    return database;
  }

  test('gives back every record with its exact originals, in order', async () => {
    const journal = await open();
    const bodies = [Buffer.from('{"a":"ü🙂"}'), null, Buffer.alloc(0), Buffer.from([0, 255, 10, 13])];
    const dones = bodies.map(
      (body, i) =>
        new Promise<Error | null>((resolve) => journal.recorder.append(draft(i), body, bodies[3 - i] ?? null, resolve)),
    );
    assert.deepEqual(await Promise.all(dones), [null, null, null, null]);
    const [rows] = [...(await arrive(journal)).arrived.values()];
    assert.deepEqual(
      rows?.map((row) => [row.record.id, row.request, row.response]),
      bodies.map((body, i) => [
        `msg_${i}`,
        body?.toString('latin1') ?? null,
        bodies[3 - i]?.toString('latin1') ?? null,
      ]),
    );
    const { request: _, response: __, ...kept } = rows?.[0]?.record as MessageRecord;
    assert.deepEqual(kept, draft(0));
    await journal.close();
  });

  test('calls back after the turn, in order, and then tells who listens', async () => {
    const heard: string[] = [];
    const journal = await open({ onRecorded: (records) => heard.push(`live ${records.map((record) => record.id)}`) });
    for (let i = 0; i < 3; i++) journal.recorder.append(draft(i), null, null, () => heard.push(`done ${i}`));
    assert.deepEqual(heard, []);
    await journal.flush();
    await new Promise(setImmediate);
    assert.deepEqual(heard, ['done 0', 'done 1', 'done 2', 'live msg_0,msg_1,msg_2']);
    await journal.close();
  });

  test('goes on when somebody who waits for a record throws', async () => {
    const journal = await open();
    journal.recorder.append(draft(0), null, null, () => {
      throw new Error('a bug elsewhere');
    });
    assert.equal(await append(journal, 1), null);
    await journal.close();
  });

  test('keeps organizations in blocks of their own', async () => {
    const journal = await open();
    await Promise.all(
      [1, 2, 3, 4].map((i) => append(journal, i, Buffer.from('x'), i % 2 === 0 ? 'org_even' : 'org_odd')),
    );
    const [id = ''] = journal.journals();
    const blocks = await journal.read(id, 0, everything);
    assert.deepEqual(
      blocks.map(({ position, block }) => [position, block.organization, block.count]),
      [
        [1, 'org_odd', 2],
        [2, 'org_even', 2],
      ],
    );
    await journal.close();
  });

  test('bounds its blocks, and makes one for a larger exchange', async () => {
    const journal = await open();
    const third = Buffer.alloc(400_000, 'y');
    const sizes = [...Array(300).fill(Buffer.from('x')), third, third, third, Buffer.alloc(3_000_000, 'z'), third];
    await Promise.all(sizes.map((body, i) => append(journal, i, body)));
    const [id = ''] = journal.journals();
    const blocks = await journal.read(id, 0, everything);
    assert.deepEqual(
      blocks.map(({ block }) => block.count),
      [256, 46, 1, 1, 1],
    );
    assert.equal((await arrive(journal)).ids().length, 305);
    await journal.close();
  });

  test('shows no original to whoever reads the disk, and nobody else the disk', async () => {
    const journal = await open();
    await append(journal, 1, Buffer.from('the password is swordfish'));
    const names = readdirSync(directory);
    assert.equal(names.length, 1);
    const path = join(directory, names[0] ?? '');
    assert.equal(statSync(directory).mode & 0o777, 0o700);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const content = readFileSync(path);
    assert.ok(content.includes('msg_1'));
    assert.ok(!content.includes('swordfish'));
    await journal.close();
  });

  test('makes a directory private that was not', async () => {
    mkdirSync(directory, { mode: 0o755 });
    await (await open()).close();
    assert.equal(statSync(directory).mode & 0o777, 0o700);
  });

  test('reads in batches as large as asked for, but always at least one block', async () => {
    const journal = await open();
    for (let i = 0; i < 5; i++) await append(journal, i, Buffer.alloc(1_000));
    const [id = ''] = journal.journals();
    const positions = async (after: number, blocks: number, bytes: number) =>
      (await journal.read(id, after, { blocks, bytes })).map(({ position }) => position);
    assert.deepEqual(await positions(0, 2, 1e9), [1, 2]);
    assert.deepEqual(await positions(2, 100, 4_000), [3, 4]);
    assert.deepEqual(await positions(4, 100, 1), [5]);
    assert.deepEqual(await positions(5, 100, 1e9), []);
    await journal.close();
  });

  test('leaves what did not arrive for the next run, and removes what did', async () => {
    const first = await open();
    for (let i = 0; i < 30; i++) await append(first, i, Buffer.alloc(100_000));
    const [id = ''] = first.journals();
    assert.ok(readdirSync(directory).length >= 3);
    first.acknowledge(id, 20);
    assert.deepEqual(first.backlog().blocks, 10);
    await first.close();

    const second = await open();
    assert.equal(second.journals().length, 2);
    assert.equal(second.journals()[0], id);
    assert.ok(second.state().pendingBlocks >= 10);
    await append(second, 30);
    const blocks = await second.read(id, 20, everything);
    assert.deepEqual(
      blocks.map(({ position }) => position),
      [21, 22, 23, 24, 25, 26, 27, 28, 29, 30].slice(0, blocks.length),
    );
    second.acknowledge(id, 30);
    assert.equal(second.journals().length, 1);
    assert.equal(second.backlog().blocks, 1);
    second.acknowledge(second.journals()[0] ?? '', 1);
    assert.deepEqual(second.backlog(), { blocks: 0, oldestAt: null });
    await second.close();
    assert.deepEqual(readdirSync(directory), []);
    assert.equal(second.state().bytes, 0);
  });

  test('reads back from the disk what it no longer holds in memory', async () => {
    const journal = await open({ settings: { ...settings, maxBytes: 64 * 1024 * 1024 } });
    for (let i = 0; i < 60; i++) await append(journal, i, Buffer.alloc(500_000, i));
    const rows = [...(await arrive(journal)).arrived.values()].flat();
    assert.deepEqual(
      rows.map((row) => [row.record.id, row.request?.length, row.request?.charCodeAt(499_999)]),
      Array.from({ length: 60 }, (_, i) => [`msg_${i}`, 500_000, i]),
    );
    await journal.close();
  });

  test('cuts off a torn end, and skips a spoilt part', async () => {
    const first = await open();
    for (let i = 0; i < 3; i++) await append(first, i, Buffer.alloc(100));
    await first.close();
    const path = join(directory, readdirSync(directory)[0] ?? '');
    const content = readFileSync(path);
    const second = content.indexOf('MVJ\x01', 1);
    content[second + 60] = (content[second + 60] ?? 0) ^ 1;
    writeFileSync(path, Buffer.concat([content, content.subarray(0, 200)]));

    const errors: object[] = [];
    const log = { debug() {}, info() {}, warn() {}, error: (fields: object) => errors.push(fields) };
    const journal = await open({ log });
    assert.deepEqual((await arrive(journal)).ids(), ['msg_0', 'msg_2']);
    assert.equal(statSync(path).size, content.length);
    assert.deepEqual(errors, [{ bytes: content.indexOf('MVJ\x01', second + 1) - second }]);
    await journal.close();
  });

  test('leaves files alone that are not its own', async () => {
    mkdirSync(directory);
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    await (await open()).close();
    assert.equal(readFileSync(join(directory, 'notes.txt'), 'utf8'), 'mine');
  });

  test('refuses before it is full, finds room for calls under way, and accepts again when blocks have arrived', async () => {
    const journal = await open();
    let written = 0;
    while (journal.recorder.accepts('org_1')) {
      assert.equal(await append(journal, written++, Buffer.alloc(200_000)), null);
    }
    assert.ok(journal.state().bytes < settings.maxBytes);
    assert.equal(await append(journal, written++, Buffer.alloc(200_000)), null);
    let refused: Error | null = null;
    while (refused === null) refused = await append(journal, written++, Buffer.alloc(200_000));
    assert.ok(
      refused instanceof Failure && refused.code === 'record_unavailable' && /journal is full/.test(refused.message),
    );
    assert.ok(journal.state().bytes <= settings.maxBytes);
    assert.match(journal.state().failing ?? '', /journal is full/);
    assert.equal((await arrive(journal)).ids().length, written - 1);

    journal.acknowledge(journal.journals()[0] ?? '', journal.lastWritten());
    assert.equal(await append(journal, written), null);
    assert.equal(journal.recorder.accepts('org_1'), true);
    assert.equal(journal.state().failing, null);
    await journal.close();
  });

  test('when told to go on, counts what is lost', async () => {
    const journal = await open({ settings: { ...settings, whenFull: () => 'lose' as const } });
    for (let i = 0; i < 60; i++) {
      assert.equal(journal.recorder.accepts('org_1'), true);
      assert.equal(await append(journal, i, Buffer.alloc(200_000)), null);
    }
    const { lost } = journal.state();
    assert.ok(lost > 10 && lost < 60);
    assert.deepEqual([...journal.takeLost()], [['org_1', lost]]);
    assert.deepEqual([...journal.takeLost()], []);
    assert.equal((await arrive(journal)).ids().length, 60 - lost);
    await journal.close();
  });

  test('one organization goes on where another is refused, and each knows what it lost', async () => {
    const whenFull = (organization: string) => (organization === 'org_2' ? ('lose' as const) : ('refuse' as const));
    const journal = await open({ settings: { ...settings, whenFull } });
    for (let i = 0; (await append(journal, i, Buffer.alloc(200_000))) === null; i++) assert.ok(i < 60);
    assert.equal(journal.recorder.accepts('org_1'), false);
    assert.equal(journal.recorder.accepts('org_2'), true);
    const passed = new Promise((resolve) => {
      journal.recorder.append(draft(100, 'org_2'), Buffer.alloc(200_000), null, resolve);
    });
    assert.equal(await passed, null);
    assert.deepEqual([...journal.takeLost()], [['org_2', 1]]);
    await journal.close();
  });

  test('says what the disk says, loses nothing that it confirmed, and tries again by itself', async () => {
    const disk = new FaultyDisk();
    const journal = await open({ disk });
    assert.equal(await append(journal, 1), null);
    for (const code of ['ENOSPC', 'EROFS', 'EIO']) disk.fault({ kind: 'fails', part: 0.5, cutOff: true, code });
    assert.match((await append(journal, 2))?.message ?? '', /the disk is full; free some space \(ENOSPC\)/);
    assert.equal(journal.recorder.accepts('org_1'), false);
    assert.match((await append(journal, 3))?.message ?? '', /read-only/);
    assert.match((await append(journal, 4))?.message ?? '', /reports errors/);
    while (!journal.recorder.accepts('org_1')) await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal(journal.state().failing, null);
    assert.equal(await append(journal, 5), null);
    assert.deepEqual((await arrive(journal)).ids(), ['msg_1', 'msg_5']);
    await journal.close();
    const next = await open();
    assert.deepEqual((await arrive(next)).ids(), ['msg_1', 'msg_5']);
    await next.close();
  });

  test('uses no position twice when a failed write cannot be cut off', async () => {
    const disk = new FaultyDisk();
    const journal = await open({ disk });
    assert.equal(await append(journal, 1), null);
    disk.fault({ kind: 'fails', part: 1, cutOff: false, code: 'EIO' });
    assert.notEqual(await append(journal, 2), null);
    assert.equal(await append(journal, 3), null);
    assert.deepEqual((await arrive(journal)).ids(), ['msg_1', 'msg_3']);
    await journal.close();
    const next = await open();
    const ids = (await arrive(next)).ids();
    assert.ok(ids.includes('msg_1') && ids.includes('msg_3'), 'what was confirmed arrives');
    assert.equal(new Set(ids).size, ids.length);
    await next.close();
  });

  test('with durability for power losses, confirms after the disk did, and not when it did not', async () => {
    const disk = new FaultyDisk();
    const journal = await open({ disk, settings: { ...settings, durability: 'power' } });
    const many = await Promise.all(Array.from({ length: 50 }, (_, i) => append(journal, i)));
    assert.deepEqual(new Set(many), new Set([null]));
    disk.syncFails = true;
    assert.match((await append(journal, 50))?.message ?? '', /EIO/);
    disk.syncFails = false;
    assert.equal(await append(journal, 51), null);
    const ids = (await arrive(journal)).ids();
    assert.deepEqual(ids, [...Array.from({ length: 50 }, (_, i) => `msg_${i}`), 'msg_51']);
    await journal.close();
  });

  test('refuses an organization whose key is not at hand, for a while, and no other', async () => {
    let missing = true;
    let now = 1_000;
    const seal: typeof testSealer.seal = (organization, block, plaintext) => {
      if (missing && organization === 'org_2') throw new Failure('record_unavailable', 'The key is not at hand.');
      return testSealer.seal(organization, block, plaintext);
    };
    const ambient = testAmbient({ now: () => now, micros: () => now * 1_000 });
    const journal = await open({ sealer: { ...testSealer, seal }, ambient });
    const [one, two] = await Promise.all([append(journal, 1), append(journal, 2, Buffer.from('x'), 'org_2')]);
    assert.equal(one, null);
    assert.equal(two?.message, 'The key is not at hand.');
    assert.equal(journal.recorder.accepts('org_1'), true);
    assert.equal(journal.recorder.accepts('org_2'), false);
    missing = false;
    now += 1_000;
    assert.equal(journal.recorder.accepts('org_2'), true);
    assert.equal(await append(journal, 3, Buffer.from('x'), 'org_2'), null);
    now -= 1_000;
    assert.equal(journal.recorder.accepts('org_2'), true);
    await journal.close();
  });

  test('says clearly when its directory cannot be used', async () => {
    const file = join(directory, '..', 'file');
    writeFileSync(file, '');
    const journal = createJournal(journalDeps(join(file, 'journal')));
    await assert.rejects(journal.start(), {
      code: 'record_unavailable',
      message: /a part of the path .* name another folder/,
    });
  });

  test('accepts nothing before its start and after its end, and writes what came before the end', async () => {
    const journal = createJournal(journalDeps(directory));
    assert.equal(journal.recorder.accepts('org_1'), false);
    assert.match((await append(journal, 0))?.message ?? '', /closed/);
    await journal.start();
    const done = append(journal, 1);
    await journal.close();
    assert.equal(await done, null);
    assert.equal(journal.recorder.accepts('org_1'), false);
    assert.match((await append(journal, 2))?.message ?? '', /closed/);
    const next = await open();
    assert.deepEqual((await arrive(next)).ids(), ['msg_1']);
    await next.close();
  });
});
