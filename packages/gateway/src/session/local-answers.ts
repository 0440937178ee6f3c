import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { GatewaySettings } from '../ports.ts';
import type { Outlet } from './outlet.ts';

/** How long a request may stay without a sign of life, in milliseconds; null for one that waits for what may never happen. */
export function patienceFor(message: Message, settings: GatewaySettings): number | null {
  if (message.method === 'subscriptions/listen') return null;
  return message.method === 'initialize' ? settings.connectTimeout : settings.callTimeout;
}

/** Asks about this hop, and is answered on it. */
export function answerPing(message: Message, outlet: Outlet): void {
  outlet.answer(resultTo(message, '{}'), 200);
}

/** An answer of our own. `result` is JSON text. */
export function resultTo(request: Message, result: string): Buffer {
  const id = request.idSpan === null ? 'null' : request.textAt(request.idSpan);
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${result}}`);
}

/** The same around bytes that are at hand. */
export function resultAround(request: Message, before: string, bytes: Buffer, after: string): Buffer {
  const id = request.idSpan === null ? 'null' : request.textAt(request.idSpan);
  return Buffer.concat([
    Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":${before}`),
    bytes,
    Buffer.from(`${after}}`),
  ]);
}
