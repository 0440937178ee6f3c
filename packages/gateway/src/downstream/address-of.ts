import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

const longest = 100;

/**
 * Where a request came from, as far as it can be known: what stands further left than the believed proxies is anybody's
 * claim. null when its connection is gone.
 */
export function addressOf(headers: IncomingHttpHeaders, remote: string | undefined, proxies: number): string | null {
  const claimed =
    proxies > 0
      ? String(headers['x-forwarded-for'] ?? '')
          .split(',')
          .at(-proxies)
          ?.trim()
      : undefined;
  if (claimed) return claimed.slice(0, longest);
  if (remote === undefined) return null;
  // An IPv4 address as a socket for both kinds shows it.
  return remote.startsWith('::ffff:') && remote.includes('.') ? remote.slice('::ffff:'.length) : remote;
}

export function addressOfMessage({ headers, socket }: IncomingMessage, proxies: number): string | null {
  return addressOf(headers, socket.remoteAddress, proxies);
}
