import type { Ids } from '@mcpvault/domain/ambient';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { BodyPlace, MessageRecord } from '@mcpvault/domain/record/message-record';
import { encodeRecord } from '@mcpvault/domain/record/record-line';
import type { SealedBlock, Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { MessageDraft } from '../ports.ts';

/** One exchange on its way into the journal. */
export interface Entry {
  readonly draft: MessageDraft;
  readonly request: Buffer | null;
  readonly response: Buffer | null;
  readonly done: (error: Error | null) => void;
  /** Of its originals. */
  readonly bytes: number;
  /** Once it lies in a block. */
  record: MessageRecord | null;
  /** Why it cannot be recorded. */
  error: Error | null;
}

/** A block is closed when it holds so much; a single larger exchange makes a block of its own. */
export const maxBlockBytes = 1024 * 1024;
const maxBlockRecords = 256;
/** Larger exchanges are laid out in memory of their own, which costs more than the copying. */
const largestKept = 4 * 1024 * 1024;

/** Packs entries into sealed blocks: one organization each, in the order of the entries. Never throws. */
export class BlockBuilder {
  readonly #sealer: Sealer;
  readonly #ids: Ids;
  #plaintext = Buffer.allocUnsafe(maxBlockBytes);

  constructor(sealer: Sealer, ids: Ids) {
    this.#sealer = sealer;
    this.#ids = ids;
  }

  /** Fills in each entry's `record`, or its `error` where the organization's key is not at hand. */
  build(entries: readonly Entry[]): SealedBlock[] {
    const blocks: SealedBlock[] = [];
    for (const [organization, own] of byOrganization(entries)) {
      for (let from = 0; from < own.length; ) {
        const to = blockEnd(own, from);
        const block = this.#seal(organization, own.slice(from, to));
        if (block !== null) blocks.push(block);
        from = to;
      }
    }
    return blocks;
  }

  #seal(organization: OrganizationId, entries: readonly Entry[]): SealedBlock | null {
    const id = this.#ids.next('blk');
    try {
      const { key, sealed } = this.#sealer.seal(organization, id, this.#gather(entries));
      let lines = '';
      for (const { record } of entries) if (record !== null) lines += encodeRecord(record, id);
      return { id, organization, key, sealed, records: Buffer.from(lines), count: entries.length };
    } catch (error) {
      for (const entry of entries) {
        entry.record = null;
        entry.error = error instanceof Error ? error : new Error('sealing failed');
      }
      return null;
    }
  }

  /** Lays the originals one after the other and notes where each lies. */
  #gather(entries: readonly Entry[]): Buffer {
    let bytes = 0;
    for (const entry of entries) bytes += entry.bytes;
    const plaintext = this.#room(bytes);
    let at = 0;
    const place = (original: Buffer | null): BodyPlace | null => {
      if (original === null) return null;
      original.copy(plaintext, at);
      at += original.length;
      return { offset: at - original.length, length: original.length };
    };
    for (const entry of entries) entry.record = recordOf(entry.draft, place(entry.request), place(entry.response));
    return plaintext.subarray(0, bytes);
  }

  /** The same memory every time, once it has grown to what is usual here. */
  #room(bytes: number): Buffer {
    if (bytes <= this.#plaintext.length) return this.#plaintext;
    if (bytes > largestKept) return Buffer.allocUnsafe(bytes);
    this.#plaintext = Buffer.allocUnsafe(largestKept);
    return this.#plaintext;
  }
}

function byOrganization(entries: readonly Entry[]): Map<OrganizationId, Entry[]> {
  const groups = new Map<OrganizationId, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.draft.organization);
    if (group === undefined) groups.set(entry.draft.organization, [entry]);
    else group.push(entry);
  }
  return groups;
}

function blockEnd(entries: readonly Entry[], from: number): number {
  let bytes = 0;
  for (let i = from; i < entries.length; i++) {
    bytes += entries[i]?.bytes ?? 0;
    if (i > from && (bytes > maxBlockBytes || i - from >= maxBlockRecords)) return i;
  }
  return entries.length;
}

/** Written out, so that all records have one shape: twice as fast to make as a spread copy. */
function recordOf(draft: MessageDraft, request: BodyPlace | null, response: BodyPlace | null): MessageRecord {
  return {
    id: draft.id,
    organization: draft.organization,
    at: draft.at,
    member: draft.member,
    token: draft.token,
    conversation: draft.conversation,
    client: draft.client,
    endpoint: draft.endpoint,
    server: draft.server,
    serverName: draft.serverName,
    direction: draft.direction,
    method: draft.method,
    target: draft.target,
    protocol: draft.protocol,
    outcome: draft.outcome,
    code: draft.code,
    reason: draft.reason,
    durationUs: draft.durationUs,
    upstreamUs: draft.upstreamUs,
    request,
    response,
    requestEdits: draft.requestEdits,
    responseEdits: draft.responseEdits,
    requestFindings: draft.requestFindings,
    responseFindings: draft.responseFindings,
    role: draft.role,
    actedBy: draft.actedBy,
    parameters: draft.parameters,
    trace: draft.trace,
    judged: draft.judged,
    secrets: draft.secrets,
  };
}
