// What a caller's credential leaves closed, whatever their role gives: keys reach what they were made for, and nobody who
// acts as a member touches what is theirs in person.
import type { Operation } from '@mcpvault/contract/operation';
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { namesOperation } from '@mcpvault/domain/identity/key-scope';

export type Asked = Pick<Operation, 'name' | 'method' | 'permission' | 'inPerson'>;

/** Why the operation is closed to this credential; null when it is not. */
export function closedTo({ token, scope, actedBy }: Caller, operation: Asked): Failure | null {
  if (actedBy !== undefined && operation.inPerson) {
    return new Failure('forbidden', 'While you act as somebody else, this stays closed: it is for them in person.', {
      fix: 'Stop acting as them first.',
    });
  }
  if (token === null || isOpenToKeys(operation, scope?.operations ?? null)) return null;
  if (scope?.operations) {
    return new Failure('forbidden', `This key was not made for ${operation.name}.`, {
      fix: operation.inPerson ? 'No key reaches this; sign in.' : `Make one whose scope names ${operation.name}.`,
    });
  }
  return new Failure('forbidden', 'Personal tokens reach the MCP endpoints, and what lists servers and tools.', {
    fix: 'Sign in with POST /api/v1/auth/login and use the access token of its answer, or make a key whose scope names the operation.',
  });
}

/** Tokens lie in the configuration of AI clients, which must not add servers or members unless that was said. */
export function isOpenToKeys({ name, method, permission, inPerson }: Asked, named: readonly string[] | null): boolean {
  if (inPerson) return false;
  if (named !== null) return namesOperation(named, name);
  return method === 'GET' && (permission === 'self' || permission === 'servers:read');
}
