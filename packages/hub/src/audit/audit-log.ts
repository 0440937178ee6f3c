// The audit log as the hub answers for it: signs how it stands now and then, exports it with all that is needed to check
// it, and checks it itself.
import type { Clock } from '@mcpvault/domain/ambient';
import { type SignedCheckpoint, signCheckpoint } from '@mcpvault/domain/audit/checkpoint';
import {
  checkpointLine,
  type CheckpointLine,
  type ExportLine,
  headerLine,
  type HeaderLine,
} from '@mcpvault/domain/audit/export-lines';
import { emptyLog } from '@mcpvault/domain/audit/log';
import { inclusionParts } from '@mcpvault/domain/audit/merkle';
import { type Verified, verifyExport } from '@mcpvault/domain/audit/verify-export';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Log } from '@mcpvault/gateway/ports';
import type { AuditLogView } from '@mcpvault/store/audit/audit-log-view';
import type { AuditSigner, PublishedKey } from '@mcpvault/store/audit/audit-signer';
import type { Stores } from '@mcpvault/store/stores';
import type { Anchors } from './anchors.ts';

export interface AuditLogDeps {
  readonly stores: Pick<Stores, 'auditLog' | 'organizations'>;
  /** All that `work` reads is of one moment. */
  snapshot<Result>(work: (stores: Pick<Stores, 'auditLog'>) => Promise<Result>): Promise<Result>;
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
  open(organization: OrganizationId, from: number | null, to: number | null): Promise<Export>;
  /** At most `limit` entries with the checkpoints on the way, and where the next page begins. */
  read(organization: OrganizationId, from: number, to: number, limit: number): Promise<LogPage>;
  verify(organization: OrganizationId): Promise<Checked>;
  /** null when there is no such entry. */
  prove(organization: OrganizationId, entry: string): Promise<Proof | null>;
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

export interface Proof {
  readonly sequence: number;
  readonly leaf: string;
  readonly path: string[];
  readonly checkpoint: CheckpointLine;
}

const atOnce = 1000;

export function createAuditLog({ stores, snapshot, signer, anchors, clock, log }: AuditLogDeps): AuditLog {
  const view = stores.auditLog;

  async function signAt(organization: OrganizationId, size: number, from: number | null): Promise<SignedCheckpoint> {
    const head = await view.headAt(organization, size);
    return signCheckpoint(head, { organization, from, at: clock.now() }, await signer.current());
  }

  async function* allLines(
    view: AuditLogView,
    organization: OrganizationId,
    anchored: SignedCheckpoint | null,
  ): AsyncGenerator<ExportLine> {
    const head = await view.head(organization);
    yield headerLine(organization, emptyLog, await signer.published());
    const { size } = head.frontier;
    let anchor = anchored;
    for (let from: number | null = 0; from !== null; ) {
      const page: LogPage = await readPage(view, organization, from, size, atOnce);
      for (const line of page.items) {
        yield line;
        if (anchor === null || !('sequence' in line) || line.sequence + 1 !== anchor.size) continue;
        yield checkpointLine(anchor);
        anchor = null;
      }
      from = page.next;
    }
    // What was put behind the end is no part of the log.
    yield* await view.lines(organization, size, Number.MAX_SAFE_INTEGER);
    if (anchor !== null) yield checkpointLine(anchor);
    const about = { organization, from: 0, at: clock.now() };
    yield checkpointLine(signCheckpoint(head, about, await signer.current()));
  }
  return {
    read: (organization, from, to, limit) => readPage(view, organization, from, to, limit),

    async open(organization, from, to) {
      const { size } = (await view.head(organization)).frontier;
      const end = to === null ? size : Math.min(size, await view.firstSince(organization, to));
      const start = Math.min(end, from === null ? 0 : await view.firstSince(organization, from));
      const before = await view.headAt(organization, start);
      const closing = checkpointLine(await signAt(organization, end, start));
      return { header: headerLine(organization, before, await signer.published()), from: start, to: end, closing };
    },

    async verify(organization) {
      const keys = await signer.published();
      // Before the log: what was signed by then must be in it.
      const anchored = await anchors.of(organization);
      const anchoredAt = anchored && anchors.placeOf(organization);
      return snapshot(async ({ auditLog }) => {
        const verified = await verifyExport(asText(allLines(auditLog, organization, anchored)), keys);
        return { ...verified, signed: await auditLog.lastCheckpoint(organization), anchoredAt };
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
  view: AuditLogView,
  organization: OrganizationId,
  from: number,
  to: number,
  limit: number,
): Promise<LogPage> {
  const end = Math.min(to, from + limit);
  const checkpoints = [...(await view.checkpoints(organization, from, end))];
  const items: ExportLine[] = [];
  for (const line of await view.lines(organization, from, end)) {
    items.push(line);
    while (checkpoints[0] !== undefined && checkpoints[0].size <= line.sequence + 1) take(items, checkpoints);
  }
  while (checkpoints[0] !== undefined) take(items, checkpoints);
  return { items, next: end < to ? end : null };
}

function take(items: ExportLine[], checkpoints: SignedCheckpoint[]): void {
  const next = checkpoints.shift();
  if (next !== undefined) items.push(checkpointLine(next));
}

async function* asText(lines: AsyncIterable<ExportLine>): AsyncGenerator<string> {
  for await (const line of lines) yield JSON.stringify(line);
}
