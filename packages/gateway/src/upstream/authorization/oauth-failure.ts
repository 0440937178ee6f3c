import { Failure } from '@mcpvault/domain/failure';
import {
  AuthorizationResponseError,
  OperationProcessingError,
  ResponseBodyError,
  UnsupportedOperationError,
} from 'oauth4webapi';

/** The authorization server said no in its own words, of which only the code is repeated. */
export class AuthorizationRefused extends Failure {
  /** Such as `invalid_grant` or `access_denied`. */
  readonly error: string;

  constructor(text: string, error: string) {
    super('upstream_invalid', `${text}: ${error}.`);
    this.name = 'AuthorizationRefused';
    this.error = error;
  }
}

/** `what` begins the message. Nothing of what an authorization server writes is repeated but a code of known shape. */
export function asFailure(error: unknown, what: string): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof ResponseBodyError || error instanceof AuthorizationResponseError) {
    return new AuthorizationRefused(what, codeOf(error.error));
  }
  if (error instanceof OperationProcessingError || error instanceof UnsupportedOperationError) {
    return new Failure('upstream_invalid', `${what}: ${reasonIn(error)}.`);
  }
  return new Failure('upstream_invalid', `${what}: its answer breaks the rules of OAuth.`);
}

function codeOf(error: string): string {
  return /^[\w.:-]{1,60}$/.test(error) ? error : 'an error without a usable code';
}

/** The library's own words name what is wrong, never what was sent. */
function reasonIn({ message }: Error): string {
  const known: readonly (readonly [RegExp, string])[] = [
    [/"iss" \(issuer\) missing/, 'it announced to name itself (iss) in its answers and did not'],
    [/unexpected "iss"/, 'the answer names another issuer than the one that was asked'],
    [/"state"/, 'the answer belongs to another sign-in'],
    [/token_type/, 'it gave a kind of token that MCPVault does not use'],
    [/access_token/, 'it gave no token'],
    [/id_token|JWT|ID Token/i, 'its ID token could not be verified'],
  ];
  return known.find(([pattern]) => pattern.test(message))?.[1] ?? 'its answer breaks the rules of OAuth';
}
