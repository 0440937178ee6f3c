// Opens links to servers that run elsewhere, by whichever transport each of them is spoken to.
import type { Clock } from '@mcpvault/domain/ambient';
import { principalOf } from '@mcpvault/domain/identity/caller';
import { authOf, type ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { CredentialsPort, GatewaySettings, Log } from '../ports.ts';
import { DuplexLink } from './duplex-link.ts';
import { HttpLink } from './http-link.ts';
import { type HttpDialect, HttpOrSseLink } from './http-or-sse-link.ts';
import type { HttpPools } from './http-pools.ts';
import { createHttpTargets, type HttpTarget, type Traffic } from './http-target.ts';
import type { Link, Listener } from './link.ts';
import type { Opener } from './links.ts';
import { Pendings } from './pendings.ts';
import { Shelf } from './shelf.ts';
import { SignedInLink } from './signed-in-link.ts';
import { SseWire } from './sse-wire.ts';
import { WebSocketWire } from './websocket-wire.ts';
import type { Wire, WireEvents } from './wire.ts';

export interface RemoteLinks {
  /** `onClose` is called once, when the link has ended in whatever way. */
  open(server: ServerEntry, opener: Opener, listener: Listener, onClose: () => void): Link;
  /** A sign-in at this server came or went: of one member, or the one that all share (null). */
  signInChanged(server: ServerEntry['id'], member: Caller['member'] | null): void;
  close(): void;
}

export interface RemoteLinksDeps {
  readonly pools: HttpPools;
  readonly credentials: CredentialsPort;
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
  const signedIn = new Map<SignedInLink, { readonly server: ServerEntry['id']; readonly member: Caller['member'] }>();

  function overHttp(
    server: ServerEntry,
    { era }: Opener,
    listener: Listener,
    onClose: () => void,
    own: OwnHeaders,
  ): Link {
    const base = targetOf(server);
    const target = withHeaders(base, own);
    if (era === 'modern') return new HttpLink(target, listener, onClose);
    const dialects = {
      first: (): HttpDialect => ((onlySse.get(base) ?? 0) + rememberedFor > clock.now() ? 'sse' : 'http'),
      found(dialect: HttpDialect): void {
        if (dialect === 'http') onlySse.delete(base);
        else onlySse.set(base, clock.now());
      },
      open: (dialect: HttpDialect, to: Listener): Link =>
        dialect === 'http' ? new HttpLink(target, to, ignore) : overSse(server, to, ignore, own),
    };
    return new HttpOrSseLink(dialects, listener, onClose);
  }

  function overSse(server: ServerEntry, listener: Listener, onClose: () => void, own: OwnHeaders): Link {
    const target = withHeaders(targetOf(server), own);
    return duplex(server, listener, onClose, (events) => new SseWire(target, events));
  }

  function overWebSocket(
    server: ServerEntry,
    opener: Opener,
    listener: Listener,
    onClose: () => void,
    own: OwnHeaders,
  ): Link {
    const { transport, name, version } = server;
    if (transport.type !== 'websocket') throw new Error('only servers over a WebSocket have one');
    const { url } = transport;
    const headers = own === null ? transport.headers : Object.fromEntries(pairsOf(own()));
    const open = (events: WireEvents): Wire => new WebSocketWire({ server: name, url, headers, settings }, events);
    // What was opened with a token is not kept: whoever comes next may have another one, or none.
    if (opener.era === 'legacy' || opener.apart === true || own !== null)
      return duplex(server, listener, onClose, open);
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

  function openPlain(
    server: ServerEntry,
    opener: Opener,
    listener: Listener,
    onClose: () => void,
    own: OwnHeaders,
  ): Link {
    switch (server.transport.type) {
      case 'streamable-http':
        return overHttp(server, opener, listener, onClose, own);
      case 'sse':
        if (opener.era === 'legacy') return overSse(server, listener, onClose, own);
        throw new Failure('upstream_invalid', `the server "${server.name}" is spoken to over HTTP+SSE of 2024-11-05`);
      case 'websocket':
        return overWebSocket(server, opener, listener, onClose, own);
      case 'stdio':
        throw new Error('a process is no server elsewhere');
    }
  }

  function openSignedIn(server: ServerEntry, opener: Opener, listener: Listener, onClose: () => void): Link {
    const credential = deps.credentials.of(server, opener.caller);
    const own = (): readonly string[] => [...plainHeaders(server), 'authorization', credential.value()];
    const link = new SignedInLink({
      server: server.name,
      credential,
      era: opener.era,
      standsIn: opener.apart !== true,
      listener,
      open: (to) => openPlain(server, opener, to, ignore, own),
      onClose() {
        signedIn.delete(link);
        onClose();
      },
    });
    signedIn.set(link, { server: server.id, member: opener.caller.member });
    return link;
  }

  return {
    open(server, opener, listener, onClose) {
      return authOf(server) === null
        ? openPlain(server, opener, listener, onClose, null)
        : openSignedIn(server, opener, listener, onClose);
    },
    signInChanged(server, member) {
      for (const [link, of] of signedIn) {
        if (of.server === server && (member === null || of.member === member)) link.recheck();
      }
    },
    close: () => shelf.close(),
  };
}

/** Made anew for each request; null for the definition's own. */
type OwnHeaders = (() => readonly string[]) | null;

function withHeaders(target: HttpTarget, own: OwnHeaders): HttpTarget {
  if (own === null) return target;
  return {
    ...target,
    get headers() {
      return own();
    },
  };
}

/** Without what would be a second credential. */
function plainHeaders({ transport }: ServerEntry): readonly string[] {
  if (transport.type === 'stdio') return [];
  return Object.entries(transport.headers)
    .filter(([name]) => name.toLowerCase() !== 'authorization')
    .flat();
}

function pairsOf(flat: readonly string[]): readonly (readonly [string, string])[] {
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return pairs;
}

function ignore(): void {}
