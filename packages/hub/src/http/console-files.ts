// Serves the built console from memory: a few files, compressed once. Knows nothing of what is in them.
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export interface ConsoleFiles {
  handle(request: IncomingMessage, response: ServerResponse, path: string): void;
}

interface File {
  readonly type: string;
  readonly tag: string;
  /** Its name changes with its content. */
  readonly forever: boolean;
  readonly plain: Buffer;
  readonly gzip: Buffer | null;
  readonly br: Buffer | null;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};
const compressible = new Set(['.html', '.js', '.css', '.json', '.webmanifest', '.svg', '.txt']);
/** Smaller ones fit into a packet as they are. */
const worthCompressing = 1024;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const always = {
  'content-security-policy': policy,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** `folder` holds `index.html` and its assets; where it is missing, a page says how to build it. */
export async function loadConsole(folder: string): Promise<ConsoleFiles> {
  const files = await readFiles(folder);
  const start = files.get('/index.html') ?? (await fileOf('.html', Buffer.from(notBuilt), false));

  return {
    handle(request, response, path) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { ...always, allow: 'GET, HEAD' }).end();
        return;
      }
      const file = files.get(path);
      if (file !== undefined) return write(request, response, file, 200);
      // Paths of the console's own pages have no extension; anything else is simply not there.
      if (extname(path) === '') return write(request, response, start, 200);
      response
        .writeHead(404, { ...always, 'content-type': 'text/plain; charset=utf-8' })
        .end('There is no such file.\n');
    },
  };
}

function write(request: IncomingMessage, response: ServerResponse, file: File, status: number): void {
  const headers: Record<string, string | number> = {
    ...always,
    'content-type': file.type,
    'cache-control': file.forever ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: file.tag,
    vary: 'accept-encoding',
  };
  if (request.headers['if-none-match'] === file.tag) {
    response.writeHead(304, headers).end();
    return;
  }
  const accepted = request.headers['accept-encoding'];
  const encoding = (['br', 'gzip'] as const).find((name) => file[name] !== null && accepts(accepted, name));
  const content = (encoding && file[encoding]) ?? file.plain;
  if (encoding !== undefined) headers['content-encoding'] = encoding;
  headers['content-length'] = content.length;
  response.writeHead(status, headers);
  if (request.method === 'HEAD') response.end();
  else response.end(content);
}

function accepts(header: string | string[] | undefined, encoding: string): boolean {
  return String(header ?? '')
    .toLowerCase()
    .split(',')
    .map((each) => each.split(';').map((part) => part.trim()))
    .some(([name, weight]) => name === encoding && !/^q=0(\.0{0,3})?$/.test(weight ?? ''));
}

async function readFiles(folder: string): Promise<ReadonlyMap<string, File>> {
  const files = new Map<string, File>();
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = `/${path.slice(folder.length).replaceAll('\\', '/').replace(/^\/+/, '')}`;
    files.set(name, await fileOf(extname(name), await readFile(path), name.startsWith('/assets/')));
  }
  return files;
}

async function fileOf(extension: string, plain: Buffer, forever: boolean): Promise<File> {
  const compress = compressible.has(extension) && plain.length >= worthCompressing;
  const br = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
  return {
    type: types[extension] ?? 'application/octet-stream',
    tag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    forever,
    plain,
    gzip: compress ? await promisify(gzip)(plain, { level: 9 }) : null,
    br: compress ? await promisify(brotliCompress)(plain, br) : null,
  };
}

const notBuilt = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>MCPVault</title>
<h1>MCPVault is running</h1>
<p>Its web console has not been built here. <code>npm start</code> builds it; the API and the MCP endpoints work without it.</p>
<p>See <a href="/api/v1/openapi.json">the API</a>, and <a href="/readyz">whether everything is ready</a>.</p>
</html>
`;
