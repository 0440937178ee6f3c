// Servers found in a pasted configuration, as they stand before they are added: under a name of their own, and chosen
// unless something of that name exists. Pure.
import type { ConfiguredServer } from '@mcpvault/contract/client-config';

export interface Candidate {
  /** Tells them apart while their names are edited. */
  readonly key: string;
  readonly name: string;
  readonly chosen: boolean;
  readonly server: ConfiguredServer;
}

export function candidatesOf(servers: readonly ConfiguredServer[], taken: readonly string[]): readonly Candidate[] {
  return servers.map((server, index) => ({
    key: `${index} ${server.originalName}`,
    name: server.name,
    chosen: !taken.includes(server.name),
    server,
  }));
}

/** Values that are sealed when the server is added. */
export function secretCount(transport: ConfiguredServer['transport']): number {
  return Object.keys(transport.type === 'stdio' ? transport.env : transport.headers).length;
}
