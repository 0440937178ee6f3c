// Opens the way from a conversation to a server, whichever era each of them speaks: the link speaks the client's era
// upwards and the server's downwards. Where both speak the same one it is the server's own link, and nothing is between.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ServerId, ServerVersionId } from '@mcpvault/domain/ids';
import type { GatewaySettings, Log } from '../../ports.ts';
import type { Link, Listener } from '../../upstream/link.ts';
import type { Links, Opener } from '../../upstream/links.ts';
import type { Eras } from './eras.ts';
import { isNotConnected } from '../../upstream/signed-in-link.ts';
import { createLegacySessions } from './legacy-sessions.ts';
import { LegacyOpening } from './legacy-opening.ts';
import { LegacyOverModern } from './legacy-over-modern.ts';
import { MirroredParams } from './mirrored-params.ts';
import { ModernOverLegacy } from './modern-over-legacy.ts';

export interface Bridge {
  /**
   * A link that speaks `opener.era` upwards. Everything above it sees that era only: a legacy conversation begins with
   * `initialize`, a modern one carries its envelope in each request. Throws, or rejects with, a `Failure`.
   */
  open(server: ServerEntry, opener: Opener, listener: Listener): Link | Promise<Link>;
  /** Called about once a second. */
  sweep(now: number): void;
  /** The server was changed or retired: what is kept open with it for modern clients is over. */
  drop(server: ServerId): void;
  close(): void;
}

export interface BridgeDeps {
  readonly ambient: Ambient;
  readonly log: Log;
  readonly settings: GatewaySettings;
  readonly links: Pick<Links, 'open'>;
  readonly eras: Eras;
  /** Milliseconds in which questions are gathered, where not the usual. */
  readonly gather?: number;
}

export function createBridge({ ambient, log, settings, links, eras, gather }: BridgeDeps): Bridge {
  const sessions = createLegacySessions({ ambient, log, settings, links, eras, gather });
  const tools = new Map<ServerVersionId, MirroredParams>();

  function mirroredOf({ version }: ServerEntry): MirroredParams {
    let mirrored = tools.get(version);
    if (mirrored === undefined) tools.set(version, (mirrored = new MirroredParams()));
    return mirrored;
  }

  function legacyOverModern(server: ServerEntry, opener: Opener, listener: Listener): Link {
    const open = (own: Listener): Link => links.open(server, { ...opener, era: 'modern' }, own);
    const doubt = (): void => eras.doubt(server);
    const mirrored = mirroredOf(server);
    return new LegacyOverModern({ ambient, log, settings, server, mirrored, open, doubt }, listener);
  }

  function openLegacy(server: ServerEntry, opener: Opener, listener: Listener): Link {
    const speaks = eras.speaksLegacy(server);
    if (speaks === false) return legacyOverModern(server, opener, listener);
    return new LegacyOpening({
      server,
      listener,
      open: (own) => links.open(server, opener, own),
      // Only trying shows which era it is, and a server that took `initialize` needs no more trying.
      caller: opener.caller,
      instead: speaks === true ? null : () => legacyOverModern(server, opener, listener),
      eras,
    });
  }

  function openModern(server: ServerEntry, opener: Opener, listener: Listener, speaks: boolean): Link {
    if (speaks) return links.open(server, opener, listener);
    return new ModernOverLegacy({ log, server, caller: opener.caller, sessions });
  }

  return {
    open(server, opener, listener) {
      if (opener.era === 'legacy') return openLegacy(server, opener, listener);
      const speaks = eras.speaksModern(server, opener.caller);
      if (!(speaks instanceof Promise)) return openModern(server, opener, listener, speaks);
      return speaks.then(
        (does) => openModern(server, opener, listener, does),
        (error: unknown) => {
          // Nobody could ask it, and the link stands in for it.
          if (isNotConnected(error)) return openModern(server, opener, listener, true);
          throw error;
        },
      );
    },
    sweep: (now) => sessions.sweep(now),
    drop: (server) => sessions.drop(server),
    close: () => sessions.close(),
  };
}
