// The closed list of failures. Thrown anywhere, translated only at the two edges (HTTP and JSON-RPC). Anything else that
// is thrown is a bug: logged with its stack, answered as `internal` without text.

interface FailureKind {
  /** HTTP status. */
  readonly status: number;
  /** JSON-RPC error code: the standard's own, or one outside its reserved range (-32768 to -32000). */
  readonly rpc: number;
  /** True when the same request may succeed later unchanged. */
  readonly retryable: boolean;
}

export const failures = {
  parse_error: { status: 400, rpc: -32700, retryable: false },
  invalid_request: { status: 400, rpc: -32600, retryable: false },
  invalid_params: { status: 400, rpc: -32602, retryable: false },
  header_mismatch: { status: 400, rpc: -32020, retryable: false },
  method_not_found: { status: 404, rpc: -32601, retryable: false },
  unauthenticated: { status: 401, rpc: 4010, retryable: false },
  invalid_credentials: { status: 401, rpc: 4011, retryable: false },
  second_factor_required: { status: 401, rpc: 4012, retryable: false },
  forbidden: { status: 403, rpc: 4030, retryable: false },
  refused_by_policy: { status: 403, rpc: 4031, retryable: false },
  approval_required: { status: 403, rpc: 4034, retryable: true },
  insufficient_scope: { status: 403, rpc: 4036, retryable: false },
  bad_origin: { status: 403, rpc: 4032, retryable: false },
  not_connected: { status: 403, rpc: 4034, retryable: false },
  bad_host: { status: 403, rpc: 4033, retryable: false },
  not_found: { status: 404, rpc: 4040, retryable: false },
  session_not_found: { status: 404, rpc: 4041, retryable: false },
  method_not_allowed: { status: 405, rpc: 4050, retryable: false },
  not_acceptable: { status: 406, rpc: 4060, retryable: false },
  request_timeout: { status: 408, rpc: 4080, retryable: true },
  conflict: { status: 409, rpc: 4090, retryable: false },
  already_set_up: { status: 409, rpc: 4091, retryable: false },
  too_large: { status: 413, rpc: 4130, retryable: false },
  unsupported_media_type: { status: 415, rpc: 4150, retryable: false },
  too_many_attempts: { status: 429, rpc: 4290, retryable: true },
  busy: { status: 429, rpc: 4291, retryable: true },
  rate_limited: { status: 429, rpc: 4292, retryable: true },
  cancelled: { status: 499, rpc: 4990, retryable: false },
  internal: { status: 500, rpc: -32603, retryable: false },
  upstream_invalid: { status: 502, rpc: 5020, retryable: false },
  upstream_unavailable: { status: 503, rpc: 5030, retryable: true },
  record_unavailable: { status: 503, rpc: 5031, retryable: true },
  database_unavailable: { status: 503, rpc: 5032, retryable: true },
  shutting_down: { status: 503, rpc: 5033, retryable: true },
  upstream_timeout: { status: 504, rpc: 5040, retryable: true },
} as const satisfies Record<string, FailureKind>;

export type FailureCode = keyof typeof failures;

export class Failure extends Error {
  readonly code: FailureCode;
  /** For machines; must not hold secrets. */
  readonly details: Readonly<Record<string, unknown>> | undefined;

  /** `message` is for people, says the fix where there is one, and must not hold secrets. */
  constructor(code: FailureCode, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'Failure';
    this.code = code;
    this.details = details;
  }
}
