// Messages of the bridge's own making, put together from the texts of others.
import { Failure } from '@mcpvault/domain/failure';
import { apply } from '@mcpvault/domain/redaction/apply';
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import type { CallSink, Outbound } from '../../upstream/link.ts';

/** Nested deeper than this nothing comes here: it was bounded when it was read. */
const limits = { maxDepth: 10_000, check: 'structure' } as const;

/** `id` and `params` are JSON texts. */
export function requestOf(id: string, method: string, params: ObjectText | string): Message {
  return read(`{"jsonrpc":"2.0","id":${id},"method":${JSON.stringify(method)},"params":${params.toString()}}`);
}

export function notificationOf(method: string, params: ObjectText | string): Message {
  return read(`{"jsonrpc":"2.0","method":${JSON.stringify(method)},"params":${params.toString()}}`);
}

export function resultOf(id: string, result: ObjectText | string): Message {
  return read(`{"jsonrpc":"2.0","id":${id},"result":${result.toString()}}`);
}

export function errorOf(id: string, error: RpcError): Message {
  return read(`{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify(error)}}`);
}

/** `error` is JSON text. */
export function errorTextOf(id: string, error: string): Message {
  return read(`{"jsonrpc":"2.0","id":${id},"error":${error}}`);
}

export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** A message as policies let it leave. */
export function asSent({ message, edits }: Outbound): Message {
  return edits.length === 0 ? message : parseMessage(apply(message.raw, edits), limits);
}

/** The JSON text of a message's id. */
export function idOf(message: Message): string {
  return message.idSpan === null ? 'null' : message.textAt(message.idSpan);
}

/**
 * Does something with a client's request. What is wrong with it is the client's: throws a `Failure` for a
 * `MalformedMessage`.
 */
export function reading<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof MalformedMessage) throw new Failure('invalid_request', error.message);
    throw error;
  }
}

export function paramsOf(message: Message): ObjectText {
  return ObjectText.of(message.params === null ? null : message.textAt(message.params));
}

/** The result of an answer; empty for an error. */
export function resultIn(message: Message): ObjectText {
  return ObjectText.of(message.result === null ? null : message.textAt(message.result));
}

export function errorIn(message: Message): RpcError {
  const error = message.error === null ? null : (message.valueAt(message.error) as Partial<RpcError> | null);
  return {
    code: typeof error?.code === 'number' ? error.code : -32603,
    message: typeof error?.message === 'string' ? error.message : 'no message',
    ...(error?.data !== undefined && { data: error.data }),
  };
}

/** For what nobody waits for. */
export const nobody: CallSink = { related() {}, answer() {}, fail() {}, hasRoom: () => true, onRoom() {} };

function read(text: string): Message {
  return parseMessage(Buffer.from(text), limits);
}
