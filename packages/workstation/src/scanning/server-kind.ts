import type { Launch } from '../reading/server-entry.ts';
import { unwrap } from './command-line.ts';

/**
 * How an entry relates to MCPVault: through the hub, through this workstation, or not at all. `delegated` is local with the
 * hub's word behind it.
 */
export type ServerKind = 'hosted' | 'delegated' | 'local' | 'unmanaged';

/** What is known of managed servers, to tell the kinds apart. */
export interface ManagedServers {
  /** Names of servers that this workstation runs; the value says whether the hub delegated them. */
  readonly local: ReadonlyMap<string, { readonly isDelegated: boolean }>;
  /** Origins of hubs that this account has signed in to, such as `https://hub.example`. */
  readonly hubs: readonly string[];
}

export const nothingManaged: ManagedServers = { local: new Map(), hubs: [] };

/** The server that an entry reaches through `mcpvault bridge`, as it is named there; undefined for any other entry. */
export function bridgedServer(launch: Launch | undefined): string | undefined {
  if (launch?.kind !== 'command') return undefined;
  const { program, args } = unwrap(launch.command, launch.args);
  const at = program === 'mcpvault' ? 0 : args.findIndex((word) => /(?:^|[\\/])mcpvault(?:\.m?js)?$/.test(word)) + 1;
  if ((program !== 'mcpvault' && at === 0) || !runners.has(program)) return undefined;
  return args[at] === 'bridge' ? args.slice(at + 1).find((word) => !word.startsWith('-')) : undefined;
}

const runners = new Set(['mcpvault', 'node', 'npx', 'bunx', 'pnpm', 'yarn']);

export function kindOf(launch: Launch | undefined, managed: ManagedServers): ServerKind {
  const bridged = bridgedServer(launch);
  if (bridged !== undefined) {
    const local = managed.local.get(bridged);
    if (local === undefined) return 'hosted';
    return local.isDelegated ? 'delegated' : 'local';
  }
  if (launch?.kind !== 'url' || !URL.canParse(launch.url)) return 'unmanaged';
  const { origin, pathname } = new URL(launch.url);
  return managed.hubs.includes(origin) && /^\/mcp(?:\/|$)/.test(pathname) ? 'hosted' : 'unmanaged';
}
