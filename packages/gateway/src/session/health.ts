import type { ServerId } from '@mcpvault/domain/ids';
import type { GatewayHost } from '../ports.ts';

/** Tells the host when a server begins to fail, and when it answers again; not at every call. */
export interface Health {
  answered(server: ServerId): void;
  failed(server: ServerId, reason: string): void;
}

export function createHealth(host: Pick<GatewayHost, 'observed'>): Health {
  const failing = new Map<ServerId, string>();
  return {
    answered(server) {
      if (failing.size > 0 && failing.delete(server)) host.observed(server, { ready: true, reason: null });
    },
    failed(server, reason) {
      if (failing.get(server) === reason) return;
      failing.set(server, reason);
      host.observed(server, { ready: false, reason });
    },
  };
}
