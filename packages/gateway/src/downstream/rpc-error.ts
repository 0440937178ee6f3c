import { failures } from '@mcpvault/domain/failure';
import type { Failure, FailureCode } from '@mcpvault/domain/failure';
import type { Refusal } from '@mcpvault/domain/pipeline/outcome';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';

/** The JSON-RPC error that says why a message was not answered, under the id of its request. */
export function rpcError(
  request: Message | null,
  code: FailureCode,
  message: string,
  details?: Readonly<Record<string, unknown>>,
): Buffer {
  const id = request?.idSpan == null ? 'null' : request.textAt(request.idSpan);
  const error = { code: failures[code].rpc, message, data: { ...details, code, retryable: failures[code].retryable } };
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`);
}

export function refusalError(request: Message | null, refusal: Refusal): Buffer {
  const { code, reason, policy, details } = refusal;
  return rpcError(request, code, reason, policy === null ? details : { ...details, policy });
}

export function failureError(request: Message | null, failure: Failure): Buffer {
  return rpcError(request, failure.code, failure.message, failure.details);
}

/**
 * The HTTP status of an answer to a call. What concerns the call itself does not show there: many clients show people the
 * message of an error only when it comes with 200, and take everything else for a broken connection.
 */
export function statusOf(code: FailureCode): number {
  switch (code) {
    case 'invalid_params':
    case 'refused_by_policy':
    case 'approval_required':
    case 'not_connected':
    case 'busy':
    case 'cancelled':
    case 'internal':
    case 'upstream_invalid':
    case 'upstream_unavailable':
    case 'upstream_timeout':
      return 200;
    default:
      return failures[code].status;
  }
}
