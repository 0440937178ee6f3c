import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a free port of this machine only, says which on stdout, and ends this process when its stdin ends. */
export function serveUntilAbandoned(server: Server): void {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
    process.stdout.write(`${JSON.stringify({ port: (server.address() as AddressInfo).port })}\n`);
  });
  process.stdin.on('end', () => process.exit(0)).resume();
}
