// Opens a conversation's link to a server: to one that runs elsewhere, or to a process that it shares as the server's isolation allows.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { ConversationId } from '@mcpvault/domain/ids';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { CredentialsPort, GatewaySettings, Log } from '../ports.ts';
import type { HttpPools } from './http-pools.ts';
import type { Traffic } from './http-target.ts';
import type { Link, Listener } from './link.ts';
import type { ProcessPool } from './process/process-pool.ts';
import { createRemoteLinks } from './remote-links.ts';
import { createStdioLinks, type StdioLinks } from './stdio-links.ts';

export interface Opener {
  readonly caller: Pick<Caller, 'organization' | 'member' | 'actedBy'>;
  readonly conversation: ConversationId;
  readonly era: Era;
  /** True for first contact: a process of its own, which may break by being asked in the wrong era. */
  readonly apart?: boolean;
}

export interface Links {
  /** Throws a `Failure` when there is no room, or the server keeps crashing. */
  open(server: ServerEntry, opener: Opener, listener: Listener): Link;
  /** Legacy conversations with servers elsewhere that are open; processes count for themselves. */
  openOverHttp(server: ServerEntry['id']): number;
  readonly processes: StdioLinks['processes'];
  /** The server was changed: its processes finish what they have begun, and what comes next finds newer ones. */
  replaced(server: ServerEntry['id'], why: string): void;
  /** A sign-in at this server came or went: of one member, or the one that all share (null). */
  signInChanged(server: ServerEntry['id'], member: Caller['member'] | null): void;
  /** Of all servers: links that are open, and requests that were not answered yet. */
  load(): { readonly links: number; readonly waiting: number };
  /** Called about once a second. */
  sweep(): void;
  /** Lets go of connections that nobody uses at this moment. */
  close(): void;
}

export interface LinksDeps {
  readonly pools: HttpPools;
  readonly processes: ProcessPool;
  readonly credentials: CredentialsPort;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly clock: Clock;
}

export function createLinks(deps: LinksDeps): Links {
  const stdio = createStdioLinks(deps);
  const traffic: Traffic = { waiting: 0 };
  const remote = createRemoteLinks({ ...deps, traffic });
  const http = new Map<ServerEntry['id'], number>();
  let open = 0;

  function elsewhere(server: ServerEntry, opener: Opener, listener: Listener): Link {
    const by = opener.era === 'legacy' ? 1 : 0;
    const link = remote.open(server, opener, listener, () => {
      open--;
      const left = (http.get(server.id) ?? 0) - by;
      if (left <= 0) http.delete(server.id);
      else http.set(server.id, left);
    });
    http.set(server.id, (http.get(server.id) ?? 0) + by);
    return link;
  }

  return {
    open(server, opener, listener) {
      const link =
        server.transport.type === 'stdio'
          ? stdio.open(server, opener, listener, () => open--)
          : elsewhere(server, opener, listener);
      open++;
      return link;
    },
    openOverHttp: (server) => http.get(server) ?? 0,
    processes: (server) => stdio.processes(server),
    replaced: (server, why) => stdio.replaced(server, why),
    signInChanged: (server, member) => remote.signInChanged(server, member),
    load: () => ({ links: open, waiting: traffic.waiting + stdio.waiting() }),
    sweep: () => stdio.sweep(),
    close: () => remote.close(),
  };
}
