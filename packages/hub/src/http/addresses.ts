// Which addresses are this hub's own: the URL it gives out, the Host headers it answers to, and the origins of pages that
// may talk to it. A page of any other origin that reaches this port, for instance through a name that was made to point
// here, is turned away.
import type { NetworkInterfaceInfo } from 'node:os';

export interface Addresses {
  /** How clients and browsers reach the hub, without a slash at its end. */
  readonly url: string;
  /** How this machine reaches it. */
  readonly localUrl: string;
  /** In lower case, with the port. */
  readonly hosts: ReadonlySet<string>;
  /** Origins of the hub's own pages. */
  readonly ownOrigins: ReadonlySet<string>;
  /** Those, and further ones whose pages may use the MCP endpoints. */
  readonly mcpOrigins: ReadonlySet<string>;
}

export interface AddressOptions {
  /** As configured. */
  readonly host: string;
  /** As listening. */
  readonly port: number;
  readonly publicUrl: string | null;
  readonly allowedHosts: readonly string[];
  readonly allowedOrigins: readonly string[];
  readonly hostname: string;
  readonly interfaces: Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>;
}

const loopback = ['127.0.0.1', 'localhost', '::1'];
const everywhere = ['0.0.0.0', '::'];

export function addressesOf(options: AddressOptions): Addresses {
  const { port } = options;
  const localUrl = `http://${bracketed(everywhere.includes(options.host) ? '127.0.0.1' : options.host)}:${port}`;
  const url = options.publicUrl === null ? localUrl : new URL(options.publicUrl).origin;
  const here = names(options).map((name) => `${bracketed(name.toLowerCase())}:${port}`);
  const hosts = new Set([...here, new URL(url).host, ...options.allowedHosts.map((host) => host.toLowerCase())]);
  if (port === 80) for (const name of names(options)) hosts.add(bracketed(name.toLowerCase()));
  const ownOrigins = new Set([...[...hosts].map((host) => `http://${host}`), new URL(url).origin]);
  return { url, localUrl, hosts, ownOrigins, mcpOrigins: new Set([...ownOrigins, ...options.allowedOrigins]) };
}

/** The names under which whoever may reach the port can be expected to do so. */
function names({ host, hostname, interfaces }: AddressOptions): readonly string[] {
  if (loopback.includes(host)) return loopback;
  if (!everywhere.includes(host)) return [host];
  const addresses = Object.values(interfaces).flatMap((list) => (list ?? []).map(({ address }) => address));
  return [...loopback, hostname, ...addresses];
}

function bracketed(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
