// The audit log as the hub answers for it: signs how it stands now and then, exports it with all that is needed to check
// it, and checks it itself.
import type { Clock } from '@mcpvault/domain/ambient';
import { signManifest } from '@mcpvault/domain/audit/bundle';
import type { Manifest } from '@mcpvault/domain/audit/bundle-shape';
import { type SignedCheckpoint, signCheckpoint } from '@mcpvault/domain/audit/checkpoint';
import {
  checkpointLine,
  type CheckpointLine,
  type ExportLine,
  headerLine,
  type HeaderLine,
} from '@mcpvault/domain/audit/export-lines';
import { emptyLog } from '@mcpvault/domain/audit/log';
import { pathOfCall } from '@mcpvault/domain/audit/calls';
import { type Proof, proofFormat } from '@mcpvault/domain/audit/proof-shape';
import { inclusionParts } from '@mcpvault/domain/audit/merkle';
import { type Verified, verifyExport } from '@mcpvault/domain/audit/verify-export';
import type { MessageId, OrganizationId } from '@mcpvault/domain/ids';
import type { Log } from '@mcpvault/gateway/ports';
import type { AuditCallsView } from '@mcpvault/store/audit/audit-calls-view';
import type { AuditSigner, PublishedKey } from '@mcpvault/store/audit/audit-signer';
import type { Stores } from '@mcpvault/store/stores';
import type { Anchors } from './anchors.ts';
import { type CallFilter, callLines, type CallPage, type CallPlace, listCalls } from './audit-calls.ts';

type Read = Pick<Stores, 'auditLog' | 'auditCalls'>;

