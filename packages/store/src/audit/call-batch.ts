// What came from a journal at once, as one entry per organization: the root over its calls in the log itself, and the calls
// beside it for whoever asks. Written in the transaction that stores the messages, so that both are there or neither.
import { setImmediate } from 'node:timers/promises';
import type { Ambient } from '@mcpvault/domain/ambient';
import { callHash, callsAction, callsFormat, rootOfCalls } from '@mcpvault/domain/audit/calls';
import { append, type AuditEntry } from '@mcpvault/domain/audit/log';
import type { Hash } from '@mcpvault/domain/audit/merkle';
import type { OrganizationId } from '@mcpvault/domain/ids';
import { type Ask, lockHead, writeEntry } from './log-end.ts';
import { packHashes } from './packed-hashes.ts';
import { packLines } from './packed-lines.ts';

/** Lines of one organization, each with its end, in the order of the journal. */
export interface CallLines {
  readonly organization: OrganizationId;
  readonly lines: readonly Buffer[];
}

/** So many are hashed before others get their turn. */
const hashedAtOnce = 200;

/** Organizations that are gone leave no entry. */
export async function appendCalls(
  ask: Ask,
  batches: readonly CallLines[],
  { ids, clock }: Pick<Ambient, 'ids' | 'clock'>,
): Promise<void> {
  const hashed: (CallLines & { readonly leaves: readonly Hash[] })[] = [];
  for (const batch of batches) hashed.push({ ...batch, leaves: await leavesOf(batch.lines) });
  // Always in the same order, so that two hubs never wait for each other in a circle.
  for (const { organization, lines, leaves } of hashed.toSorted((a, b) => (a.organization < b.organization ? -1 : 1))) {
    if (lines.length === 0) continue;
    const head = await lockHead(ask, organization);
    if (head === null) continue;
    const { first, last } = span(lines);
    const root = rootOfCalls(leaves).toString('hex');
    const entry: AuditEntry = {
      id: ids.next('aud'),
      organization,
      at: clock.now(),
      actor: 'system',
      action: callsAction,
      subject: null,
      outcome: 'done',
      detail: { format: callsFormat, calls: lines.length, root, first, last },
    };
    const appended = append(head, entry);
    await writeEntry(ask, entry, appended);
    await ask({
      ...keep,
      values: [organization, appended.sequence, first, last, lines.length, packHashes(leaves), packLines(lines)],
    });
  }
}

async function leavesOf(lines: readonly Buffer[]): Promise<readonly Hash[]> {
  const leaves: Hash[] = [];
  for (const line of lines) {
    leaves.push(callHash(line.subarray(0, -1)));
    if (leaves.length % hashedAtOnce === 0) await setImmediate();
  }
  return leaves;
}

/** The least and the greatest message id: whoever looks for a message finds its batch by them. */
function span(lines: readonly Buffer[]): { first: string; last: string } {
  const ids = lines.map((line) => line.toString('latin1', 0, line.indexOf(tab)));
  let [first = '', last = ''] = [ids[0], ids[0]];
  for (const id of ids) {
    if (id < first) first = id;
    if (id > last) last = id;
  }
  return { first, last };
}

const tab = 9;

const keep = {
  name: 'audit-keep-calls',
  text: `insert into audit_calls (organization, sequence, first, last, calls, leaves, lines)
    values ($1, $2, $3, $4, $5, $6, $7)`,
};
