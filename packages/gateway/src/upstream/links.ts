// Opens a conversation's link to a server: over HTTP, or to a process that it shares as the server's isolation allows.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { ConversationId } from '@mcpvault/domain/ids';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { GatewaySettings, Log } from '../ports.ts';
import { createHttpLink } from './http-link.ts';
import type { HttpPools } from './http-pools.ts';
import type { Link, Listener } from './link.ts';
import type { ProcessPool } from './process/process-pool.ts';
import type { ServerProcess } from './process/server-process.ts';
import { StdioMux } from './stdio-mux.ts';

export interface Opener {
  readonly caller: Pick<Caller, 'organization' | 'member'>;
  /** null for modern messages, which belong to no session. */
  readonly conversation: ConversationId | null;
  readonly era: Era;
}

export interface Links {
  /** Throws a `Failure` when there is no room, or the server keeps crashing. */
  open(server: ServerEntry, opener: Opener, listener: Listener): Link;
  /** Links over HTTP that are open; processes count for themselves. */
  openOverHttp(server: ServerEntry['id']): number;
}

export interface LinksDeps {
  readonly pools: HttpPools;
  readonly processes: ProcessPool;
  readonly log: Log;
  readonly settings: GatewaySettings;
}

export function createLinks(deps: LinksDeps): Links {
  const muxes = new WeakMap<ServerProcess, StdioMux>();
  const http = new Map<ServerEntry['id'], number>();
  const count = (server: ServerEntry['id'], by: number): void => {
    const now = (http.get(server) ?? 0) + by;
    if (now <= 0) http.delete(server);
    else http.set(server, now);
  };
  return {
    open(server, opener, listener) {
      const { transport } = server;
      if (transport.type === 'streamable-http') {
        const link = createHttpLink({ ...deps, server: server.name, transport, listener });
        return opener.conversation === null
          ? link
          : counted(
              link,
              () => count(server.id, 1),
              () => count(server.id, -1),
            );
      }
      const process = deps.processes.acquire(server, processKey(server, opener));
      let mux = muxes.get(process);
      if (mux === undefined) {
        const shared = server.isolation !== 'per-session' || opener.era === 'modern';
        mux = new StdioMux({ process, shared, log: deps.log, settings: deps.settings });
        muxes.set(process, mux);
      }
      return mux.link(listener, () => deps.processes.release(process));
    },
    openOverHttp: (server) => http.get(server) ?? 0,
  };
}

/** Who shares a process. A modern message has no session, so `per-session` means its member there. */
function processKey(server: ServerEntry, { caller, conversation, era }: Opener): string {
  switch (server.isolation) {
    case 'shared':
      return 'all';
    case 'per-organization':
      return caller.organization;
    case 'per-member':
      return caller.member;
    case 'per-session':
      return era === 'legacy' && conversation !== null ? conversation : `${caller.member} modern`;
  }
}

function counted(link: Link, opened: () => void, closed: () => void): Link {
  opened();
  let open = true;
  return {
    call: (request, modern, sink) => link.call(request, modern, sink),
    tell: (message) => link.tell(message),
    listen: () => link.listen(),
    close() {
      if (open) closed();
      open = false;
      link.close();
    },
  };
}
