// Kept-alive connections to servers reached over HTTP, shared by all conversations with the same origin. Streams that stay
// open for long have connections of their own, so that they never starve calls.
import { Pool } from 'undici';
import type { GatewaySettings } from '../ports.ts';

export interface HttpPools {
  of(origin: string, stream: boolean): Pool;
  close(): Promise<void>;
}

const connectionsForCalls = 256;

export function createHttpPools(settings: GatewaySettings): HttpPools {
  const calls = new Map<string, Pool>();
  const streams = new Map<string, Pool>();
  const make = (origin: string, connections: number | null): Pool =>
    new Pool(origin, {
      connections,
      pipelining: 1,
      connect: { timeout: settings.connectTimeout },
      keepAliveTimeout: 30_000,
      bodyTimeout: 0,
    });
  return {
    of(origin, stream) {
      const pools = stream ? streams : calls;
      let pool = pools.get(origin);
      if (pool === undefined) {
        pool = make(origin, stream ? null : connectionsForCalls);
        pools.set(origin, pool);
      }
      return pool;
    },
    async close() {
      await Promise.all([...calls.values(), ...streams.values()].map((pool) => pool.destroy()));
    },
  };
}
