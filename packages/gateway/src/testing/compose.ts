// A gateway on a real HTTP server and a host in memory: the message path end to end, without a hub around it.
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Ambient } from '@mcpvault/domain/ambient';
import { createGateway, type GatewayOptions } from '../create-gateway.ts';
import type { Gateway } from '../gateway.ts';
import { createOutboundRules } from '../outbound/outbound-rules.ts';
import { createMemoryHost, type MemoryHost } from './memory-host.ts';

export interface RunningGateway {
  readonly host: MemoryHost;
  readonly gateway: Gateway;
  readonly http: Server;
  readonly url: string;
  /** Of one server's endpoint, or of the merged one. */
  mcp(server?: string): string;
  close(): Promise<void>;
}

export function createRealAmbient(): Ambient {
  let made = 0;
  return {
    clock: { now: () => Date.now(), micros: () => performance.now() * 1000 },
    ids: { next: (prefix) => `${prefix}_${(++made).toString(36).padStart(26, '0')}` },
    random: { bytes: (length) => randomBytes(length) },
  };
}

/** The bounds of a hub, but patient for seconds only, so that a test of what hangs ends soon. */
export const testSettings: GatewayOptions = {
  allowedHosts: new Set(),
  allowedOrigins: new Set(),
  proxies: 0,
  maxMessageBytes: 16 * 1024 * 1024,
  maxDepth: 200,
  callTimeout: 5_000,
  connectTimeout: 5_000,
  sessionIdle: 3_600_000,
  maxSessionsPerMember: 20_000,
  maxConcurrentCalls: 1_000,
  processIdle: 60_000,
  maxProcesses: 50,
  maxProcessesPerServer: 50,
  maxProcessesPerMember: 50,
  processHome: join(tmpdir(), `mcpvault-homes-${process.pid}`),
  hiddenFolders: [],
  resumeBytes: 1024 * 1024,
  serverPlaces: createOutboundRules({ allowed: [], trust: 'approved' }),
  instance: `test-${process.pid}`,
  environment: process.env,
};

const endpointPath = /^\/mcp(?:\/([^/]+))?$/;

export async function startGateway(
  own: Partial<GatewayOptions> & { readonly port?: number } = {},
): Promise<RunningGateway> {
  const host = createMemoryHost(createRealAmbient());
  const gateway = createGateway(host, { ...testSettings, ...own });
  const http = createServer({ keepAliveTimeout: 600_000, noDelay: true }, (request, response) => {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    const old = /^(?:\/mcp\/([^/]+))?\/sse(\/message)?$/.exec(path);
    if (old !== null) {
      return gateway.handleSse(request, response, old[1] ?? null, old[2] === undefined ? 'stream' : 'message');
    }
    const found = endpointPath.exec(path);
    if (found === null) return void response.writeHead(404).end();
    gateway.handle(request, response, found[1] ?? null);
  });
  http.on('upgrade', (request, socket, head) => {
    const found = endpointPath.exec((request.url ?? '/').split('?', 1)[0] ?? '/');
    if (found === null) return void socket.destroy();
    gateway.upgrade(request, socket, head, found[1] ?? null);
  });
  await new Promise<void>((resolve) => http.listen(own.port ?? 0, '127.0.0.1', 8192, resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return {
    host,
    gateway,
    http,
    url,
    mcp: (server) => (server === undefined ? `${url}/mcp` : `${url}/mcp/${server}`),
    async close() {
      await gateway.drain(1_000);
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await rm(testSettings.processHome, { recursive: true, force: true });
    },
  };
}
