// A request that MCPVault itself sends to a server, to put a merged list together or to make first contact.
import { Failure } from '@mcpvault/domain/failure';
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { CallSink, Link, ModernHeaders } from '../upstream/link.ts';
import type { PassingOn } from './passing-on.ts';

export interface InternalCall {
  readonly link: Link;
  readonly method: string;
  /** JSON text of the params. */
  readonly params: string;
  readonly modern: ModernHeaders | null;
  /** Milliseconds to wait at most. */
  readonly patience: number;
  /** For messages to people. */
  readonly server: string;
  /** Where it holds a client's words; left out for MCPVault's own. */
  readonly passingOn?: PassingOn;
}

/** A list of a server that never stops paging is cut off after so many pages. */
const mostPages = 200;
/** All pages together, in bytes: they are held in memory until the list is whole. */
const mostBytes = 32 * 1024 * 1024;

/** For what nobody waits for. */
export const deafSink: CallSink = { related() {}, answer() {}, fail() {}, hasRoom: () => true, onRoom() {} };

/**
 * Resolves with a result that is valid JSON throughout; rejects with a `Failure`, also when the server answers with an
 * error, whose code is then in `details.rpc`.
 */
export function callServer(call: InternalCall): Promise<Message> {
  try {
    return ask(call);
  } catch (error) {
    return Promise.reject(error);
  }
}

function ask({ link, method, params, modern, patience, server, passingOn }: InternalCall): Promise<Message> {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":"mcpvault","method":${JSON.stringify(method)},"params":${params}}`);
  const message = parseMessage(raw, { maxDepth: 10_000, check: 'structure' });
  const edits = passingOn?.(message) ?? [];
  const { promise, resolve, reject } = Promise.withResolvers<Message>();
  const timer = setTimeout(() => {
    call.cancel('MCPVault gave up waiting');
    const seconds = Math.round(patience / 1000);
    reject(
      new Failure('upstream_timeout', `the server "${server}" did not answer ${method} within ${seconds} seconds`),
    );
  }, patience);
  const call = link.call({ message, edits }, modern, {
    ...deafSink,
    answer(answer) {
      clearTimeout(timer);
      if (answer.kind !== 'result') return reject(refused(answer, method, server));
      const broken = brokenJson(answer);
      if (broken === null) return resolve(answer);
      reject(
        new Failure('upstream_invalid', `the server "${server}" answered ${method} with no valid JSON: ${broken}`),
      );
    },
    fail(failure) {
      clearTimeout(timer);
      reject(failure);
    },
  });
  return promise;
}

/** A list of a server, all pages, each as it came. */
export async function listAll(call: Omit<InternalCall, 'params'>, meta: string | null): Promise<Message[]> {
  const pages: Message[] = [];
  let bytes = 0;
  let cursor: string | null = null;
  do {
    const members = [
      ...(cursor === null ? [] : [`"cursor":${JSON.stringify(cursor)}`]),
      ...(meta === null ? [] : [`"_meta":${meta}`]),
    ];
    const page = await callServer({ ...call, params: `{${members.join(',')}}` });
    pages.push(page);
    bytes += page.raw.length;
    if (bytes > mostBytes) {
      throw new Failure(
        'upstream_invalid',
        `the server "${call.server}" lists more than ${mostBytes} bytes with ${call.method}`,
      );
    }
    cursor = cursorOf(page);
  } while (cursor !== null && pages.length < mostPages);
  return pages;
}

function cursorOf(page: Message): string | null {
  const result = page.json['result'] as { nextCursor?: unknown } | null;
  const cursor = result?.nextCursor;
  return typeof cursor === 'string' && cursor !== '' ? cursor : null;
}

function brokenJson(answer: Message): string | null {
  try {
    void answer.json;
    return null;
  } catch (error) {
    if (error instanceof MalformedMessage) return error.message;
    throw error;
  }
}

function refused(answer: Message, method: string, server: string): Failure {
  const broken = brokenJson(answer);
  const error = broken === null ? (answer.json['error'] as { code?: unknown; message?: unknown } | null) : null;
  const said = typeof error?.message === 'string' ? error.message.slice(0, 300) : (broken ?? 'no message');
  return new Failure('upstream_invalid', `the server "${server}" answered ${method} with an error: ${said}`, {
    rpc: error?.code,
  });
}
