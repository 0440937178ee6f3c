// Carries what the bridges wrote down to the hub: in order, each item once, however often this process or the hub is stopped.
// Nothing waits for it. How far it has come is written down after the hub has said so; numbers that were said again mean
// nothing new.
import { rm } from 'node:fs/promises';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
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

export function createForwarder(deps: ForwarderDeps): Forwarder {
  const { state, link, sealer } = deps;
  const reader = new JournalReader();
  let ledger: Ledger | null = null;
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

  async function send(journal: string, items: readonly RecordItem[], from: number, signal: AbortSignal): Promise<void> {
    let sequence = from;
    for (const batch of batches(items)) {
      const numbered: RecordBatch['items'] = batch.map(
        (item, index) => ({ sequence: sequence + index, item }) as RecordBatch['items'][number],
      );
      const last = sequence + batch.length - 1;
      const answer = await link.ask('records', { journal, items: numbered }, { signal });
      if (answer === null || answer.stored < last) {
        throw new LinkFailure('invalid', 'The hub took less than it was told.');
      }
      sequence = last + 1;
    }
  }

  async function nextAtHub(journal: string, item: RecordItem, signal: AbortSignal): Promise<number> {
    const items = [{ sequence: 0, item }] as RecordBatch['items'];
    const answer = await link.ask('records', { journal, items }, { signal });
    return answer === null || answer.taken > 0 ? 0 : answer.stored + 1;
  }

  async function forwardOne(journal: FoundJournal, signal: AbortSignal): Promise<number> {
    let shipped = await shippedOf(journal.id);
    let count = 0;
    for (;;) {
      const blocks = await reader.after(journal, shipped.position);
      const last = blocks.at(-1);
      if (last === undefined) break;
      const told = deps.tells();
      const items = told === 'none' ? [] : itemsOf(blocks, shipped.position, { sealer, told, since: deps.since });
      waits = { id: journal.id, waiting: items.length, lost: journal.owner?.lost ?? 0 };
      const [first] = items;
      // Where the ledger was lost, and what it knew of has been let go of, the hub knows how far it had come.
      const isUnknown = shipped.position === 0 && (blocks[0]?.position ?? 1) > 1 && first !== undefined;
      if (isUnknown) shipped = { ...shipped, sequence: await nextAtHub(journal.id, first, signal) };
      await send(journal.id, items, shipped.sequence, signal);
      shipped = { ...shipped, position: last.position, sequence: shipped.sequence + items.length };
      await keep(journal.id, shipped);
      count += items.length;
    }
    const { lost = 0 } = journal.owner ?? {};
    if (lost > shipped.lost || shipped.telling !== undefined) count += await tellLost(journal, shipped, lost, signal);
    if (hasEnded(journal)) await forget(journal);
    return count;
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
    if (deps.tells() !== 'none') await send(journal.id, [item], telling.sequence, signal);
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
      for (const journal of await findJournals(state.journals)) {
        if (signal.aborted) break;
        count += await forwardOne(journal, signal);
      }
      waits = null;
      return count;
    },
  };
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
