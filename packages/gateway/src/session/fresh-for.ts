import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ListKind } from './merged-lists.ts';

/** Milliseconds that a list holds when its server promises nothing: longer where it says that it tells of changes. */
const unpromised = { told: 60_000, untold: 5_000 };
/** No promise is believed for longer than this. Milliseconds. */
const longest = 3_600_000;

/**
 * Milliseconds for which a server's list holds. Modern servers say so themselves. Legacy ones cannot; what they declared
 * says whether they tell of changes. `capabilities` is null where the server was not greeted.
 */
export function freshFor(
  kind: ListKind,
  pages: readonly Message[],
  capabilities: Readonly<Record<string, unknown>> | null,
): number {
  if (kind.capability === 'tasks') return 0;
  const promised = pages.map(promisedBy);
  const said = promised.filter((ttl): ttl is number => typeof ttl === 'number' && ttl >= 0);
  if (said.length > 0) return Math.min(longest, ...said);
  if (capabilities === null) return 0;
  const declared = capabilities[kind.capability] as { listChanged?: unknown } | null | undefined;
  return declared == null || declared.listChanged === true ? unpromised.told : unpromised.untold;
}

function promisedBy(page: Message): unknown {
  const span = page.result === null ? null : memberAt(page.text, page.result, 'ttlMs');
  return span === null ? null : page.scalarAt(span);
}
