import { memberAt } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';

/** Texts added to the content of a tool's result, behind what is there; null where the result is none that could take them. */
export function noticeSplice(text: string, result: Span | null, notices: readonly string[]) {
  if (result === null || notices.length === 0 || text.charCodeAt(result.start) !== openBrace) return null;
  const parts = notices.map((notice) => JSON.stringify({ type: 'text', text: notice })).join(',');
  const content = memberAt(text, result, 'content');
  if (content === null) {
    const isEmpty = text.slice(result.start + 1, result.end - 1).trim() === '';
    const at = result.start + 1;
    return { start: at, end: at, replacement: `"content":[${parts}]${isEmpty ? '' : ','}` };
  }
  if (text.charCodeAt(content.start) !== openBracket) return null;
  const at = content.end - 1;
  const isEmpty = text.slice(content.start + 1, at).trim() === '';
  return { start: at, end: at, replacement: `${isEmpty ? '' : ','}${parts}` };
}

const openBrace = 123;
const openBracket = 91;
