import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Usable } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import type { Traits } from './list-shelf.ts';

/**
 * What a server says of itself in its answer to `initialize` or `server/discover`. Its instructions reach a model, so they
 * are judged like any result, and left out where policies refuse them.
 */
export function traitsIn(core: Core, conversation: Conversation, usable: Usable, answer: Message): Traits {
  const { capabilities } = resultOf(answer);
  const known =
    typeof capabilities === 'object' && capabilities !== null ? (capabilities as Traits['capabilities']) : {};
  return { capabilities: known, instructions: instructionsIn(core, conversation, usable, answer) };
}

function instructionsIn(
  { judge, settings }: Core,
  conversation: Conversation,
  usable: Usable,
  answer: Message,
): string | null {
  const { caller, address, client, endpoint } = conversation;
  if (typeof resultOf(answer)['instructions'] !== 'string') return null;
  const verdict = judge.result(answer, null, { conversation, caller, address, client, endpoint, usable });
  if (verdict.refusal !== null) return null;
  try {
    const seen = parseMessage(apply(answer.raw, verdict.edits), { maxDepth: settings.maxDepth, check: 'structure' });
    const { instructions } = resultOf(seen);
    return typeof instructions === 'string' ? instructions : null;
  } catch (error) {
    if (error instanceof Failure) throw error;
    return null;
  }
}

function resultOf(answer: Message): Record<string, unknown> {
  const { result } = answer.json;
  return typeof result === 'object' && result !== null ? (result as Record<string, unknown>) : {};
}
