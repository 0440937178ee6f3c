/** Why the client gets no answer of the hub's; said as a JSON-RPC error, and on stderr. */
export class BridgeFailure extends Error {
  /** Stable, for machines. */
  readonly code: BridgeCode;

  /** `message` is for people, says the fix, and holds no secret. */
  constructor(code: BridgeCode, message: string) {
    super(message);
    this.name = 'BridgeFailure';
    this.code = code;
  }
}

/** JSON-RPC codes outside the reserved range, as the hub's own are; and whether the same request may succeed later. */
export const bridgeCodes = {
  parse_error: { rpc: -32700, retryable: false },
  invalid_request: { rpc: -32600, retryable: false },
  unauthenticated: { rpc: 4010, retryable: false },
  too_large: { rpc: 4130, retryable: false },
  hub_invalid: { rpc: 5020, retryable: false },
  hub_unreachable: { rpc: 5030, retryable: true },
  interrupted: { rpc: 5035, retryable: false },
} as const;

export type BridgeCode = keyof typeof bridgeCodes;

/** `id` is JSON text. */
export function errorLine(id: string, { code, message }: BridgeFailure): Buffer {
  const { rpc, retryable } = bridgeCodes[code];
  const error = JSON.stringify({ code: rpc, message, data: { code, retryable } });
  return Buffer.from(`{"jsonrpc":"2.0","id":${id},"error":${error}}`);
}
