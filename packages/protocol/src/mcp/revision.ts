// The protocol's revisions and their two eras: legacy ones open a session with `initialize`, modern ones carry everything
// in each request.

export const legacyRevisions = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const;
export const modernRevisions = ['2026-07-28'] as const;
export const latestLegacy = '2025-11-25';
export const latestModern = '2026-07-28';

export type Era = 'legacy' | 'modern';

/** Revisions are dates, so those not yet known sort by age as well. */
export function eraOf(revision: string): Era {
  return revision >= '2026-07-28' ? 'modern' : 'legacy';
}

export const metaKeys = {
  protocolVersion: 'io.modelcontextprotocol/protocolVersion',
  clientInfo: 'io.modelcontextprotocol/clientInfo',
  clientCapabilities: 'io.modelcontextprotocol/clientCapabilities',
  logLevel: 'io.modelcontextprotocol/logLevel',
  serverInfo: 'io.modelcontextprotocol/serverInfo',
  subscriptionId: 'io.modelcontextprotocol/subscriptionId',
} as const;
