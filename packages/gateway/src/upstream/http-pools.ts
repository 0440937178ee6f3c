// Kept-alive connections to servers reached over HTTP, shared by all conversations with the same origin.
import { Pool } from 'undici';
import { guardedLookup } from '../outbound/guarded-lookup.ts';
import type { GatewaySettings } from '../ports.ts';

export interface HttpPools {
  of(origin: string): Pool;
  /** Waits at most `milliseconds` for what is under way, then cuts it. */
  close(milliseconds: number): Promise<void>;
}

/** To one origin; calls beyond that wait for each other. */
const mostConnections = 1000;
/** Shorter than the time after which common servers close idle connections without having said so. */
const keepAliveTimeout = 4_000;

export function createHttpPools(settings: GatewaySettings): HttpPools {
  const pools = new Map<string, Pool>();
  return {
    of(origin) {
      let pool = pools.get(origin);
      if (pool === undefined) {
        const lookup = guardedLookup(settings.serverPlaces, origin.startsWith('https:'));
        const connect = { timeout: settings.connectTimeout, lookup };
        pool = new Pool(origin, {
          connections: mostConnections,
          pipelining: 1,
          connect,
          keepAliveTimeout,
          bodyTimeout: 0,
        });
        pools.set(origin, pool);
      }
      return pool;
    },
    async close(milliseconds) {
      await Promise.all([...pools.values()].map((pool) => closeWithin(pool, milliseconds)));
    },
  };
}

async function closeWithin(pool: Pool, milliseconds: number): Promise<void> {
  const timer = setTimeout(() => void pool.destroy(), milliseconds);
  await pool.close().catch(() => undefined);
  clearTimeout(timer);
}
