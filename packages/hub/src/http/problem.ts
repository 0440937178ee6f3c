// How a failure leaves through the API: a problem document, the same everywhere. Bugs leave without a word about
// themselves; what happened stands in the log under the request's id.
import { type Problem, problemType } from '@mcpvault/contract/problem';
import { Failure, type FailureCode, failures } from '@mcpvault/domain/failure';
import type { Log } from '@mcpvault/gateway/ports';

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export function problemAnswer(error: unknown, requestId: string, log: Log): Answer {
  const failure = error instanceof Failure ? error : unforeseen(error, requestId, log);
  const { status } = failures[failure.code];
  const said = saidOf(failure, requestId);
  const retryAfter = failure.details?.['retryAfter'];
  return {
    status,
    headers: {
      'content-type': problemType,
      'x-request-id': requestId,
      ...(status === 401 ? { 'www-authenticate': 'Bearer' } : {}),
      ...(typeof retryAfter === 'number' ? { 'retry-after': String(retryAfter) } : {}),
    },
    body: JSON.stringify(said),
  };
}

/** The same as a value, for answers that hold several. */
export function problemOf(error: unknown, requestId: string, log: Log): Problem {
  return saidOf(error instanceof Failure ? error : unforeseen(error, requestId, log), requestId);
}

function saidOf(failure: Failure, requestId: string): Problem {
  return {
    type: `urn:mcpvault:problem:${failure.code}`,
    title: titleOf(failure.code),
    status: failures[failure.code].status,
    detail: failure.message,
    code: failure.code,
    requestId,
    ...extra(failure),
  };
}

function unforeseen(error: unknown, requestId: string, log: Log): Failure {
  log.error({ requestId, error }, 'a request failed in a way that was not foreseen');
  return new Failure('internal', 'Something went wrong inside MCPVault.', {
    fix: `Look for ${requestId} in the hub’s log.`,
  });
}

function extra({ details }: Failure): Pick<Problem, 'fix' | 'issues'> {
  const fix = details?.['fix'];
  const issues = details?.['issues'] as Problem['issues'];
  return { ...(typeof fix === 'string' ? { fix } : {}), ...(Array.isArray(issues) ? { issues } : {}) };
}

/** `too_many_attempts` is titled "Too many attempts". */
function titleOf(code: FailureCode): string {
  const words = code.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
