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
  return rpcError(
    request,
    refusal.code,
    refusal.reason,
    refusal.policy === null ? undefined : { policy: refusal.policy },
  );
}

export function failureError(request: Message | null, failure: Failure): Buffer {
  return rpcError(request, failure.code, failure.message, failure.details);
}

/** What concerns the way to the endpoint shows in the HTTP status as well; what concerns the call itself does not. */
export function statusOf(code: FailureCode): number {
  return code === 'invalid_params' || code === 'refused_by_policy' || code === 'internal' ? 200 : failures[code].status;
}
