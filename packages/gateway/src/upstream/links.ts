// Opens a conversation's link to a server: to one that runs elsewhere, or to a process that it shares as the server's isolation allows.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { ConversationId } from '@mcpvault/domain/ids';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import type { GatewaySettings, Log } from '../ports.ts';
import type { HttpPools } from './http-pools.ts';
import type { Traffic } from './http-target.ts';
import type { Link, Listener } from './link.ts';
import type { ProcessPool } from './process/process-pool.ts';
import type { ServerProcess } from './process/server-process.ts';
import { createRemoteLinks } from './remote-links.ts';
import { StdioMux } from './stdio-mux.ts';

export interface Opener {
  readonly caller: Pick<Caller, 'organization' | 'member'>;
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
  /** Of all servers: links that are open, and requests that were not answered yet. */
  load(): { readonly links: number; readonly waiting: number };
  /** Lets go of connections that nobody uses at this moment. */
  close(): void;
}

export interface LinksDeps {
  readonly pools: HttpPools;
  readonly processes: ProcessPool;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly clock: Clock;
}

const sessionEndGrace = 2_000;

export function createLinks(deps: LinksDeps): Links {
  const muxes = new Map<ServerProcess, StdioMux>();
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

  function overStdio(server: ServerEntry, opener: Opener, listener: Listener): Link {
    const serves = servesOf(server, opener);
    const process = deps.processes.acquire(server, processKey(server, opener));
    let mux = muxes.get(process);
    if (mux === undefined) {
      const oneMember = server.isolation === 'per-member' || server.isolation === 'per-session';
      mux = new StdioMux({ process, serves, oneMember, log: deps.log, settings: deps.settings });
      muxes.set(process, mux);
      process.onExit(() => muxes.delete(process));
    }
    return mux.link(listener, () => {
      open--;
      deps.processes.release(process);
      // Nobody else will ever ask for it.
      if (serves === 'session' || opener.apart === true)
        void process.stop({ grace: sessionEndGrace, why: 'its session ended' });
    });
  }

  return {
    open(server, opener, listener) {
      const link =
        server.transport.type === 'stdio' ? overStdio(server, opener, listener) : elsewhere(server, opener, listener);
      open++;
      return link;
    },
    openOverHttp: (server) => http.get(server) ?? 0,
    load() {
      let { waiting } = traffic;
      for (const mux of muxes.values()) waiting += mux.waiting;
      return { links: open, waiting };
    },
    close: () => remote.close(),
  };
}

function servesOf(server: ServerEntry, { era, apart }: Opener): 'session' | 'sessions' | 'requests' {
  if (era === 'modern') return 'requests';
  return apart === true || server.isolation === 'per-session' ? 'session' : 'sessions';
}

/** Who shares a process. A modern message has no session, so `per-session` means its member there. */
function processKey(server: ServerEntry, { caller, conversation, era, apart }: Opener): string {
  if (apart === true) return `${conversation} ${era}`;
  switch (server.isolation) {
    case 'shared':
      return era;
    case 'per-organization':
      return `${caller.organization} ${era}`;
    case 'per-member':
      return `${caller.member} ${era}`;
    case 'per-session':
      return era === 'legacy' ? conversation : `${caller.member} ${era}`;
  }
}
