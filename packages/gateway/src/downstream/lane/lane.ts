// The fast lane: most requests to an MCP endpoint are short posts on connections that stay open, and reading and answering
// those here costs half of what a whole HTTP server takes for them. Everything else is handed over to Node's HTTP server,
// with every byte that was read and not yet answered; from then on the connection is its own.
import type { Socket } from 'node:net';
import type { Clock } from '@mcpvault/domain/ambient';
import type { HttpRequest } from '../http-request.ts';
import type { Reply } from '../reply.ts';
import { LaneConnection } from './lane-connection.ts';

export interface LaneDeps {
  readonly clock: Clock;
  /** False leaves every connection to the other server. */
  open(): boolean;
  /** Answers one request. Never throws. */
  serve(request: HttpRequest, reply: Reply, path: string): void;
  /** Takes over a connection; what was read of it comes again. */
  handOver(socket: Socket): void;
}

export interface Lane {
  /** A new connection. */
  take(socket: Socket): void;
  /** Takes no further requests: ends what is idle now, and the others once they are answered. */
  close(): void;
  /** Ends all connections at once. */
  cut(): void;
}

/** What a connection needs of its lane. */
export interface LaneHost extends Pick<LaneDeps, 'clock' | 'open' | 'serve' | 'handOver'> {
  readonly closing: boolean;
  forget(connection: LaneConnection): void;
}

/** Milliseconds; as Node's HTTP server is told to do it. */
const sweepEvery = 5_000;

export function createLane(deps: LaneDeps): Lane {
  const connections = new Set<LaneConnection>();
  let closing = false;
  let sweeping: NodeJS.Timeout | null = null;
  const { clock } = deps;
  const host: LaneHost = {
    clock,
    open: () => deps.open(),
    serve: (request, reply, path) => deps.serve(request, reply, path),
    handOver: (socket) => deps.handOver(socket),
    get closing() {
      return closing;
    },
    forget: (connection) => connections.delete(connection),
  };

  function sweep(): void {
    const now = clock.now();
    for (const connection of connections) connection.sweep(now);
    if (connections.size > 0 || sweeping === null) return;
    clearInterval(sweeping);
    sweeping = null;
  }

  return {
    take(socket) {
      if (closing || !deps.open()) return deps.handOver(socket);
      connections.add(new LaneConnection(socket, host));
      sweeping ??= setInterval(sweep, sweepEvery).unref();
    },
    close() {
      closing = true;
      for (const connection of connections) connection.endWhenAnswered();
    },
    cut() {
      for (const connection of connections) connection.cut();
    },
  };
}
