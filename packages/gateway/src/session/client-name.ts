import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { metaKeys } from '@mcpvault/protocol/mcp/revision';

/** How an AI client names itself, `name/version`, in `initialize` or in a modern message's `_meta`. A claim: for display only. */
export function clientNameOf(message: Message): string | null {
  const params = message.json['params'];
  if (!isObject(params)) return null;
  const meta = params['_meta'];
  const info =
    message.method === 'initialize' ? params['clientInfo'] : isObject(meta) ? meta[metaKeys.clientInfo] : null;
  if (!isObject(info) || typeof info['name'] !== 'string') return null;
  const version = typeof info['version'] === 'string' ? `/${info['version']}` : '';
  return `${info['name']}${version}`
    .replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
    .slice(0, 200);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
