import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import type { RecordedBatch } from '@mcpvault/domain/record/recorded-batch';
import { draft, journalDeps, MemoryDatabase, quiet, testAmbient } from './fixtures/recording.ts';
import { createJournal, type Journal } from './journal.ts';
import { createShipper, type Shipper, type ShipperDeps } from './shipper.ts';

describe('the shipper', () => {
  let directory: string;
  let journal: Journal;
  let database: MemoryDatabase;
  const running: Shipper[] = [];

  beforeEach(async () => {
    directory = mkdtempSync(join(tmpdir(), 'shipper-'));
    journal = createJournal(journalDeps(directory));
    database = new MemoryDatabase();
    await journal.start();
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((shipper) => shipper.stop()));
    await journal.close();
    rmSync(directory, { recursive: true });
  });

  function ship(own: Partial<ShipperDeps> = {}): Shipper {
    const shipper = createShipper({ journal, ...database, ambient: testAmbient(), log: quiet, ...own });
    running.push(shipper);
    shipper.start();
    return shipper;
  }

  async function append(...numbers: number[]): Promise<void> {
    for (const number of numbers) {
      journal.recorder.append(draft(number), Buffer.from('x'), null, assert.ifError);
      await journal.flush();
    }
  }

  const ids = (...numbers: number[]) => numbers.map((number) => `msg_${number}`);

  test('carries what was written before it started and what is written while it runs', async () => {
    await append(1, 2);
    const shipper = ship();
    await shipper.drained();
    assert.deepEqual(database.ids(), ids(1, 2));
    await append(3);
    await shipper.drained();
    assert.deepEqual(database.ids(), ids(1, 2, 3));
    assert.deepEqual(shipper.lag(), { blocks: 0, oldestMs: 0 });
  });

  test('has nothing to wait for when nothing was written', async () => {
    await ship().drained();
  });

  test('is drained of what was written before, though more is written all the time', async () => {
    const shipper = ship();
    let next = 1;
    let writing = true;
    const stream = (async () => {
      while (writing) {
        await append(next++);
        await new Promise((resolve) => setTimeout(resolve, 2));
      }
    })();
    while (next < 20) await new Promise((resolve) => setTimeout(resolve, 5));
    const before = next - 1;
    await shipper.drained();
    assert.ok(database.ids().length >= before);
    writing = false;
    await stream;
  });

  test('ships what earlier runs left first, and removes it', async () => {
    await append(1, 2);
    await journal.close();
    journal = createJournal(journalDeps(directory));
    await journal.start();
    await append(3);
    assert.equal(journal.journals().length, 2);
    const shipper = ship();
    await shipper.drained();
    assert.deepEqual(database.ids(), ids(1, 2, 3));
    assert.equal(journal.journals().length, 1);
    await shipper.stop();
    await journal.close();
    assert.deepEqual(readdirSync(directory), []);
  });

  test('asks the database how far it got, and sends nothing twice that it holds', async () => {
    await append(1, 2, 3);
    const [id = ''] = journal.journals();
    await database.ingest({ journal: id, blocks: await journal.read(id, 0, { blocks: 2, bytes: 1e9 }) });
    const sent: number[] = [];
    const ingest = async (batch: RecordedBatch) => {
      sent.push(...batch.blocks.map(({ position }) => position));
      await database.ingest(batch);
    };
    await ship({ ingest }).drained();
    assert.deepEqual(sent, [3]);
    assert.deepEqual(database.ids(), ids(1, 2, 3));
  });

  test('tries again while the database is away, and says so once', async () => {
    let away = 3;
    const said: string[] = [];
    const ingest = async (batch: RecordedBatch) => {
      if (away-- > 0) throw new Error('connection refused');
      await database.ingest(batch);
    };
    const position = async (journal: string) => {
      if (away === 3 && said.length === 0) {
        away--;
        throw new Error('connection refused');
      }
      return database.position(journal);
    };
    const log = {
      ...quiet,
      warn: (_: object, text: string) => said.push(text),
      info: (_: object, text: string) => said.push(text),
    };
    await append(1);
    const shipper = ship({ ingest, position, log });
    assert.equal(shipper.lag().blocks, 1);
    await shipper.drained();
    await shipper.stop();
    assert.deepEqual(database.ids(), ids(1));
    assert.deepEqual(said, [
      'the record does not reach the database; the journal keeps it',
      'the record reaches the database again',
    ]);
  });

  test('has one batch under way at most, and gathers what comes in meanwhile', async () => {
    let under = 0;
    let most = 0;
    let batches = 0;
    const ingest = async (batch: RecordedBatch) => {
      most = Math.max(most, ++under);
      batches++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      await database.ingest(batch);
      under--;
    };
    const shipper = ship({ ingest });
    await append(...Array.from({ length: 500 }, (_, i) => i));
    await shipper.drained();
    assert.equal(most, 1);
    assert.ok(batches < 100, `${batches} batches for 500 blocks`);
    assert.equal(database.ids().length, 500);
  });

  test('sets aside a block that can never be stored, and carries those around it', async () => {
    const reported: object[] = [];
    const ingest = async (batch: RecordedBatch) => {
      const poisoned = batch.blocks.some(({ block }) => block.records.includes('msg_3\t'));
      if (poisoned) throw new Failure('not_found', 'Its organization is gone.');
      await database.ingest(batch);
    };
    await append(1, 2, 3, 4, 5);
    const shipper = ship({ ingest, log: { ...quiet, error: (fields) => reported.push(fields) } });
    await shipper.drained();
    assert.deepEqual(database.ids(), ids(1, 2, 4, 5));
    assert.equal(reported.length, 1);
    assert.deepEqual(
      readdirSync(directory).filter((name) => name.endsWith('.set-aside')),
      [`${journal.journals()[0]}.3.set-aside`],
    );
    await append(6, 7);
    await shipper.drained();
    assert.deepEqual(database.ids(), ids(1, 2, 4, 5, 6, 7));
  });

  test('says how far behind it is', async () => {
    let now = 1_790_000_000_000;
    const ambient = testAmbient({ now: () => now, micros: () => now * 1_000 });
    await journal.close();
    journal = createJournal(journalDeps(directory, { ambient }));
    await journal.start();
    let arrive = () => {};
    const blocked = new Promise<void>((resolve) => {
      arrive = resolve;
    });
    const shipper = ship({ ambient, ingest: (batch) => blocked.then(() => database.ingest(batch)) });
    await append(1);
    now += 500;
    await append(2);
    now += 500;
    assert.deepEqual(shipper.lag(), { blocks: 2, oldestMs: 1_000 });
    arrive();
    await shipper.drained();
    assert.deepEqual(shipper.lag(), { blocks: 0, oldestMs: 0 });
  });

  test('ends while the database is away', async () => {
    await append(1);
    const shipper = ship({ ingest: () => Promise.reject(new Error('connection refused')) });
    await new Promise((resolve) => setTimeout(resolve, 50));
    await shipper.stop();
    assert.equal(shipper.lag().blocks, 1);
  });
});
