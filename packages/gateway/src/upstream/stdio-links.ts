// Which conversations share which processes of a server, as its isolation says.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { principalOf } from '@mcpvault/domain/identity/caller';
import type { GatewaySettings, Log } from '../ports.ts';
import type { Link, Listener } from './link.ts';
import type { Opener } from './links.ts';
import type { ProcessPool, RunningProcess } from './process/process-pool.ts';
import { StdioGroup } from './stdio-group.ts';

export interface StdioLinks {
  /** Throws a `Failure` when there is no room, or the server keeps crashing. */
  open(server: ServerEntry, opener: Opener, listener: Listener, onClose: () => void): Link;
  /** The processes of a server that run. `leaving` ones take no further calls. */
  processes(
    server: ServerEntry['id'],
  ): readonly (RunningProcess & { readonly calls: number; readonly leaving: boolean })[];
  replaced(server: ServerEntry['id'], why: string): void;
  /** Requests that were not answered yet. */
  waiting(): number;
  sweep(): void;
}

export interface StdioLinksDeps {
  readonly processes: ProcessPool;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: GatewaySettings;
}

export function createStdioLinks({ processes, clock, log, settings }: StdioLinksDeps): StdioLinks {
  const groups = new Map<string, StdioGroup>();
  /** Outdated ones are found by nobody any more, but have calls to finish. */
  const living = new Map<StdioGroup, ServerEntry['id']>();

  function newGroup(server: ServerEntry, opener: Opener, key: string): StdioGroup {
    const serves = servesOf(server, opener);
    const member = principalOf(opener.caller);
    const oneMember = server.isolation === 'per-member' || server.isolation === 'per-session';
    const whose = processKey(server, opener);
    const group: StdioGroup = new StdioGroup({
      ...{ server, serves, oneMember, clock, log, settings },
      single: serves === 'session' || opener.apart === true,
      acquire: (place, idleSince) =>
        processes.acquire(server, `${whose} ${place}`, {
          member: oneMember ? member : null,
          home: oneMember ? member : 'shared',
          idleSince,
        }),
      release: (process) => processes.release(process),
      onEmpty: () => forget(key, group),
    });
    groups.set(key, group);
    living.set(group, server.id);
    return group;
  }

  function forget(key: string, group: StdioGroup): void {
    if (groups.get(key) === group) groups.delete(key);
    living.delete(group);
  }

  return {
    open(server, opener, listener, onClose) {
      const { organization } = opener.caller;
      const member = principalOf(opener.caller);
      const key = `${server.version} ${processKey(server, opener)}`;
      const group = groups.get(key) ?? newGroup(server, opener, key);
      try {
        return group.link(listener, { organization, member, conversation: opener.conversation }, onClose);
      } finally {
        if (group.isEmpty) forget(key, group);
      }
    },
    processes(server) {
      const own = [...living].filter(([, of]) => of === server).map(([group]) => group);
      return processes.running(server).map((running) => {
        const mux = own.map((group) => group.muxOf(running.process)).find((found) => found !== null);
        return { ...running, calls: mux?.waiting ?? 0, leaving: mux?.leaving ?? true };
      });
    },
    replaced(server, why) {
      const failure = new Failure('upstream_unavailable', why);
      for (const [key, group] of groups) if (living.get(group) === server) groups.delete(key);
      for (const [group, of] of [...living]) if (of === server) group.replace(failure);
      processes.replaced(server);
    },
    waiting() {
      let waiting = 0;
      for (const group of living.keys()) waiting += group.waiting;
      return waiting;
    },
    sweep() {
      const now = clock.micros();
      for (const group of [...living.keys()]) group.sweep(now);
    },
  };
}

function servesOf(server: ServerEntry, { era, apart }: Opener): 'session' | 'sessions' | 'requests' {
  if (era === 'modern') return 'requests';
  return apart === true || server.isolation === 'per-session' ? 'session' : 'sessions';
}

/** Who shares processes. A modern message has no session, so `per-session` means its member there. */
function processKey(server: ServerEntry, { caller, conversation, era, apart }: Opener): string {
  if (apart === true) return `${conversation} ${era}`;
  switch (server.isolation) {
    case 'shared':
      return era;
    case 'per-organization':
      return `${caller.organization} ${era}`;
    case 'per-member':
      return `${principalOf(caller)} ${era}`;
    case 'per-session':
      return era === 'legacy' ? conversation : `${principalOf(caller)} ${era}`;
  }
}
