// What a recorded call tells about its caller's habits, without a value of it: addresses become keyed digests.
import { createHmac } from 'node:crypto';
import type { Observation } from '@mcpvault/domain/anomaly/observation';
import { flowTexts } from '@mcpvault/domain/flow/flow-texts';
import { tellingValues } from '@mcpvault/domain/flow/telling-values';
import type { ToolFacts } from '@mcpvault/domain/policy/message-facts';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';

const limits = { maxDepth: 10_000, check: 'structure' } as const;
/** Characters of one text, and addresses of one call, that are looked at. */
const longest = 20_000;
const mostDestinations = 50;

/** null for what calls no tool of a server. `request` is the original; null where it is gone. */
export function observationOf(
  record: MessageRecord,
  request: Buffer | null,
  { tool, key }: { readonly tool: ToolFacts | null; readonly key: Uint8Array },
): Observation | null {
  const { direction, method, serverName, target, outcome } = record;
  if (direction !== 'call' || method !== 'tools/call' || serverName === null || target === null) return null;
  const digest = (text: string) => createHmac('sha256', key).update(`habit ${text}`).digest('base64url').slice(0, 12);
  return {
    at: record.at,
    server: serverName,
    tool: target.slice(0, 200),
    sends: (tool?.openWorld ?? true) && tool?.readOnly !== true,
    failed: outcome === 'refused' || outcome === 'error' || outcome === 'failed' || outcome === 'tool_error',
    argumentBytes: record.request?.length ?? 0,
    resultBytes: record.response?.length ?? 0,
    shape: digest(record.parameters ?? ''),
    destinations: destinationsIn(request).map(digest),
  };
}

function destinationsIn(request: Buffer | null): readonly string[] {
  if (request === null) return [];
  try {
    const message = parseMessage(request, limits);
    const { arguments: span } = message.marks;
    if (span === null) return [];
    const found = flowTexts(message.valueAt(span))
      .flatMap((text) => tellingValues(text.slice(0, longest)))
      .filter(({ kind }) => kind === 'destination');
    return [...new Set(found.map(({ value }) => value))].slice(0, mostDestinations);
  } catch {
    return [];
  }
}
