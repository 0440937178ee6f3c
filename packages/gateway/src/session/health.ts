import type { ServerId } from '@mcpvault/domain/ids';
import type { GatewayHost } from '../ports.ts';

/** Tells the host when a server begins to fail, and when it answers again; not at every call. */
export interface Health {
  answered(server: ServerId): void;
  failed(server: ServerId, reason: string): void;
}

export function createHealth(host: Pick<GatewayHost, 'observed' | 'log'>): Health {
  const failing = new Map<ServerId, string>();

  /** A host that cannot take note of it just now must not cost a client its answer. */
  function tell(server: ServerId, ready: boolean, reason: string | null): void {
    try {
      host.observed(server, { ready, reason });
    } catch (error) {
      failing.delete(server);
      host.log.warn({ server, cause: String(error) }, 'how a server does could not be told');
    }
  }

  return {
    answered(server) {
      if (failing.size > 0 && failing.delete(server)) tell(server, true, null);
    },
    failed(server, reason) {
      if (failing.get(server) === reason) return;
      failing.set(server, reason);
      tell(server, false, reason);
    },
  };
}
