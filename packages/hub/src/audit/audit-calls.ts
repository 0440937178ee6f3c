// The calls that the log stands for, as an auditor reads them: who called what, as whom, and how it ended; never what was said.
import { callLine } from '@mcpvault/domain/audit/calls';
import type { CallLine } from '@mcpvault/domain/audit/export-lines';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { AuditCallsView, CallBatch } from '@mcpvault/store/audit/audit-calls-view';

export interface CallFilter {
  readonly member?: string | undefined;
  /** Its id, or the name that it had. */
  readonly server?: string | undefined;
  /** The tool, prompt or resource. */
  readonly target?: string | undefined;
  readonly method?: string | undefined;
  readonly outcome?: string | undefined;
  /** As the call names it, or the id of a connection. */
  readonly secret?: string | undefined;
}

export interface CallPage {
  readonly items: readonly CallLine[];
  /** Where the next page begins; null on the last one. */
  readonly next: CallPlace | null;
}

/** Before this call: what stands behind it was shown. */
export interface CallPlace {
  readonly sequence: number;
  readonly index: number;
}

const batchesAtOnce = 50;
/** A page may be short when little fits; whoever wants more asks for the next. */
const batchesAtMost = 500;

/** Newest first. */
export async function listCalls(
  view: AuditCallsView,
  organization: OrganizationId,
  filter: CallFilter,
  before: CallPlace | null,
  limit: number,
): Promise<CallPage> {
  const items: CallLine[] = [];
  let end = before === null ? Number.MAX_SAFE_INTEGER : before.sequence + 1;
  for (let looked = 0; looked < batchesAtMost; looked += batchesAtOnce) {
    const batches = await view.latest(organization, end, batchesAtOnce);
    for (const batch of batches) {
      const own = callLines(batch).filter(({ index }) => batch.sequence !== before?.sequence || index < before.index);
      for (const line of own.toReversed()) {
        if (!fits(line, filter)) continue;
        items.push(line);
        if (items.length === limit) return { items, next: { sequence: line.sequence, index: line.index } };
      }
      end = batch.sequence;
    }
    if (batches.length < batchesAtOnce) return { items, next: null };
  }
  return { items, next: { sequence: end, index: 0 } };
}

/** As exports show them. Of what somebody put into the database, whatever it is, the check will say that it is wrong. */
export function callLines({ sequence, lines, leaves }: CallBatch): readonly CallLine[] {
  return lines.map((line, index) => {
    const leaf = leaves[index] ?? Buffer.alloc(32);
    try {
      return callLine(sequence, index, line, leaf);
    } catch {
      return { type: 'call', sequence, index, leaf: leaf.toString('hex'), record: { id: line.split('\t')[0] } };
    }
  });
}

function fits({ record }: CallLine, { member, server, target, method, outcome, secret }: CallFilter): boolean {
  return (
    // What somebody spoilt in the database is for the check to name.
    typeof record['member'] === 'string' &&
    (member === undefined || record['member'] === member || record['actedBy'] === member) &&
    (server === undefined || record['server'] === server || record['serverName'] === server) &&
    (target === undefined || record['target'] === target) &&
    (method === undefined || record['method'] === method) &&
    (outcome === undefined || record['outcome'] === outcome) &&
    (secret === undefined || usesSecret(record['secrets'], secret))
  );
}

function usesSecret(named: unknown, secret: string): boolean {
  return Array.isArray(named) && named.some((name) => name === secret || name === `connection ${secret}`);
}
