// The result of a tool call, for people. What a server sends is shown, never obeyed.
import { asText, safeJson, safeLine, safeText } from '../../output/safe-text.ts';
import type { Style } from '../../output/style.ts';
import { byteSize } from '../../output/words.ts';

interface Part {
  readonly type: string;
  readonly [member: string]: unknown;
}

export interface Result {
  readonly content?: readonly Part[] | undefined;
  readonly structuredContent?: unknown;
  readonly isError?: boolean;
}

/** On a terminal, control characters are made visible; into a pipe, text goes as it is. */
export function renderResult(result: Result, style: Style, isTerminal: boolean): string {
  const parts = (result.content ?? []).map((part) => renderPart(part, style, isTerminal));
  const hasText = (result.content ?? []).some(({ type }) => type === 'text');
  const structured = result.structuredContent;
  if (structured !== undefined && !hasText) parts.push(safeJson(structured, 2));
  return parts.join('\n');
}

function renderPart(part: Part, style: Style, isTerminal: boolean): string {
  const shown = (text: unknown): string => (isTerminal ? safeText(asText(text)) : asText(text));
  const label = (text: string): string => style('dim', `[${text}]`);
  switch (part.type) {
    case 'text':
      return shown(part.text);
    case 'image':
    case 'audio':
      return label(`${part.type} ${safeLine(asText(part.mimeType))}, ${byteSize(decodedSize(part.data))}`);
    case 'resource_link':
      return label(`link ${safeLine(asText(part.name))} ${safeLine(asText(part.uri))}`);
    case 'resource':
      return renderResource(part.resource, shown, label);
    default:
      return safeJson(part, 2);
  }
}

function renderResource(resource: unknown, shown: (text: unknown) => string, label: (text: string) => string): string {
  const { uri, text, blob, mimeType } = (resource ?? {}) as Readonly<Record<string, unknown>>;
  const title = label(`resource ${safeLine(asText(uri))}`);
  if (typeof text === 'string') return `${title}\n${shown(text)}`;
  return `${title} ${label(`${safeLine(asText(mimeType ?? 'bytes'))}, ${byteSize(decodedSize(blob))}`)}`;
}

function decodedSize(base64: unknown): number {
  return typeof base64 === 'string' ? Buffer.byteLength(base64, 'base64') : 0;
}
