import { usageFailure } from '../command-failure.ts';
import { hubUrl } from '../credentials/hub-url.ts';

export interface BridgeTarget {
  /** As credentials are kept under it. */
  readonly hub: string;
  /** Where messages are posted. */
  readonly endpoint: URL;
}

/**
 * `given` is the name of a server, the URL of an endpoint or of a hub, or nothing for all servers merged. `hub` is asked
 * only where no URL says it.
 */
export async function bridgeTarget(given: string | undefined, hub: () => Promise<string>): Promise<BridgeTarget> {
  if (given === undefined) return at(await hub(), '/mcp');
  if (given.includes('://')) return fromUrl(given);
  if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(given)) {
    throw usageFailure(
      `"${given}" is neither the name of a server nor the URL of an endpoint.`,
      'Name a server as "mcpvault servers list" shows it, or give a URL like https://mcp.example.org/mcp/files.',
    );
  }
  return at(await hub(), `/mcp/${given}`);
}

function fromUrl(given: string): BridgeTarget {
  const url = URL.parse(given);
  const found = url === null ? null : /^(.*?)\/mcp(\/[^/]+)?\/?$/.exec(url.pathname);
  if (url === null || found === null) return at(hubUrl(given), '/mcp');
  return at(hubUrl(`${url.protocol}//${credentialsOf(url)}${url.host}${found[1] ?? ''}`), `/mcp${found[2] ?? ''}`);
}

/** So that an address that holds a password is refused like everywhere else. */
function credentialsOf({ username, password }: URL): string {
  return username === '' && password === '' ? '' : `${username}:${password}@`;
}

function at(hub: string, path: string): BridgeTarget {
  return { hub, endpoint: new URL(hub + path) };
}