export interface AuditLogDeps {
  readonly stores: Pick<Stores, 'auditLog' | 'auditCalls' | 'organizations'>;
  /** All that `work` reads is of one moment, and of this organization. */
  snapshot<Result>(organization: OrganizationId, work: (stores: Read) => Promise<Result>): Promise<Result>;
  readonly signer: AuditSigner;
  readonly anchors: Anchors;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Export {
  readonly header: HeaderLine;
  readonly from: number;
  readonly to: number;
  readonly closing: CheckpointLine;
}

export interface LogPage {
  readonly items: ExportLine[];
  readonly next: number | null;
}

export interface AuditLog {
  /** `from` and `to` in milliseconds; entries of that time, and whatever stands between them. */
  open(organization: OrganizationId, from: number | null, to: number | null, calls: boolean): Promise<Export>;
  /** At most `limit` entries with the checkpoints on the way, their calls if wanted, and where the next page begins. */
  read(organization: OrganizationId, from: number, to: number, limit: number, calls: boolean): Promise<LogPage>;
  calls(organization: OrganizationId, filter: CallFilter, before: CallPlace | null, limit: number): Promise<CallPage>;
  verify(organization: OrganizationId): Promise<Checked>;
  /** null when there is no such entry. */
  prove(organization: OrganizationId, entry: string): Promise<EntryProof | null>;
  /** That a call is in the log, for whoever has only the public key; null when none with that id is. */
  proveCall(organization: OrganizationId, message: MessageId): Promise<Proof | null>;
  /** The same for an entry. */
  proveEntry(organization: OrganizationId, entry: string): Promise<Proof | null>;
  /** Signs who asked for an evidence bundle, and what is in it. */
  signBundle(manifest: Parameters<typeof signManifest>[0]): Promise<Manifest>;
  keys(): Promise<readonly PublishedKey[]>;
  rotateKey(): Promise<PublishedKey>;
  /** Signs every log that grew since it was last signed. */
  sign(): Promise<void>;
}

export interface Checked extends Verified {
  /** The last checkpoint that was kept; null before the first. */
  readonly signed: SignedCheckpoint | null;
  /** Where one is kept outside the database; null when there is none yet. */
  readonly anchoredAt: string | null;
}

export interface EntryProof {
  readonly sequence: number;
  readonly leaf: string;
  readonly path: string[];
  readonly checkpoint: CheckpointLine;
}

const atOnce = 1000;
/** A page of the log holds no more calls than this, but always a whole entry. */
const callsAtOnce = 5000;

export function createAuditLog({ stores, snapshot, signer, anchors, clock, log }: AuditLogDeps): AuditLog {
  const view = stores.auditLog;

  async function signAt(organization: OrganizationId, size: number, from: number | null): Promise<SignedCheckpoint> {
    const head = await view.headAt(organization, size);
    return signCheckpoint(head, { organization, from, at: clock.now() }, await signer.current());
  }

  async function* allLines(
    read: Read,
    organization: OrganizationId,
    anchored: SignedCheckpoint | null,
  ): AsyncGenerator<ExportLine> {
    const view = read.auditLog;
    const head = await view.head(organization);
    yield headerLine(organization, emptyLog, await signer.published(), true);
    const { size } = head.frontier;
    let anchor = anchored;
    for (let from: number | null = 0; from !== null; ) {
      const page: LogPage = await readPage(read, organization, from, size, { limit: atOnce, calls: true });
      for (const line of page.items) {
        if (anchor !== null && line.type !== 'call' && 'sequence' in line && line.sequence === anchor.size) {
          yield checkpointLine(anchor);
          anchor = null;
        }
        yield line;
      }
      from = page.next;
    }
    // What was put behind the end is no part of the log.
    yield* await view.lines(organization, size, Number.MAX_SAFE_INTEGER);
    for (const batch of await read.auditCalls.between(organization, size, Number.MAX_SAFE_INTEGER)) {
      yield* callLines(batch);
    }
    if (anchor !== null) yield checkpointLine(anchor);
    const about = { organization, from: 0, at: clock.now() };
    yield checkpointLine(signCheckpoint(head, about, await signer.current()));
  }

  async function proven(organization: OrganizationId, sequence: number, call: Proof['call']): Promise<Proof | null> {
    const [entry] = await view.lines(organization, sequence, sequence + 1);
    if (entry?.type !== 'entry') return null;
    const { size } = (await view.head(organization)).frontier;
    const path = await view.proof(organization, inclusionParts(sequence, size));
    return {
      type: 'proof',
      format: proofFormat,
      call,
      entry,
      path: path.map((hash) => hash.toString('hex')),
      checkpoint: checkpointLine(await signAt(organization, size, null)),
      keys: (await signer.published()).map(({ id, publicKey }) => ({ id, publicKey })),
    };
  }

  return {
    read: (organization, from, to, limit, calls) => readPage(stores, organization, from, to, { limit, calls }),
    calls: (organization, filter, before, limit) => listCalls(stores.auditCalls, organization, filter, before, limit),

    async open(organization, from, to, calls) {
      const { size } = (await view.head(organization)).frontier;
      const end = to === null ? size : Math.min(size, await view.firstSince(organization, to));
      const start = Math.min(end, from === null ? 0 : await view.firstSince(organization, from));
      const before = await view.headAt(organization, start);
      const closing = checkpointLine(await signAt(organization, end, start));
      const header = headerLine(organization, before, await signer.published(), calls);
      return { header, from: start, to: end, closing };
    },

    async verify(organization) {
      const keys = await signer.published();
      // Before the log: what was signed by then must be in it.
      const anchored = await anchors.of(organization);
      const anchoredAt = anchored && anchors.placeOf(organization);
      return snapshot(organization, async (read) => {
        const verified = await verifyExport(asText(allLines(read, organization, anchored)), keys);
        return { ...verified, signed: await read.auditLog.lastCheckpoint(organization), anchoredAt };
      });
    },

    async prove(organization, entry) {
      const found = await view.placeOf(organization, entry);
      if (found === null) return null;
      const { size } = (await view.head(organization)).frontier;
      const path = await view.proof(organization, inclusionParts(found.sequence, size));
      return {
        sequence: found.sequence,
        leaf: found.leaf.toString('hex'),
        path: path.map((hash) => hash.toString('hex')),
        checkpoint: checkpointLine(await signAt(organization, size, null)),
      };
    },

    async proveCall(organization, message) {
      const found = await stores.auditCalls.of(organization, message);
      if (found === null) return null;
      const { batch, index } = found;
      const shown = callLines(batch)[index];
      if (shown === undefined) return null;
      const path = pathOfCall(batch.leaves, index).map((hash) => hash.toString('hex'));
      return proven(organization, batch.sequence, { shown, path });
    },

    async proveEntry(organization, entry) {
      const found = await view.placeOf(organization, entry);
      return found && proven(organization, found.sequence, null);
    },

    signBundle: async (manifest) => signManifest(manifest, await signer.current()),
    keys: () => signer.published(),
    rotateKey: () => signer.rotate(),

    async sign() {
      for (const { id } of await stores.organizations.all()) {
        const { size } = (await view.head(id)).frontier;
        const last = await view.lastCheckpoint(id);
        if (size === (last?.size ?? 0)) continue;
        if (last !== null && last.size > size) {
          log.error(
            { organization: id, size, signed: last.size },
            'the audit log is shorter than it was when it was last signed',
          );
          continue;
        }
        const checkpoint = await signAt(id, size, null);
        await view.keepCheckpoint(checkpoint);
        await anchors.keep(checkpoint);
      }
    },
  };
}

async function readPage(
  { auditLog, auditCalls }: Read,
  organization: OrganizationId,
  from: number,
  to: number,
  { limit, calls }: { readonly limit: number; readonly calls: boolean },
): Promise<LogPage> {
  const most = Math.min(to, from + limit);
  const end = calls ? await endWithin(auditCalls, organization, from, most) : most;
  const batches = calls ? [...(await auditCalls.between(organization, from, end))] : [];
  const checkpoints = [...(await auditLog.checkpoints(organization, from, end))];
  const items: ExportLine[] = [];
  for (const line of await auditLog.lines(organization, from, end)) {
    items.push(line);
    for (; batches[0] !== undefined && batches[0].sequence <= line.sequence; batches.shift()) {
      items.push(...callLines(batches[0]));
    }
    while (checkpoints[0] !== undefined && checkpoints[0].size <= line.sequence + 1) take(items, checkpoints);
  }
  for (const batch of batches) items.push(...callLines(batch));
  while (checkpoints[0] !== undefined) take(items, checkpoints);
  return { items, next: end < to ? end : null };
}

/** The last entry of a page, so that its calls are not too many; always one entry further. */
async function endWithin(
  view: AuditCallsView,
  organization: OrganizationId,
  from: number,
  to: number,
): Promise<number> {
  let sum = 0;
  for (const { sequence, calls } of await view.counts(organization, from, to)) {
    sum += calls;
    if (sum > callsAtOnce && sequence > from) return sequence;
  }
  return to;
}

function take(items: ExportLine[], checkpoints: SignedCheckpoint[]): void {
  const next = checkpoints.shift();
  if (next !== undefined) items.push(checkpointLine(next));
}

async function* asText(lines: AsyncIterable<ExportLine>): AsyncGenerator<string> {
  for await (const line of lines) yield JSON.stringify(line);
}
