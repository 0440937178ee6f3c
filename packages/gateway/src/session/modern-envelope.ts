// What a server over HTTP checks of a modern request before it looks at what is asked. Where the server speaks another
// transport, or there are several, MCPVault checks it in their place: a process that gets a legacy message leaves the
// modern era for everybody.
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { latestModern, metaKeys, modernRevisions } from '@mcpvault/protocol/mcp/revision';
import { rpcError } from '../downstream/rpc-error.ts';

/** Methods that the modern era has no more. */
const gone: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'logging/setLevel',
  'resources/subscribe',
  'resources/unsubscribe',
]);

/** The answer to a request whose envelope is not in order, with its HTTP status; null when it is. */
export function refusedEnvelope(
  message: Message,
  version: string,
): { readonly answer: Buffer; readonly status: number } | null {
  if (!modernRevisions.some((revision) => revision === version)) {
    const id = message.idSpan === null ? 'null' : message.textAt(message.idSpan);
    const data = { supported: [latestModern], requested: version.slice(0, 100) };
    const error = JSON.stringify({ code: -32022, message: 'Unsupported protocol version', data });
    const answer = Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${error}}`);
    return { answer, status: 400 };
  }
  if (gone.has(message.method ?? '')) {
    const answer = rpcError(message, 'method_not_found', `${latestModern} knows no ${message.method}`);
    return { answer, status: 404 };
  }
  const { meta } = message.marks;
  for (const key of [metaKeys.protocolVersion, metaKeys.clientCapabilities]) {
    if (meta !== null && memberAt(message.text, meta, key) !== null) continue;
    const answer = rpcError(message, 'invalid_params', `params._meta must say ${key}`);
    return { answer, status: 400 };
  }
  return null;
}
