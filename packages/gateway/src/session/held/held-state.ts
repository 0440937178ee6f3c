// What a modern client carries back while its call is held: sealed, with a key that every hub of an organization has, so
// that it may come back to another one. It only says for which request the client waits; an approval is never in it.
import { createHash, createHmac } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { ApprovalId, OrganizationId } from '@mcpvault/domain/ids';
import type { Principal } from '@mcpvault/domain/identity/caller';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { walkObject } from '@mcpvault/protocol/jsonrpc/scan';
import { type Sealed, sealedWith } from '../bridge/request-state.ts';

export interface HeldState {
  readonly organization: OrganizationId;
  readonly principal: Principal;
  readonly approval: ApprovalId;
  /** Of what was asked. */
  readonly digest: string;
  /** Until when the client waits at most: milliseconds since the epoch. */
  readonly deadline: number;
}

/** By it our state is told from a server’s. */
const prefix = 'mcpvault-held.';
const deepest = 100_000;
/** What rounds add to a request. */
export const roundMembers: ReadonlySet<string> = new Set(['inputResponses', 'requestState']);

export function heldStates(organizationKey: Uint8Array, random: Ambient['random']): Sealed<HeldState> {
  const key = createHmac('sha256', organizationKey).update('held calls').digest();
  const sealed = sealedWith<HeldState>(key, random);
  return {
    seal: (state) => prefix + sealed.seal(state),
    open: (text) => (text.startsWith(prefix) ? sealed.open(text.slice(prefix.length)) : null),
  };
}

export function digestOf(asked: string): string {
  return createHash('sha256').update(asked).digest('base64url');
}

/** The `requestState` of a request; null where it has none. */
export function requestStateIn(message: Message): string | null {
  const span = message.params === null ? null : memberAt(message.text, message.params, 'requestState');
  const state = span === null ? null : message.scalarAt(span);
  return typeof state === 'string' ? state : null;
}

export function isOurs(state: string | null): state is string {
  return state?.startsWith(prefix) === true;
}

/** The edits without what lies in the members that rounds add, and with those members cut out: they are between us and the client. */
export function withoutRound(message: Message, edits: readonly Edit[]): readonly Edit[] {
  const { params, text } = message;
  if (params === null || text.charCodeAt(params.start) !== openBrace) return edits;
  const members: { readonly ours: boolean; readonly start: number; readonly end: number }[] = [];
  walkObject(text, params.start, deepest, (key, start, _valueStart, end) => {
    members.push({ ours: roundMembers.has(key), start, end });
  });
  const cuts = members.flatMap(({ ours, start, end }, at): Edit[] => {
    if (!ours) return [];
    const before = members[at - 1];
    const after = members[at + 1];
    // With the comma before it where something stays there, else with the one behind it.
    if (before !== undefined && members.slice(0, at).some((one) => !one.ours)) return [cut(before.end, end)];
    return [cut(start, after === undefined ? end : after.start)];
  });
  const kept = edits.filter((edit) => !cuts.some(({ start, end }) => edit.start < end && start < edit.end));
  return [...kept, ...cuts].toSorted((a, b) => a.start - b.start);
}

const openBrace = 123;

function cut(start: number, end: number): Edit {
  const reason = 'between MCPVault and the client';
  return { start, end, replacement: '', layer: 'hub', policy: null, reason, detector: null };
}
