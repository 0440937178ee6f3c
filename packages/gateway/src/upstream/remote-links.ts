// Opens links to servers that run elsewhere, by whichever transport each of them is spoken to.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { principalOf } from '@mcpvault/domain/identity/caller';
import { Failure } from '@mcpvault/domain/failure';
import type { GatewaySettings, Log } from '../ports.ts';
import { DuplexLink } from './duplex-link.ts';
import { HttpLink } from './http-link.ts';
import { type HttpDialect, HttpOrSseLink } from './http-or-sse-link.ts';
import type { HttpPools } from './http-pools.ts';
import { createHttpTargets, type HttpTarget, type Traffic } from './http-target.ts';
import type { Link, Listener } from './link.ts';
import type { Opener } from './links.ts';
import { Pendings } from './pendings.ts';
import { Shelf } from './shelf.ts';
import { SseWire } from './sse-wire.ts';
import { WebSocketWire } from './websocket-wire.ts';
import type { Wire, WireEvents } from './wire.ts';

export interface RemoteLinks {
  /** `onClose` is called once, when the link has ended in whatever way. */
  open(server: ServerEntry, opener: Opener, listener: Listener, onClose: () => void): Link;
  close(): void;
}

export interface RemoteLinksDeps {
  readonly pools: HttpPools;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly traffic: Traffic;
  readonly clock: Clock;
}

/** Milliseconds for which a server that speaks only HTTP+SSE is taken to have stayed so. */
const rememberedFor = 3_600_000;

export function createRemoteLinks(deps: RemoteLinksDeps): RemoteLinks {
  const { log, settings, traffic, clock } = deps;
  const targetOf = createHttpTargets(deps);
  const onlySse = new WeakMap<HttpTarget, number>();
  const shelf = new Shelf();

  function overHttp(server: ServerEntry, { era }: Opener, listener: Listener, onClose: () => void): Link {
    const target = targetOf(server);
    if (era === 'modern') return new HttpLink(target, listener, onClose);
    const dialects = {
      first: (): HttpDialect => ((onlySse.get(target) ?? 0) + rememberedFor > clock.now() ? 'sse' : 'http'),
      found(dialect: HttpDialect): void {
        if (dialect === 'http') onlySse.delete(target);
        else onlySse.set(target, clock.now());
      },
      open: (dialect: HttpDialect, to: Listener): Link =>
        dialect === 'http' ? new HttpLink(target, to, ignore) : overSse(server, to, ignore),
    };
    return new HttpOrSseLink(dialects, listener, onClose);
  }

  function overSse(server: ServerEntry, listener: Listener, onClose: () => void): Link {
    const target = targetOf(server);
    return duplex(server, listener, onClose, (events) => new SseWire(target, events));
  }

  function overWebSocket(server: ServerEntry, opener: Opener, listener: Listener, onClose: () => void): Link {
    const { transport, name, version } = server;
    if (transport.type !== 'websocket') throw new Error('only servers over a WebSocket have one');
    const { url, headers } = transport;
    const open = (events: WireEvents): Wire => new WebSocketWire({ server: name, url, headers, settings }, events);
    if (opener.era === 'legacy' || opener.apart === true) return duplex(server, listener, onClose, open);
    const wire = shelf.take(`${version} ${principalOf(opener.caller)}`, open);
    const shared = { server: name, listener, log, settings, traffic, onClose };
    return new DuplexLink({ ...shared, pendings: wire.pendings, open: (events) => wire.serve(events) });
  }

  function duplex(
    { name }: ServerEntry,
    listener: Listener,
    onClose: () => void,
    open: (events: WireEvents) => Wire,
  ): Link {
    return new DuplexLink({ server: name, listener, log, settings, traffic, pendings: new Pendings(), open, onClose });
  }

  return {
    open(server, opener, listener, onClose) {
      switch (server.transport.type) {
        case 'streamable-http':
          return overHttp(server, opener, listener, onClose);
        case 'sse':
          if (opener.era === 'legacy') return overSse(server, listener, onClose);
          throw new Failure('upstream_invalid', `the server "${server.name}" is spoken to over HTTP+SSE of 2024-11-05`);
        case 'websocket':
          return overWebSocket(server, opener, listener, onClose);
        case 'stdio':
          throw new Error('a process is no server elsewhere');
      }
    },
    close: () => shelf.close(),
  };
}

function ignore(): void {}
