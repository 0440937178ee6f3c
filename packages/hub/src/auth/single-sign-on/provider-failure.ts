// What can go wrong between this hub and an identity provider, in words. Nothing of what the provider wrote is passed on but
// its error code, and that only where it is one.
import { Failure } from '@mcpvault/domain/failure';
import * as oidc from 'openid-client';

export function providerFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  if (error instanceof oidc.AuthorizationResponseError) {
    return new Failure('unauthenticated', `The identity provider did not sign you in: ${errorCode(error.error)}.`, {
      fix: 'Try again. If it stays so, ask whoever runs the identity provider whether you may use this application.',
    });
  }
  if (error instanceof oidc.ResponseBodyError) {
    return new Failure('upstream_invalid', `The identity provider refused this hub: ${errorCode(error.error)}.`, {
      fix: 'An admin can find out more with the test of the identity provider.',
    });
  }
  if (error instanceof oidc.ClientError) {
    const network = networkProblem(error);
    if (network !== null) {
      return new Failure('upstream_unavailable', `The identity provider could not be asked: ${network}`, {
        fix: testIt,
      });
    }
    return new Failure('upstream_invalid', said[error.code ?? ''] ?? unclear, { fix: testIt });
  }
  const network = networkProblem(error);
  if (network !== null)
    return new Failure('upstream_unavailable', `The identity provider ${network}.`, { fix: testIt });
  return error;
}

const testIt = 'Try again. If it stays so, an admin can find out more with the test of the identity provider.';

const unclear = 'What came back from the identity provider did not stand up to the checks.';

/** By the library's code: its own texts may quote what was received. */
const said: Readonly<Record<string, string>> = {
  OAUTH_HTTP_REQUEST_FORBIDDEN: 'The identity provider names an address that is not encrypted.',
  OAUTH_REQUEST_PROTOCOL_FORBIDDEN: 'The identity provider names an address that is not encrypted.',
  OAUTH_RESPONSE_IS_NOT_CONFORM: 'The identity provider answered with an unexpected status.',
  OAUTH_RESPONSE_IS_NOT_JSON: 'The identity provider answered with something else than JSON.',
  OAUTH_PARSE_ERROR: 'The identity provider answered with something that cannot be read.',
  OAUTH_INVALID_RESPONSE: 'What came back is not the answer to this sign-in.',
  OAUTH_INVALID_REQUEST: 'What came back is not the answer to this sign-in.',
  OAUTH_JWT_CLAIM_COMPARISON_FAILED: 'The ID token was made for another sign-in, client or by another issuer.',
  OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED: 'The identity provider calls itself something else than its address.',
  OAUTH_JWT_TIMESTAMP_CHECK_FAILED: 'The ID token is too old or not valid yet; compare the clocks.',
  OAUTH_UNSUPPORTED_OPERATION: 'The ID token is signed in a way that is not accepted.',
  OAUTH_KEY_SELECTION_FAILED: 'No key that the identity provider publishes fits the ID token.',
  OAUTH_TIMEOUT: 'The identity provider did not answer in time.',
  OAUTH_ABORT: 'The identity provider did not answer in time.',
};

/** What kept a provider from being asked, as a sentence; null where nothing did. */
export function networkProblem(error: unknown): string | null {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth += 1) {
    if (cause instanceof Failure) return /[.!]$/.test(cause.message) ? cause.message : `${cause.message}.`;
  }
  return null;
}

/** The standards allow no other characters that would matter here. */
export function errorCode(code: unknown): string {
  return typeof code === 'string' && /^[\w.-]{1,80}$/.test(code) ? code : 'an error without a name';
}
