import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import type { RecordedBatch } from '@mcpvault/domain/record/recorded-batch';
import { type Fault, FaultyDisk } from './fixtures/faulty-disk.ts';
import { draft, journalDeps, MemoryDatabase, quiet, testAmbient } from './fixtures/recording.ts';
import { createJournal } from './journal.ts';
import { createShipper } from './shipper.ts';

const writer = fileURLToPath(new URL('./fixtures/writer.ts', import.meta.url));

/** How one delivery to the database goes; `unsaid` stores it and fails all the same, as when a connection breaks then. */
type Delivery = 'stored' | 'refused' | 'unsaid';

interface Life {
  /** Sizes of the originals appended in each turn of the event loop. */
  readonly turns: readonly (readonly number[])[];
  readonly faults: readonly Fault[];
  readonly deliveries: readonly Delivery[];
  readonly ships: boolean;
}

/** Often all of it: whole frames that count for nothing are the hardest to get right. */
const part = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }));
const fails = fc.record({
  kind: fc.constant('fails' as const),
  part,
  cutOff: fc.boolean(),
  code: fc.constant('ENOSPC'),
});
const dies = fc.record({ kind: fc.constant('dies' as const), part });
const fault: fc.Arbitrary<Fault> = fc.oneof(
  { weight: 4, arbitrary: fc.constant('none' as const) },
  { weight: 4, arbitrary: fails },
  { weight: 1, arbitrary: dies },
);
const size = fc.oneof({ weight: 3, arbitrary: fc.nat(200) }, { weight: 1, arbitrary: fc.nat(20_000) });
const life: fc.Arbitrary<Life> = fc.record({
  turns: fc.array(fc.array(size, { minLength: 1, maxLength: 5 }), { minLength: 1, maxLength: 10, size: 'max' }),
  faults: fc.array(fault, { maxLength: 10, size: 'max' }),
  deliveries: fc.array(fc.constantFrom<Delivery>('stored', 'stored', 'unsaid', 'refused'), { maxLength: 3 }),
  ships: fc.boolean(),
});

const original = (number: number, size: number) => Buffer.alloc(size, `${number},`);

/** Lives of one hub after each other on one directory and one database. */
class World {
  readonly directory = mkdtempSync(join(tmpdir(), 'exactly-once-'));
  readonly database = new MemoryDatabase();
  readonly sizes = new Map<string, number>();
  /** Messages whose `done` said that they are recorded, in that order. */
  readonly confirmed: string[] = [];

  async live({ turns, faults, deliveries, ships }: Life): Promise<void> {
    const disk = new FaultyDisk(faults);
    const settings = {
      maxBytes: 1e9,
      segmentBytes: 20_000,
      durability: 'process',
      whenFull: () => 'refuse' as const,
    } as const;
    const journal = createJournal(journalDeps(this.directory, { disk, settings }));
    await journal.start();
    const outcomes = [...deliveries];
    const ingest = async (batch: RecordedBatch) => {
      const outcome = outcomes.shift() ?? 'stored';
      if (outcome !== 'refused') await this.database.ingest(batch);
      if (outcome !== 'stored') throw new Error('the connection broke');
    };
    const { position } = this.database;
    const shipper = createShipper({ journal, ingest, position, ambient: testAmbient(), log: quiet });
    if (ships) shipper.start();
    for (const sizes of turns) {
      for (const size of sizes) this.#append(journal.recorder, size, disk);
      await journal.flush();
      if (disk.dead) break;
    }
    if (ships && !disk.dead && turns.length % 2 === 0) await shipper.drained();
    await shipper.stop();
    if (!disk.dead) await journal.close();
  }

  #append(recorder: ReturnType<typeof createJournal>['recorder'], size: number, disk: FaultyDisk): void {
    const number = this.sizes.size;
    const id = `msg_${number}`;
    this.sizes.set(id, size);
    recorder.append(draft(number, `org_${number % 3}`), original(number, size), null, (error) => {
      if (error === null && !disk.dead) this.confirmed.push(id);
    });
  }

  check(): void {
    const arrived = this.database.ids();
    assert.equal(new Set(arrived).size, arrived.length, 'nothing arrives twice');
    const confirmed = new Set(this.confirmed);
    for (const organization of [0, 1, 2]) {
      const own = (id: string) => Number(id.slice(4)) % 3 === organization;
      assert.deepEqual(
        arrived.filter((id) => confirmed.has(id) && own(id)),
        this.confirmed.filter(own),
        'everything confirmed arrives, in the order of its organization',
      );
    }
    for (const { record, request } of [...this.database.arrived.values()].flat()) {
      const number = Number(record.id.slice(4));
      assert.equal(request, original(number, this.sizes.get(record.id) ?? -1).toString('latin1'));
    }
  }
}

describe('every confirmed record arrives exactly once', () => {
  test('whatever fails, on the disk, in the database or in between', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(life, { minLength: 1, maxLength: 4 }), async (lives) => {
        const world = new World();
        try {
          for (const one of lives) await world.live(one);
          await world.live({ turns: [[10], [10]], faults: [], deliveries: [], ships: true });
          world.check();
        } finally {
          rmSync(world.directory, { recursive: true });
        }
      }),
      { numRuns: 60 },
    );
  });

  test('when the process is killed with kill -9 under load, again and again', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'exactly-once-'));
    const database = new MemoryDatabase();
    const confirmed: string[] = [];
    for (let life = 0; life < 6; life++) {
      const child = spawn(process.execPath, [writer, directory, String(life * 1_000_000)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let output = '';
      child.stdout.on('data', (chunk) => {
        output += chunk;
        if (output.length > 5_000 + life * 10_000) child.kill('SIGKILL');
      });
      await once(child, 'close');
      confirmed.push(...output.split('\n').slice(0, -1));
    }
    const journal = createJournal(journalDeps(directory));
    await journal.start();
    const shipper = createShipper({ journal, ...database, ambient: testAmbient(), log: quiet });
    shipper.start();
    await shipper.drained();
    await shipper.stop();
    await journal.close();
    rmSync(directory, { recursive: true });

    const arrived = database.ids();
    assert.ok(confirmed.length > 2_000);
    assert.equal(new Set(arrived).size, arrived.length, 'nothing arrives twice');
    const known = new Set(confirmed);
    assert.deepEqual(
      arrived.filter((id) => known.has(id)),
      confirmed,
    );
    for (const { record, request, response } of [...database.arrived.values()].flat()) {
      const text = record.id.slice(4).repeat(1 + (Number(record.id.slice(4)) % 50));
      assert.equal(request, text);
      assert.equal(response, Buffer.alloc(Number(record.id.slice(4)) % 3_000, text).toString());
    }
  });
});
