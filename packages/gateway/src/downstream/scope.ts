// What an AI client that was let in with OAuth may do at an endpoint: its token is good for one, and its scopes say whether
// it may only look or also act. What is not known to be looking counts as acting.
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';

/** The caller, unless its token was made for another endpoint. */
export function callerAt(caller: Caller | null, endpoint: string | null): Caller | null {
  return caller?.letIn === undefined || caller.letIn.endpoint === endpoint ? caller : null;
}

/** null where its scopes suffice. */
export function scopeFailure({ letIn }: Caller, { kind, method }: Pick<Message, 'kind' | 'method'>): Failure | null {
  if (letIn === undefined || letIn.scopes.has(all) || kind !== 'request') return null;
  if (letIn.scopes.has(reading) && method !== null && looking.has(method)) return null;
  return new Failure('insufficient_scope', `this needs the scope ${all}, which you have not let ${letIn.name} have`);
}

const all = 'mcp';
const reading = 'mcp:read';
/** All that an action can need, so that a client asks once. */
export const allScopes = `${all} ${reading}`;

const looking: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'subscriptions/listen',
  'tools/list',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'tasks/get',
  'tasks/list',
  'tasks/result',
]);
