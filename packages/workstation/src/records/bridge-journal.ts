// The journal of one bridge: everything that passed through it, sealed and synced to the disk before the answer leaves. The
// agent, another process, carries it to the hub and says in the ledger how far it has come; nothing here waits for that.
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { Log, RecorderPort } from '@mcpvault/gateway/ports';
import { createJournal } from '@mcpvault/gateway/recording/journal';
import { readJson, writeJson } from '../state/json-file.ts';
import { namesIn } from '../state/names-in.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { readLedger } from './ledger.ts';

export interface BridgeJournalDeps {
  readonly state: StateFolder;
  readonly sealer: Sealer;
  readonly ambient: Ambient;
  readonly log: Log;
  readonly server: string;
  readonly pid: number;
  isRunning(pid: number): boolean;
  /** Of all journals of this computer together. */
  readonly maxBytes: number;
  /** When nothing more can be written: go on and count what is lost, or refuse calls. */
  readonly whenFull: 'lose' | 'refuse';
}

export interface BridgeJournal {
  readonly recorder: RecorderPort;
  /** Lets go of what has reached the hub, or, without one, of the oldest; and says what was lost. About once a second. */
  tidy(isEnrolled: boolean): Promise<void>;
  close(): Promise<void>;
}

/** What lies beside the segments of a journal. */
export interface JournalOwner {
  readonly pid: number;
  readonly server: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** Records that could not be written. */
  readonly lost: number;
}

export const ownerFile = 'owner.json';
const largestOwn = 64 * 1024 * 1024;
const smallestOwn = 4 * 1024 * 1024;

export async function openBridgeJournal(deps: BridgeJournalDeps): Promise<BridgeJournal> {
  const { state, sealer, ambient, log, server, pid, maxBytes, whenFull } = deps;
  const others = await pruneJournals(deps);
  const own = Math.min(largestOwn, Math.max(smallestOwn, maxBytes - others));
  const directory = join(state.journals, `${ambient.ids.next('brg')}`);
  const journal = createJournal({
    directory,
    sealer,
    ambient,
    log,
    settings: { maxBytes: own, segmentBytes: own / 8, durability: 'power', whenFull: () => whenFull },
    onRecorded: () => undefined,
  });
  const since = ambient.clock.now();
  let told = 0;
  await journal.start();
  await writeJson(join(directory, ownerFile), { pid, server, since, lost: 0 } satisfies JournalOwner);
  const id = journal.journals().at(-1) ?? '';
  let acknowledged = 0;

  function acknowledge(position: number): void {
    if (position <= acknowledged) return;
    acknowledged = position;
    journal.acknowledge(id, position);
  }

  async function tellLost(): Promise<void> {
    const { lost } = journal.state();
    if (lost === told) return;
    await writeJson(join(directory, ownerFile), { pid, server, since, lost } satisfies JournalOwner);
    told = lost;
  }

  return {
    recorder: journal.recorder,
    async tidy(isEnrolled) {
      if (isEnrolled) acknowledge((await readLedger(state.ledger)).journals[id]?.position ?? 0);
      else if (journal.state().bytes > own / 2) acknowledge(Math.floor((acknowledged + journal.lastWritten()) / 2));
      // A disk that is full takes no such word; it is said once there is room.
      await tellLost().catch(() => undefined);
    },
    async close() {
      await journal.close();
      await tellLost().catch(() => undefined);
    },
  };
}

/** Makes room among what bridges that have ended left behind, oldest first; resolves to the bytes that all of it takes. */
async function pruneJournals(deps: BridgeJournalDeps): Promise<number> {
  const { state, maxBytes, isRunning } = deps;
  const isEnrolled = (await readJson(state.enrolment)) !== undefined;
  const folders = await namesIn(state.journals);
  const sizes = await Promise.all(folders.map((folder) => bytesIn(join(state.journals, folder))));
  let bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (isEnrolled) return bytes;
  for (const [index, folder] of folders.entries()) {
    if (bytes <= maxBytes / 2) break;
    const directory = join(state.journals, folder);
    const owner = (await readJson(join(directory, ownerFile))) as JournalOwner | undefined;
    if (owner !== undefined && isRunning(owner.pid)) continue;
    await rm(directory, { recursive: true, force: true });
    bytes -= sizes[index] ?? 0;
  }
  return bytes;
}

async function bytesIn(directory: string): Promise<number> {
  const names = await namesIn(directory);
  const sizes = names.map((name) =>
    stat(join(directory, name)).then(
      ({ size }) => size,
      () => 0,
    ),
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
