// Opens the way from a conversation to a server, whichever era each of them speaks: the link speaks the client's era
// upwards and the server's downwards. Where both speak the same one it is the server's own link, and nothing is between.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Link, Listener } from '../../upstream/link.ts';
import type { Links, Opener } from '../../upstream/links.ts';
import type { Eras } from './eras.ts';

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
  readonly links: Links;
  readonly eras: Eras;
}

export function createBridge({ links, eras }: BridgeDeps): Bridge {
  function openModern(server: ServerEntry, opener: Opener, listener: Listener, speaks: boolean): Link {
    if (speaks) return links.open(server, opener, listener);
    const text = `${server.name} speaks a revision before 2026-07-28 only; begin with initialize`;
    throw new Failure('unsupported_pairing', text);
  }

  return {
    open(server, opener, listener) {
      if (opener.era === 'legacy') return links.open(server, opener, listener);
      const speaks = eras.speaksModern(server);
      if (!(speaks instanceof Promise)) return openModern(server, opener, listener, speaks);
      return speaks.then((does) => openModern(server, opener, listener, does));
    },
    sweep() {},
    drop() {},
    close() {},
  };
}
