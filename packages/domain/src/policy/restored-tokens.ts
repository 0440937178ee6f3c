import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ServerId } from '../ids.ts';
import type { SessionFacts } from './message-facts.ts';
import { tokenPattern, tokenPrefix } from './text-in-place-of.ts';

/** Tokens of this conversation in the arguments of a call, with what they stand for there. */
export function restoredTokens(message: Message, session: SessionFacts, server: ServerId | null) {
  const { text, marks } = message;
  if (!session.hasTokens || marks.arguments === null || !text.includes(tokenPrefix, marks.arguments.start)) return [];
  const { start, end } = marks.arguments;
  const found: { readonly start: number; readonly end: number; readonly replacement: string }[] = [];
  for (const { 0: token, index } of text.slice(start, end).matchAll(tokenPattern)) {
    const original = session.restore(token, server);
    if (original === null) continue;
    const at = start + index;
    found.push({ start: at, end: at + token.length, replacement: JSON.stringify(original).slice(1, -1) });
  }
  return found;
}
