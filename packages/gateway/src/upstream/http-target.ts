import type { LookupFunction } from 'node:net';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { guardedLookup } from '../outbound/guarded-lookup.ts';
import type { GatewaySettings, Log } from '../ports.ts';
import type { HttpPools } from './http-pools.ts';

/** What is the same for every message to one version of a server over HTTP. */
export interface HttpTarget {
  /** The server's name, for messages to people. */
  readonly server: string;
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  /** Hands over only addresses at which servers may be. */
  readonly lookup: LookupFunction;
  /** The definition's own headers: names and values by turns. May hold secrets. */
  readonly headers: readonly string[];
  readonly pools: HttpPools;
  readonly log: Log;
  readonly settings: GatewaySettings;
  /** Shared by all targets. */
  readonly traffic: Traffic;
}

export interface Traffic {
  /** Requests over HTTP that were not answered yet. */
  waiting: number;
}

export type HttpTargets = (server: ServerEntry) => HttpTarget;

/** Makes each server version's target once, and forgets it with its entry. */
export function createHttpTargets(deps: Pick<HttpTarget, 'pools' | 'log' | 'settings' | 'traffic'>): HttpTargets {
  const targets = new WeakMap<ServerEntry, HttpTarget>();
  return (server) => {
    let target = targets.get(server);
    if (target === undefined) {
      const { pools, log, settings, traffic } = deps;
      target = { server: server.name, ...addressOf(server, settings), pools, log, settings, traffic };
      targets.set(server, target);
    }
    return target;
  };
}

function addressOf(
  { name, transport }: ServerEntry,
  { serverPlaces }: GatewaySettings,
): Pick<HttpTarget, 'origin' | 'path' | 'lookup' | 'headers'> {
  if (transport.type !== 'streamable-http' && transport.type !== 'sse') {
    throw new Error('only servers over HTTP have an address');
  }
  const url = URL.parse(transport.url);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Failure('upstream_unavailable', `the server "${name}" has no usable URL; an admin should correct it`);
  }
  serverPlaces.judgeUrl(url);
  return {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    lookup: guardedLookup(serverPlaces, url.protocol === 'https:'),
    headers: Object.entries(transport.headers).flat(),
  };
}
