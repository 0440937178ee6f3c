// What a client hears that is not let in, the same on every face.
import { Failure } from '@mcpvault/domain/failure';
import { MalformedMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { IdentityPort, Log } from '../ports.ts';
import { allScopes } from './scope.ts';

interface Unlet {
  readonly identity: IdentityPort;
  /** The Host header. */
  readonly host: string | undefined;
  /** Of the address that was asked, below which a resource begins. */
  readonly path: string;
}

/** The value of `WWW-Authenticate` beside a refusal of the credential, or of what it is good for; null beside others. */
export function challengeOf({ code }: Failure, { identity, host, path }: Unlet): string | null {
  if (code !== 'unauthenticated' && code !== 'insufficient_scope') return null;
  const metadata = identity.resourceMetadata?.(host, path) ?? null;
  const parts = ['realm="mcpvault"'];
  if (code === 'insufficient_scope') parts.push('error="insufficient_scope"', `scope="${allScopes}"`);
  else if (metadata !== null) parts.push('scope="mcp"');
  if (metadata !== null) parts.push(`resource_metadata="${metadata}"`);
  return `Bearer ${parts.join(', ')}`;
}

export function pathOfEndpoint(endpoint: string | null): string {
  return endpoint === null ? '/mcp' : `/mcp/${encodeURIComponent(endpoint)}`;
}

export function unauthenticatedFailure(): Failure {
  const text = 'send a valid personal token as "Authorization: Bearer mcpv_…"; make one in the console under Tokens';
  return new Failure('unauthenticated', text);
}

export function goneFailure(): Failure {
  return new Failure(
    'unauthenticated',
    'you have no access any more: your membership was disabled, removed, or has ended',
  );
}

export function stoppingFailure(): Failure {
  return new Failure('shutting_down', 'the hub is stopping; try again in a moment');
}

/** What is told of something that was thrown; a bug is logged, and told without its text. */
export function failureOf(error: unknown, log: Log): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof MalformedMessage) return malformed(error);
  log.error({ err: error }, 'a request to an MCP endpoint failed for a reason that is a bug');
  return new Failure('internal', 'something went wrong inside MCPVault');
}

function malformed(error: MalformedMessage): Failure {
  switch (error.kind) {
    case 'not_json':
      return new Failure('parse_error', error.message);
    case 'too_deep':
    case 'not_jsonrpc':
      return new Failure('invalid_request', error.message);
    case 'batch':
      return new Failure(
        'invalid_request',
        'send one message at a time: batches were dropped from the protocol in 2025-06-18',
      );
  }
}
