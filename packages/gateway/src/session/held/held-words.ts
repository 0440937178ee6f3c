// What a client and its person are told of a held call.
import type { ApprovalId } from '@mcpvault/domain/ids';
import type { Refusal } from '@mcpvault/domain/pipeline/outcome';
import type { Hold } from '@mcpvault/domain/policy/effect';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { HoldStanding } from '../../ports.ts';

type Pending = Extract<HoldStanding, { readonly kind: 'pending' }>;

/** The key of our question among those of a round. */
export const questionKey = 'approval';
export const longestNote = 500;

export function waitingRefusal(hold: Hold, { id, page, until }: Pending): Refusal {
  return {
    code: 'approval_required',
    reason: `${hold.reason} Somebody has to approve this call at ${page} (${id}). Send the same call again once they have.`,
    policy: hold.policies[0]?.policy ?? null,
    details: { approval: id, page, until: new Date(until).toISOString() },
  };
}

export function lateRefusal(hold: Hold, id: ApprovalId): Refusal {
  return {
    code: 'approval_required',
    reason: `${hold.reason} Nobody decided in time, so the call was not sent. Send it again to ask anew.`,
    policy: hold.policies[0]?.policy ?? null,
    details: { approval: id },
  };
}

export function withdrawnRefusal(hold: Hold, id: ApprovalId): Refusal {
  return {
    code: 'approval_required',
    reason: 'The request for approval was taken back, so the call was not sent. Send it again to ask anew.',
    policy: hold.policies[0]?.policy ?? null,
    details: { approval: id },
  };
}

export function refusedRefusal(
  hold: Hold,
  { id, reason }: Extract<HoldStanding, { readonly kind: 'refused' }>,
): Refusal {
  return {
    code: id === null ? 'approval_required' : 'refused_by_policy',
    reason,
    policy: hold.policies[0]?.policy ?? null,
    ...(id !== null && { details: { approval: id } }),
  };
}

/** Params of an elicitation that tells the client’s person what is going on. The asker decides nothing by answering. */
export function questionOf(
  hold: Hold,
  { id, page }: Pending,
  elicits: 'form' | 'url',
  era: 'legacy' | 'modern',
): object {
  const message = `This call waits for somebody’s approval: ${hold.reason} It goes on by itself once they agree. Where it stands: ${page}`;
  if (elicits === 'url') return { mode: 'url', url: page, message, ...(era === 'legacy' && { elicitationId: id }) };
  return {
    ...(era === 'modern' && { mode: 'form' }),
    message,
    requestedSchema: {
      type: 'object',
      properties: {
        note: {
          type: 'string',
          title: 'What is it for?',
          description: 'Shown to whoever decides. Decline to take the call back.',
          maxLength: longestNote,
        },
      },
    },
  };
}

/** What the client’s person answered: the result of an elicitation. */
export function answerIn(value: unknown): { readonly declined: boolean; readonly note: string | null } {
  const { action, content } = asObject(value);
  const { note } = asObject(content);
  const said = action === 'accept' && typeof note === 'string' ? note.trim().slice(0, longestNote) : '';
  return { declined: action === 'decline', note: said === '' ? null : said };
}

export function progressOf(message: Message, turn: number): Buffer | null {
  const { progressToken } = message.marks;
  if (progressToken === null) return null;
  const token = message.textAt(progressToken);
  // Below whatever the server counts itself.
  const progress = (turn * 1e-6).toFixed(6);
  return Buffer.from(
    `{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":${token},"progress":${progress},"message":"Waiting for approval"}}`,
  );
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}
