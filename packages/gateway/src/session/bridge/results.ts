// Results and errors of one era in the words of the other.
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { latestModern, metaKeys } from '@mcpvault/protocol/mcp/revision';
import { tasksExtension } from './task-words.ts';
import type { RpcError } from './words.ts';

/** What of a modern result older clients have no name for. */
export function stripped(result: ObjectText): ObjectText {
  const meta = result.inner('_meta').without(metaKeys.serverInfo, metaKeys.subscriptionId);
  if (result.has('_meta')) result.set('_meta', meta.size === 0 ? null : meta.toString());
  return result.without('resultType', 'ttlMs', 'cacheScope', 'inputRequests', 'requestState');
}

/** Results that say how long they may be kept. */
const cacheable: ReadonlySet<string> = new Set([
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
]);

/**
 * A legacy result as a modern one. Nobody promised how long it holds, so that it may not be kept, and who may see it
 * depends on the caller. `server` is the JSON text of the server's own name, null where it gave none.
 */
export function decorated(method: string, result: ObjectText, server: string | null): ObjectText {
  const meta = result.inner('_meta').set(metaKeys.serverInfo, server);
  if (cacheable.has(method)) result.set('ttlMs', '0').set('cacheScope', '"private"');
  // Only a bridged task has these; a legacy server's would say what it does not mean.
  if (!method.startsWith('tasks/')) result.without('inputRequests', 'requestState');
  return result.set('resultType', '"complete"').set('_meta', meta.size === 0 ? null : meta.toString());
}

/** The answer to `server/discover` out of the answer to `initialize`. */
export function discoverResult(opening: ObjectText): ObjectText {
  const offered = opening.inner('capabilities');
  const extensions = offered.inner('extensions').set(tasksExtension, offersTasks(offered) ? '{}' : null);
  const capabilities = offered.without('tasks').set('extensions', extensions.size === 0 ? null : extensions.toString());
  const result = ObjectText.of(null)
    .set('supportedVersions', JSON.stringify([latestModern]))
    .set('capabilities', capabilities.toString())
    .set('instructions', opening.get('instructions'));
  return decorated('server/discover', result, opening.get('serverInfo'));
}

/** Whether a legacy server makes tasks of calls. */
export function offersTasks(capabilities: ObjectText): boolean {
  return capabilities.inner('tasks').inner('requests').inner('tools').has('call');
}

/** The answer to `initialize` out of the answer to `server/discover`; `server` names it where it did not. */
export function initializeResult(discovered: ObjectText, revision: string, server: string): ObjectText {
  const capabilities = discovered.inner('capabilities');
  const extensions = capabilities.inner('extensions');
  if (extensions.has(tasksExtension) && revision >= '2025-11-25') {
    capabilities.set('tasks', '{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}}');
  }
  extensions.without(tasksExtension);
  capabilities.set('extensions', extensions.size === 0 ? null : extensions.toString());
  const info = discovered.inner('_meta').get(metaKeys.serverInfo) ?? JSON.stringify({ name: server, version: '0' });
  return ObjectText.of(null)
    .set('protocolVersion', JSON.stringify(revision))
    .set('capabilities', capabilities.toString())
    .set('serverInfo', info)
    .set('instructions', discovered.get('instructions'));
}

/** What a modern server without `server/discover` is taken to offer: clients ask, and read its errors. */
export const unsaid = '{"capabilities":{"tools":{},"prompts":{},"resources":{},"completions":{}}}';

/** Whether a server that refused our revision names it among those that it speaks: then it is worth asking once more. */
export function speaksOurs(error: RpcError): boolean {
  const { supported } = (error.data ?? {}) as { supported?: unknown };
  return error.code === unsupportedVersion && Array.isArray(supported) && supported.includes(latestModern);
}

const unsupportedVersion = -32022;
const resourceNotFound = -32002;
const invalidParams = -32602;

/** A modern server's error for a legacy client; `uri` is the resource that the request was about. */
export function legacyError(error: RpcError, method: string, uri: string | null): RpcError {
  const said = error.data as { uri?: unknown } | undefined;
  const missing = error.code === invalidParams && method === 'resources/read' && typeof said?.uri === 'string';
  return missing && said.uri === uri ? { ...error, code: resourceNotFound } : error;
}

/** A legacy server's error for a modern client. */
export function modernError(error: RpcError, uri: string | null): RpcError {
  if (error.code !== resourceNotFound) return error;
  const data = typeof error.data === 'object' && error.data !== null ? error.data : {};
  return { ...error, code: invalidParams, data: { ...(uri !== null && { uri }), ...data } };
}

/** The answer to a call of a tool that could not do its work, for the model to read. */
export function toolError(text: string): string {
  return JSON.stringify({ content: [{ type: 'text', text }], isError: true });
}
