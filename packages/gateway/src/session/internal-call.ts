// A request that MCPVault itself sends to a server, to put a merged list together or to make first contact.
import { Failure } from '@mcpvault/domain/failure';
import { type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Link, ModernHeaders } from '../upstream/link.ts';

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
}

/** Resolves with a result; rejects with a `Failure`, also when the server answers with an error. */
export function callServer({ link, method, params, modern, patience, server }: InternalCall): Promise<Message> {
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":"mcpvault","method":${JSON.stringify(method)},"params":${params}}`);
  const message = parseMessage(raw, { maxDepth: 200, check: 'structure' });
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      call.cancel('MCPVault gave up waiting');
      reject(
        new Failure(
          'upstream_timeout',
          `the server "${server}" did not answer ${method} within ${Math.round(patience / 1000)} seconds`,
        ),
      );
    }, patience);
    const call = link.call({ message, edits: [] }, modern, {
      related() {},
      hasRoom: () => true,
      onRoom() {},
      answer(answer) {
        clearTimeout(timer);
        if (answer.kind === 'result') resolve(answer);
        else reject(refused(answer, method, server));
      },
      fail(failure) {
        clearTimeout(timer);
        reject(failure);
      },
    });
  });
}

function refused(answer: Message, method: string, server: string): Failure {
  const error =
    answer.error === null ? null : (answer.valueAt(answer.error) as { code?: unknown; message?: unknown } | null);
  const said = typeof error?.message === 'string' ? error.message.slice(0, 300) : 'no message';
  return new Failure('upstream_invalid', `the server "${server}" answered ${method} with an error: ${said}`, {
    rpc: error?.code,
  });
}

/** A list of a server, all pages, each as it came. Bounded: a server that never stops paging is cut off. */
export async function listAll(call: Omit<InternalCall, 'params'>, meta: string | null): Promise<Message[]> {
  const pages: Message[] = [];
  let cursor: string | null = null;
  do {
    const members = [
      ...(cursor === null ? [] : [`"cursor":${JSON.stringify(cursor)}`]),
      ...(meta === null ? [] : [`"_meta":${meta}`]),
    ];
    const page = await callServer({ ...call, params: `{${members.join(',')}}` });
    pages.push(page);
    const next = page.json['result'] as { nextCursor?: unknown };
    cursor = typeof next.nextCursor === 'string' && next.nextCursor !== '' ? next.nextCursor : null;
  } while (cursor !== null && pages.length < 200);
  return pages;
}
