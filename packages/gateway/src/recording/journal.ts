// The journal: what a client was answered is on this machine's disk before the answer leaves, sealed, and waits there for
// the database. Everything appended in one turn of the event loop is written at once, in one block per organization. It
// knows no database and never waits for one; when it is full it refuses, or counts what is lost, as settings say.
//
// Each start begins a journal of its own; what earlier ones left is only read. So no position is ever used twice, whatever
// a crash, a loss of power or a restored backup did to the files.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { SealedBlock, Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { Log, MessageDraft, RecorderPort } from '../ports.ts';
import { BlockBuilder, type Entry, maxBlockBytes } from './block-builder.ts';
import { type Disk, diskReason, nodeDisk } from './disk.ts';
import { frameOf } from './frame.ts';
import { JournalStore, type JournalSource } from './journal-store.ts';
import { SegmentWriter } from './segment-writer.ts';

export type { JournalSource };

export interface JournalSettings {
  /** Bound of all segments on disk, in bytes. */
  readonly maxBytes: number;
  /** A segment is closed once it is this large, in bytes; its blocks are kept in memory as long as it is written. */
  readonly segmentBytes: number;
  /** What a record outlives once `done` was called: a kill -9 of the process, or a loss of power too. */
  readonly durability: 'process' | 'power';
  /** When nothing more can be written: refuse the organization's calls, or go on and count what is lost. */
  whenFull(organization: OrganizationId): 'refuse' | 'lose';
}

export interface JournalDeps {
  /** Made with mode 0700 when absent. One running process per directory. */
  readonly directory: string;
  /** Must not keep the plaintext it is given: its memory is used again. */
  readonly sealer: Sealer;
  readonly ambient: Ambient;
  readonly log: Log;
  readonly settings: JournalSettings;
  /** Told after `done`, for live views. */
  onRecorded(records: readonly MessageRecord[]): void;
  /** For tests of broken disks. */
  readonly disk?: Disk;
}

export interface JournalState {
  /** Of all segments on disk. */
  readonly bytes: number;
  /** Written and not yet acknowledged by the database. */
  readonly pendingBlocks: number;
  /** Records lost since the start, of organizations that chose to go on. */
  readonly lost: number;
  /** For people: why nothing can be written at present. */
  readonly failing: string | null;
}

export interface Journal extends JournalSource {
  /**
   * Where `whenFull` says `lose`, `accepts` is always true and `done` gets no error for what is lost: the call goes on.
   * Otherwise `done` gets a `Failure('record_unavailable')` that says the reason and the fix.
   */
  readonly recorder: RecorderPort;
  /** Throws `Failure('record_unavailable')`, with the fix, when the directory cannot be used. */
  start(): Promise<void>;
  /** Resolves once everything appended so far is written or has failed. */
  flush(): Promise<void>;
  /** Flushes and ends; later appends fail. */
  close(): Promise<void>;
  state(): JournalState;
  /** What each organization lost since this was last asked. */
  takeLost(): ReadonlyMap<OrganizationId, number>;
}

/** Plaintext written in one turn; the rest waits for the next, so that other work comes in between. */
const maxTurnBytes = maxBlockBytes;
const probeEvery = 1_000;
const probeBytes = 64 * 1024;

