// Carries what the bridges wrote down to the hub: in order, each item once, however often this process or the hub is stopped.
// Nothing waits for it. How far it has come is written down after the hub has said so; numbers that were said again mean
// nothing new.
import { rm } from 'node:fs/promises';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { JournalBlock } from '@mcpvault/gateway/recording/frame';
import type { RecordBatch } from '@mcpvault/protocol/hub-link/record-batch';
import { LinkFailure } from '../link/link-failure.ts';
import type { SignedInLink } from '../link/signed-in-link.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { type Ledger, nothingShipped, readLedger, type Shipped, writeLedger } from './ledger.ts';
import { findJournals, type FoundJournal, JournalReader } from './read-journals.ts';
import { itemsOf, lostItem, type RecordItem, type WhatIsTold } from './record-items.ts';

export interface ForwarderDeps {
  readonly state: StateFolder;
  readonly link: SignedInLink;
  readonly sealer: Pick<Sealer, 'open'>;
  isRunning(pid: number): boolean;
  /** What the hub is told of messages; `none`: they are let go of here. */
  tells(): WhatIsTold | 'none';
  /** What passed before this computer belonged to the hub stays here: milliseconds since the epoch. */
  readonly since: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Forwarder {
  /** Sends what there is; resolves to the number of items that arrived. Rejects with a `LinkFailure`. */
  forward(signal: AbortSignal): Promise<number>;
  /** What waits, as far as the last look showed. */
  waiting(): { readonly id: string; readonly waiting: number; readonly lost: number } | null;
}

const mostItems = 500;
const mostBytes = 6 * 1024 * 1024;

/** What is on its way to the hub. It is kept as it is until it has arrived, so that trying again reads and makes nothing. */
interface Parcel {
  readonly journal: string;
  readonly told: WhatIsTold | 'none';
  readonly items: readonly RecordItem[];
  /** Of its last block. */
  readonly position: number;
  /** Only the hub knows the number of its first item. */
  readonly isUnknown: boolean;
  /** Of its first item, once `batches` are there. */
  sequence: number;
  /** Those that have not arrived; null: not made yet. */
  batches: readonly RecordBatch[] | null;
}

export function createForwarder(deps: ForwarderDeps): Forwarder {
  const { state, link, sealer } = deps;
  const reader = new JournalReader();
  let ledger: Ledger | null = null;
  let undelivered: Parcel | null = null;
  let waits: { readonly id: string; readonly waiting: number; readonly lost: number } | null = null;

  async function shippedOf(id: string): Promise<Shipped> {
    ledger ??= await readLedger(state.ledger);
    return ledger.journals[id] ?? nothingShipped;
  }

  async function keep(id: string, shipped: Shipped | null): Promise<void> {
    const { [id]: _before, ...others } = (ledger ?? (await readLedger(state.ledger))).journals;
    ledger = { journals: shipped === null ? others : { ...others, [id]: shipped } };
    await writeLedger(state.ledger, ledger);
  }

  async function send(batch: RecordBatch, signal: AbortSignal): Promise<void> {
    const answer = await link.ask('records', batch, { signal });
    const last = batch.items.at(-1)?.sequence ?? -1;
    if (answer === null || answer.stored < last) {
      throw new LinkFailure('invalid', 'The hub took less than it was told.');
    }
  }

  async function nextAtHub(journal: string, item: RecordItem, signal: AbortSignal): Promise<number> {
    const items = [{ sequence: 0, item }] as RecordBatch['items'];
    const answer = await link.ask('records', { journal, items }, { signal });
    return answer === null || answer.taken > 0 ? 0 : answer.stored + 1;
  }

  /** While the hub is away, this is all that a further try costs: one request that is there already. */
  async function deliver(parcel: Parcel, signal: AbortSignal): Promise<number> {
    undelivered = parcel;
    const { journal, items, position } = parcel;
    const shipped = await shippedOf(journal);
    try {
      const [first] = items;
      if (parcel.batches === null) {
        // Where the ledger was lost, and what it knew of has been let go of, the hub knows how far it had come.
        const asks = parcel.isUnknown && first !== undefined;
        parcel.sequence = asks ? await nextAtHub(journal, first, signal) : shipped.sequence;
        parcel.batches = numbered(journal, items, parcel.sequence);
      }
      for (let [next] = parcel.batches; next !== undefined; [next] = parcel.batches) {
        await send(next, signal);
        parcel.batches = parcel.batches.slice(1);
      }
    } catch (error) {
      // What the hub does not want is looked at anew.
      if (!(error instanceof LinkFailure) || error.kind !== 'away') undelivered = null;
      throw error;
    }
    await keep(journal, { ...shipped, position, sequence: parcel.sequence + items.length });
    undelivered = null;
    return items.length;
  }

  /** Made in other words than hold now. Numbers that the hub may have heard stand for nothing else later. */
  async function giveUp({ journal, batches, sequence, items, position }: Parcel): Promise<void> {
    if (batches !== null && deps.tells() === 'none') {
      await keep(journal, { ...(await shippedOf(journal)), position, sequence: sequence + items.length });
    }
    undelivered = null;
  }

  async function forwardOne(journal: FoundJournal, signal: AbortSignal): Promise<number> {
    let shipped = await shippedOf(journal.id);
    let count = 0;
    for (;;) {
      let blocks = await reader.after(journal, shipped.position);
      if (blocks.length === 0) break;
      while (blocks.length > 0) {
        const [some, rest] = parted(blocks);
        count += await deliver(parcelOf(journal, some, rest, shipped.position), signal);
        shipped = await shippedOf(journal.id);
        blocks = rest;
      }
    }
    const { lost = 0 } = journal.owner ?? {};
    if (lost > shipped.lost || shipped.telling !== undefined) count += await tellLost(journal, shipped, lost, signal);
    if (hasEnded(journal)) await forget(journal);
    return count;
  }

  function parcelOf(
    { id, owner }: FoundJournal,
    blocks: readonly JournalBlock[],
    rest: readonly JournalBlock[],
    after: number,
  ): Parcel {
    const told = deps.tells();
    const items = told === 'none' ? [] : itemsOf(blocks, after, { sealer, told, since: deps.since });
    const later = told === 'none' ? 0 : rest.reduce((sum, { block }) => sum + block.count, 0);
    waits = { id, waiting: items.length + later, lost: owner?.lost ?? 0 };
    const isUnknown = after === 0 && (blocks[0]?.position ?? 1) > 1;
    const position = blocks.at(-1)?.position ?? after;
    return { journal: id, told, items, position, isUnknown, sequence: 0, batches: null };
  }

  /** Written down before it is said: after a crash the same is said under the same number. */
  async function tellLost(journal: FoundJournal, shipped: Shipped, lost: number, signal: AbortSignal): Promise<number> {
    const telling = shipped.telling ?? { sequence: shipped.sequence, lost };
    if (shipped.telling === undefined) await keep(journal.id, { ...shipped, telling });
    const item = lostItem(
      journal.owner?.since ?? deps.now(),
      telling.lost - shipped.lost,
      'the disk or the journal was full',
    );
    if (deps.tells() !== 'none') {
      for (const batch of numbered(journal.id, [item], telling.sequence)) await send(batch, signal);
    }
    const { telling: _told, ...rest } = shipped;
    await keep(journal.id, { ...rest, lost: telling.lost, sequence: telling.sequence + 1 });
    return 1;
  }

  function hasEnded({ owner }: FoundJournal): boolean {
    return owner !== null && !deps.isRunning(owner.pid);
  }

  /** Everything of it has arrived, and nobody will write there again: what was looked at before it ended may not be all. */
  async function forget(journal: FoundJournal): Promise<void> {
    const { position } = await shippedOf(journal.id);
    const [now] = (await findJournals(state.journals)).filter(({ id }) => id === journal.id);
    if (now === undefined || (await new JournalReader().after(now, position)).length > 0) return;
    reader.forget(journal);
    await rm(journal.folder, { recursive: true, force: true });
    await keep(journal.id, null);
  }

  return {
    waiting: () => waits,
    async forward(signal) {
      let count = 0;
      if (undelivered?.told === deps.tells()) count += await deliver(undelivered, signal);
      else if (undelivered !== null) await giveUp(undelivered);
      for (const journal of await findJournals(state.journals)) {
        if (signal.aborted) break;
        count += await forwardOne(journal, signal);
      }
      waits = null;
      return count;
    },
  };
}

/** About one batch, made of whole blocks, and what comes after it. */
function parted(blocks: readonly JournalBlock[]): readonly [readonly JournalBlock[], readonly JournalBlock[]] {
  let [count, bytes, until] = [0, 0, 0];
  for (const { block } of blocks) {
    count += block.count;
    // Base64 makes four bytes of three.
    bytes += block.records.length + (block.sealed.length * 4) / 3;
    if (until > 0 && (count > mostItems || bytes > mostBytes)) break;
    until += 1;
  }
  return [blocks.slice(0, until), blocks.slice(until)];
}

function numbered(journal: string, items: readonly RecordItem[], from: number): readonly RecordBatch[] {
  let sequence = from;
  return [...batches(items)].map((batch) => ({
    journal,
    items: batch.map((item) => ({ sequence: sequence++, item }) as RecordBatch['items'][number]),
  }));
}

function* batches(items: readonly RecordItem[]): Generator<readonly RecordItem[]> {
  let batch: RecordItem[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (batch.length > 0 && (batch.length >= mostItems || bytes + size > mostBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(item);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}

/** About: what is long in an item is its originals and edits. */
function sizeOf(item: RecordItem): number {
  if (item.type !== 'message') return 1_000;
  const sides = [item.request, item.response];
  return sides.reduce(
    (sum, { original, edits, findings }) =>
      sum +
      (original?.length ?? 0) +
      edits.reduce((all, { replacement }) => all + replacement.length + 300, 0) +
      findings.length * 200,
    2_000,
  );
}
