// The one way from the journal to the database, for what was just written and for what an earlier run left alike. It keeps
// no state of its own: the database says how far it got, and takes no block twice. At most one batch is under way, and it
// waits a moment before each, since traffic comes first.
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure, failures } from '@mcpvault/domain/failure';
import type { RecordedBatch } from '@mcpvault/domain/record/recorded-batch';
import type { Log } from '../ports.ts';
import type { JournalBlock } from './frame.ts';
import type { JournalSource } from './journal-store.ts';

export interface ShipperDeps {
  readonly journal: JournalSource;
  /**
   * Applies a batch idempotently, all or nothing. Positions grow, with gaps where something could not be written or read.
   * Retried with back-off for as long as it rejects, except with a `Failure` that is not retryable: that says the block
   * itself can never be stored; after trying each block by itself, that block is set aside in a file and reported.
   */
  ingest(batch: RecordedBatch): Promise<unknown>;
  /** Position up to which the database holds this journal; 0 when it has never heard of it. */
  position(journal: string): Promise<number>;
  readonly ambient: Ambient;
  readonly log: Log;
}

export interface Shipper {
  start(): void;
  /** Waits for the batch under way, then ends. */
  stop(): Promise<void>;
  /** Resolves once everything written before the call has arrived. */
  drained(): Promise<void>;
  lag(): { readonly blocks: number; readonly oldestMs: number };
}

/** Milliseconds to gather what is written before a batch leaves; longer when much is, since few large batches cost less. */
const gatherFor = 25;
const gatherMuchFor = 100;
const muchBlocks = 32;
const limit = { blocks: 1024, bytes: 4 * 1024 * 1024 };
const alone = { blocks: 1, bytes: limit.bytes };
const firstWait = 100;
const maxWait = 10_000;
/** Failed tries in a row, about half a minute, after which somebody should hear of it. */
const triesBeforeError = 10;

export function createShipper({ journal, ingest, position, ambient, log }: ShipperDeps): Shipper {
  const positions = new Map<string, number>();
  let running: Promise<void> | null = null;
  let stopping = false;
  let tries = 0;
  /** Set while looking for a block that cannot be stored. */
  let oneByOne = 0;
  let wake: (() => void) | null = null;
  let waiting: { readonly upTo: number; resolve(): void }[] = [];

  async function run(): Promise<void> {
    while (!stopping) {
      try {
        const shipped = await shipNext();
        recovered();
        if (shipped === 0) await idle();
        else if (shipped !== 'full') await sleep(shipped < muchBlocks ? gatherFor : gatherMuchFor);
      } catch (error) {
        await failed(error);
      }
    }
  }

  /** Ships one batch of the oldest journal that has anything left; resolves to its number of blocks, if more had room. */
  async function shipNext(): Promise<number | 'full'> {
    for (const id of journal.journals()) {
      const from = await positionOf(id);
      const blocks = await journal.read(id, from, oneByOne > 0 ? alone : limit);
      const last = blocks.at(-1);
      if (last === undefined) continue;
      await deliver(id, blocks);
      arrived(id, last.position);
      return isFull(blocks) ? 'full' : blocks.length;
    }
    return 0;
  }

  async function positionOf(id: string): Promise<number> {
    const known = positions.get(id);
    if (known !== undefined) return known;
    const stored = await position(id);
    arrived(id, stored);
    return stored;
  }

  function arrived(id: string, upTo: number): void {
    positions.set(id, upTo);
    journal.acknowledge(id, upTo);
    tellDrained();
  }

  function tellDrained(): void {
    const done = waiting.filter(({ upTo }) => hasArrived(upTo));
    waiting = waiting.filter((one) => !done.includes(one));
    for (const one of done) one.resolve();
  }

  /** Everything in leftovers, and the live journal up to `upTo`. */
  function hasArrived(upTo: number): boolean {
    const ids = journal.journals();
    return ids.length === 1 && (positions.get(ids[0] ?? '') ?? 0) >= upTo;
  }

  async function deliver(id: string, blocks: readonly JournalBlock[]): Promise<void> {
    try {
      await ingest({ journal: id, blocks });
      oneByOne = Math.max(0, oneByOne - 1);
    } catch (error) {
      if (!isHopeless(error)) throw error;
      if (blocks.length > 1) {
        oneByOne = blocks.length;
        throw error;
      }
      const [written] = blocks;
      if (written !== undefined) await setAside(id, written, error);
    }
  }

  async function setAside(id: string, written: JournalBlock, error: unknown): Promise<void> {
    const path = await journal.setAside(id, written);
    const { organization, count } = written.block;
    log.error({ err: error, organization, records: count, path }, 'records that cannot be stored are set aside');
  }

  async function failed(error: unknown): Promise<void> {
    tries++;
    if (isHopeless(error) && oneByOne > 0) return;
    if (tries === 1) log.warn({ err: error }, 'the record does not reach the database; the journal keeps it');
    if (tries === triesBeforeError) log.error({ err: error }, 'the record has not reached the database for a while');
    await sleep(Math.min(maxWait, firstWait * 2 ** Math.min(tries - 1, 20)));
  }

  function recovered(): void {
    if (tries > 0 && oneByOne === 0) log.info({ tries }, 'the record reaches the database again');
    if (oneByOne === 0) tries = 0;
  }

  async function idle(): Promise<void> {
    if (stopping || journal.backlog().blocks > 0) return sleep(gatherFor);
    await new Promise<void>((resolve) => {
      wake = resolve;
    });
    await sleep(gatherFor);
  }

  async function sleep(milliseconds: number): Promise<void> {
    if (stopping) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      wake = () => {
        if (!stopping) return;
        clearTimeout(timer);
        resolve();
      };
    });
    wake = null;
  }

  return {
    start() {
      journal.onWritten(() => wake?.());
      running ??= run();
    },
    async stop() {
      stopping = true;
      wake?.();
      await running;
    },
    async drained() {
      const upTo = journal.lastWritten();
      if (!hasArrived(upTo)) await new Promise<void>((resolve) => waiting.push({ upTo, resolve }));
    },
    lag() {
      const { blocks, oldestAt } = journal.backlog();
      return { blocks, oldestMs: oldestAt === null ? 0 : Math.max(0, ambient.clock.now() - oldestAt) };
    },
  };
}

function isFull(blocks: readonly JournalBlock[]): boolean {
  let bytes = 0;
  for (const { block } of blocks) bytes += block.records.length + block.sealed.length;
  return blocks.length === limit.blocks || bytes > limit.bytes / 2;
}

function isHopeless(error: unknown): boolean {
  return error instanceof Failure && !failures[error.code].retryable;
}
