// Reads the head of a plain request to an MCP endpoint, and only of a plain one: whatever could be understood in two ways
// (a body of unstated length, a header said twice, a line that is folded or ends in a bare line feed, an odd character, another
// version, an upgrade) is left to Node's HTTP server, which sees the connection from this request's first byte.
import type { IncomingHttpHeaders } from 'node:http';

export interface Head {
  /** The bytes it was read from, with the empty line. */
  readonly bytes: Buffer;
  readonly method: 'POST' | 'DELETE';
  readonly path: string;
  /** Names in lower case. The same object may serve several requests. */
  readonly headers: IncomingHttpHeaders;
  /** Of the body, in bytes. */
  readonly length: number;
}

/** Longer heads are left to others; so are bodies whose length has more digits than this reads. */
export const longestHead = 8 * 1024;
const mostHeaders = 64;
const headEnd = Buffer.from('\r\n\r\n');
const requestLine = /^(POST|DELETE) (\/mcp(?:\/[A-Za-z0-9._~-]{1,200})?) HTTP\/1\.1$/;
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const oddCharacter = /[^\t\r\n\x20-\x7e]|\r(?!\n)|(?<!\r)\n/;
/** They change how a request or a connection is to be read; the last is no name for a member. */
const unusualNames = new Set([
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
  'http2-settings',
  '__proto__',
]);

/** The head at the beginning of `bytes`. `known` is the last one of the connection: clients repeat themselves. */
export function readHead(bytes: Buffer, known: Head | null): Head | 'incomplete' | 'unusual' {
  if (known !== null && startsWith(bytes, known.bytes)) return known;
  const end = bytes.indexOf(headEnd);
  if (end === -1) return bytes.length > longestHead ? 'unusual' : 'incomplete';
  if (end > longestHead) return 'unusual';
  const text = bytes.toString('latin1', 0, end);
  if (oddCharacter.test(text)) return 'unusual';
  const lines = text.split('\r\n');
  const asked = requestLine.exec(lines[0] ?? '');
  const headers = asked === null || lines.length > mostHeaders ? null : headersOf(lines);
  if (asked === null || headers === null) return 'unusual';
  const [, method = '', path = ''] = asked;
  const length = lengthOf(headers, method);
  if (length === null || headers.host === undefined || !staysOpen(headers)) return 'unusual';
  const own = Buffer.from(bytes.subarray(0, end + headEnd.length));
  return { bytes: own, method: method === 'POST' ? 'POST' : 'DELETE', path, headers, length };
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  const { length } = start;
  return bytes.length >= length && start.compare(bytes, 0, length, 0, length) === 0;
}

/** The first line is the request's own. */
function headersOf(lines: readonly string[]): IncomingHttpHeaders | null {
  const headers: Record<string, string> = Object.create(null);
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] ?? '';
    const colon = line.indexOf(':');
    const written = line.slice(0, Math.max(0, colon));
    if (!headerName.test(written)) return null;
    const name = written.toLowerCase();
    if (name in headers || unusualNames.has(name)) return null;
    headers[name] = line.slice(colon + 1).trim();
  }
  return headers;
}

function lengthOf(headers: IncomingHttpHeaders, method: string): number | null {
  const written = headers['content-length'];
  if (written === undefined) return method === 'DELETE' ? 0 : null;
  return /^\d{1,9}$/.test(written) ? Number(written) : null;
}

function staysOpen({ connection }: IncomingHttpHeaders): boolean {
  return connection === undefined || connection.toLowerCase() === 'keep-alive';
}
