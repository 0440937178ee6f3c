import type { OutboundFetch } from './outbound-fetch.ts';

export interface NearFetchDeps {
  /** For places that others named. */
  readonly fetch: OutboundFetch;
  /** For servers, which an admin named. */
  readonly fetchServer: OutboundFetch;
}

/**
 * Asks the origin of a server as the server itself is asked, and every other place as one that others named. What the
 * server's origin sends on to is not followed: it would be a place that nobody judged.
 */
export function createNearFetch({ fetch, fetchServer }: NearFetchDeps, serverUrl: string): OutboundFetch {
  const own = URL.parse(serverUrl)?.origin;
  return (place, init) => {
    const isOwn = own !== undefined && URL.parse(String(place))?.origin === own;
    return isOwn ? fetchServer(place, { ...init, redirect: 'manual' }) : fetch(place, init);
  };
}
