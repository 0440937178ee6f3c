import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { type BodyDone, type HasRoom, readBody } from './read-body.ts';

/** What the Streamable HTTP face asks of a request, whoever has read it. */
export interface HttpRequest {
  readonly method: string;
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** The other end of its connection; undefined once that is gone. */
  readonly remoteAddress: string | undefined;
  /** The body whole, up to `limit` bytes and as far as there is room. `done` is called once, perhaps at once. */
  readBody(limit: number, hasRoom: HasRoom, done: BodyDone): void;
  /** Nobody looks at the headers again: streams stay open for hours, by the thousand. */
  forgetHeaders(): void;
}

/** A request that Node's HTTP server has read. */
export function nodeRequest(message: IncomingMessage): HttpRequest {
  return {
    method: message.method ?? '',
    headers: message.headers,
    remoteAddress: message.socket.remoteAddress,
    readBody: (limit, hasRoom, done) => readBody(message, limit, hasRoom, done),
    forgetHeaders() {
      message.headers = {};
      message.rawHeaders = [];
    },
  };
}

/** Whether the client says that it takes a stream of events. */
export function takesEvents({ accept }: IncomingHttpHeaders): boolean {
  return accept === undefined || accept.includes('text/event-stream') || /text\/\*|\*\/\*/.test(accept);
}
