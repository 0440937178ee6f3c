import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { CallSink, Outbound } from './link.ts';

/** A request in MCPVault's own name. */
export function ownRequest(method: string, params: object = {}): Outbound {
  const raw = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 0, method, params }));
  return { message: parseMessage(raw, { maxDepth: 10, check: 'structure' }), edits: [] };
}

/** For requests of which only the doing counts. */
export const deaf: CallSink = { related() {}, answer() {}, fail() {}, hasRoom: () => true, onRoom() {} };
