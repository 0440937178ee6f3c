// Which URLs of this hub can be the audience of a token, and which endpoint each of them is. A hub answers to several
// names, and a client compares the resource with the URL it was given: so the name it used stays part of it.
import { commandLine } from '@mcpvault/contract/command-line';
import type { Addresses } from '../http/addresses.ts';

/** An endpoint: a server's name, or null for the merged one. */
export interface Resource {
  readonly endpoint: string | null;
}

export interface Resources {
  /** null for what is no endpoint of this hub. */
  endpointOf(resource: string): Resource | null;
  /** The resource that a path of an MCP endpoint is, as whoever sent this Host header knows it; null for other paths. */
  at(host: string | undefined, path: string): string | null;
  /** Where it is said who gives out tokens for it; null for other paths. */
  metadataOf(host: string | undefined, path: string): string | null;
  /** For clients that name none. */
  readonly usual: string;
  /** What the command line asks a sign-in for. */
  readonly signIn: string;
}

export const metadataPath = '/.well-known/oauth-protected-resource';

export function createResources({
  url,
  hosts,
  ownOrigins,
}: Pick<Addresses, 'url' | 'hosts' | 'ownOrigins'>): Resources {
  function originOf(host: string | undefined): string {
    const name = host?.toLowerCase() ?? '';
    if (name === new URL(url).host) return url;
    return hosts.has(name) || isLoopback(name) ? `http://${name}` : url;
  }

  return {
    usual: `${url}/mcp`,
    signIn: url + commandLine.resource,
    endpointOf(resource) {
      if (!URL.canParse(resource)) return null;
      const { origin, pathname, search, hash, username } = new URL(resource);
      if (search !== '' || hash !== '' || username !== '') return null;
      const own =
        ownOrigins.has(origin) || (origin.startsWith('http://') && isLoopback(origin.slice('http://'.length)));
      return own ? endpointAt(pathname) : null;
    },
    metadataOf: (host, path) => (endpointAt(path) === null ? null : originOf(host) + metadataPath + withoutSlash(path)),
    at: (host, path) => (endpointAt(path) === null ? null : originOf(host) + withoutSlash(path)),
  };
}

function endpointAt(path: string): Resource | null {
  const plain = withoutSlash(path).replace(/\/sse$/, '');
  if (plain === '/mcp' || (plain === '' && path !== '/')) return { endpoint: null };
  const written = /^\/mcp\/([^/]{1,200})$/.exec(plain)?.[1];
  if (written === undefined) return null;
  try {
    return { endpoint: decodeURIComponent(written) };
  } catch {
    return null;
  }
}

function withoutSlash(path: string): string {
  return path.replace(/\/+$/, '');
}

/** The MCP endpoints answer to every name of this machine itself. */
function isLoopback(host: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/.test(host);
}