export function createJournal(deps: JournalDeps): Journal {
  const { directory, ambient, log, settings, disk = nodeDisk } = deps;
  // The segment being written cannot be removed, so that a bound below a few segments would never be free again.
  const segmentBytes = Math.min(settings.segmentBytes, Math.ceil(settings.maxBytes / 8));
  const writer = new SegmentWriter(directory, ambient.ids.next('jrn'), segmentBytes, disk);
  const store = new JournalStore(directory, writer, log);
  const builder = new BlockBuilder(deps.sealer, ambient.ids);
  /** Calls under way when the journal fills up still find room. */
  const refuseAt = settings.maxBytes - Math.min(settings.maxBytes / 8, 16 * 1024 * 1024);

  let queue: Entry[] = [];
  let queuedBytes = 0;
  let scheduled = false;
  let syncing = false;
  let open = false;
  let lost = 0;
  let lostOf = new Map<OrganizationId, number>();
  let failing: string | null = null;
  let probe: NodeJS.Timeout | null = null;
  let idle: (() => void)[] = [];
  /** Organizations whose key was not at hand, and when to try again. */
  const keyless = new Map<OrganizationId, number>();

  function accepts(organization: OrganizationId): boolean {
    if (!open) return false;
    if (settings.whenFull(organization) === 'lose') return true;
    if (failing !== null || store.bytes + queuedBytes >= refuseAt) return false;
    return keyless.size === 0 || (keyless.get(organization) ?? 0) <= ambient.clock.now();
  }

  function append(draft: MessageDraft, request: Buffer | null, response: Buffer | null, done: Entry['done']): void {
    const bytes = (request?.length ?? 0) + (response?.length ?? 0);
    const error = open ? null : new Failure('record_unavailable', 'The record is closed: MCPVault is shutting down.');
    queue.push({ draft, request, response, done, bytes, record: null, error });
    queuedBytes += bytes;
    schedule();
  }

  function schedule(): void {
    if (scheduled || syncing) return;
    scheduled = true;
    setImmediate(turn);
  }

  function turn(): void {
    scheduled = false;
    const entries = take();
    const blocks = builder.build(entries.filter((entry) => entry.error === null));
    try {
      write(blocks);
    } catch (error) {
      return settle(entries, blocks, error);
    }
    if (settings.durability === 'process' || blocks.length === 0) return settle(entries, blocks, null);
    syncing = true;
    writer.sync().then(
      () => synced(entries, blocks, null),
      (error: unknown) => synced(entries, blocks, error),
    );
  }

  function synced(entries: readonly Entry[], blocks: readonly SealedBlock[], error: unknown): void {
    syncing = false;
    settle(entries, blocks, error);
  }

  function take(): readonly Entry[] {
    const all = queue;
    let bytes = 0;
    let count = 0;
    while (count < all.length && (count === 0 || bytes <= maxTurnBytes)) bytes += all[count++]?.bytes ?? 0;
    queue = count === all.length ? [] : all.slice(count);
    queuedBytes -= bytes;
    return count === all.length ? all : all.slice(0, count);
  }

  /** Throws when not all blocks could be written; then none counts. */
  function write(blocks: readonly SealedBlock[]): void {
    if (blocks.length === 0) return;
    const at = ambient.clock.now();
    const written = blocks.map((block, i) => ({ position: writer.next + i, at, block }));
    const buffers = written.map(frameOf);
    const bytes = buffers.flat().reduce((sum, part) => sum + part.length, 0);
    if (store.bytes + bytes > settings.maxBytes) throw new Failure('record_unavailable', fullText);
    writer.write(buffers.flat(), blocks.length, at);
    store.hold(written, buffers);
  }

  function settle(entries: readonly Entry[], blocks: readonly SealedBlock[], error: unknown): void {
    if (error === null) {
      store.settle();
      if (blocks.length > 0) recovered();
    } else {
      store.drop();
      failed(error);
    }
    for (const entry of entries) finish(entry, error);
    if (queue.length > 0) schedule();
    else release();
    if (error === null && blocks.length > 0) announce(entries);
  }

  function finish(entry: Entry, error: unknown): void {
    const problem = entry.error ?? (error === null ? null : asFailure(error));
    if (entry.error !== null && open) keyless.set(entry.draft.organization, ambient.clock.now() + probeEvery);
    const { organization } = entry.draft;
    const forgiven = problem !== null && open && settings.whenFull(organization) === 'lose';
    if (forgiven) {
      lost++;
      lostOf.set(organization, (lostOf.get(organization) ?? 0) + 1);
    }
    try {
      entry.done(forgiven ? null : problem);
    } catch (bug) {
      log.error({ err: bug }, 'what waited for a record failed');
    }
  }

  function announce(entries: readonly Entry[]): void {
    const records: MessageRecord[] = [];
    for (const { record } of entries) if (record !== null) records.push(record);
    if (keyless.size > 0) for (const record of records) keyless.delete(record.organization);
    try {
      deps.onRecorded(records);
    } catch (bug) {
      log.error({ err: bug }, 'what listens to the record failed');
    }
  }

  function failed(error: unknown): void {
    const reason = asFailure(error).message;
    if (failing === null) log.error({ reason }, 'nothing can be recorded at present');
    failing = reason;
    probe ??= setInterval(tryAgain, probeEvery).unref();
  }

  /** Asks the disk, since calls that are refused would never find out. */
  function tryAgain(): void {
    if (store.bytes >= refuseAt) return;
    const path = join(directory, 'probe');
    fs.writeFile(path, Buffer.alloc(probeBytes), { mode: 0o600 }).then(
      () => fs.rm(path, { force: true }).then(recovered, () => {}),
      () => fs.rm(path, { force: true }).catch(() => {}),
    );
  }

  function recovered(): void {
    if (failing === null) return;
    failing = null;
    if (probe !== null) clearInterval(probe);
    probe = null;
    log.info({ lost }, 'recording works again');
  }

  function release(): void {
    const waiting = idle;
    idle = [];
    for (const resolve of waiting) resolve();
  }

  async function flush(): Promise<void> {
    if (queue.length > 0 || syncing) await new Promise<void>((resolve) => idle.push(resolve));
  }

  return {
    recorder: { accepts, append },
    flush,
    async start() {
      await prepare(directory);
      await store.start();
      open = true;
    },
    async close() {
      open = false;
      await flush();
      if (probe !== null) clearInterval(probe);
      await store.close();
    },
    state: () => ({ bytes: store.bytes, pendingBlocks: store.backlog().blocks, lost, failing }),
    takeLost() {
      const taken = lostOf;
      lostOf = new Map();
      return taken;
    },
    journals: () => store.journals(),
    read: (journal, position, limit) => store.read(journal, position, limit),
    acknowledge: (journal, position) => store.acknowledge(journal, position),
    setAside: (journal, written) => store.setAside(journal, written),
    lastWritten: () => store.lastWritten(),
    onWritten: (listener) => store.onWritten(listener),
    backlog: () => store.backlog(),
  };
}

const fullText =
  'The journal is full because the database has been away for long. Bring it back, or allow the journal more.';

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure('record_unavailable', `The record cannot be written: ${diskReason(error)}.`);
}

/** Makes the directory and makes it private; says clearly when it cannot be used. A full disk is no reason: it empties. */
async function prepare(directory: string): Promise<void> {
  try {
    await fs.mkdir(directory, { recursive: true, mode: 0o700 });
    await fs.chmod(directory, 0o700);
    await fs.access(directory, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return;
    throw new Failure(
      'record_unavailable',
      `The journal's folder "${directory}" cannot be used: ${diskReason(error)}.`,
    );
  }
}
