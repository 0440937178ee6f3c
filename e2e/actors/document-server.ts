// Where the makers of AI clients keep the documents that describe them: a real HTTPS server on this machine, with a certificate
// of its own authority, that counts who asks for what.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface DocumentServer extends AsyncDisposable {
  /** The origin, by name. */
  readonly url: string;
  /** The file with the certificate that its callers must trust. */
  readonly certificate: string;
  /** What lies at a path from now on; null: nothing any more. */
  put(path: string, document: ServedDocument | null): void;
  /** How often the path was asked for. */
  asked(path: string): number;
}

export interface ServedDocument {
  /** Written as JSON where it is no text. */
  readonly body: unknown;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export async function startDocumentServer(): Promise<DocumentServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpvault-documents-'));
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', certificate], {
    stdio: 'ignore',
  });

  const documents = new Map<string, ServedDocument>();
  const counts = new Map<string, number>();
  const server = createServer({ key: await readFile(key), cert: await readFile(certificate) }, (request, response) => {
    const path = request.url ?? '/';
    counts.set(path, (counts.get(path) ?? 0) + 1);
    const { status = 200, headers = {}, body } = documents.get(path) ?? { status: 404, body: 'nothing here' };
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  return {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    certificate,
    put(path, document) {
      if (document === null) documents.delete(path);
      else documents.set(path, document);
    },
    asked: (path) => counts.get(path) ?? 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
