import type { ManagedServers } from '@mcpvault/workstation/scanning/server-kind';
import type { Invocation } from '../../invocation.ts';

/** What counts as managed on this computer: endpoints of the hub that this account talks to. */
export async function managedServers(run: Invocation): Promise<ManagedServers> {
  const hub = run.settings.hub ?? (await run.credentials.current());
  const hubs = hub !== null && URL.canParse(hub) ? [new URL(hub).origin] : [];
  return { local: new Map(), hubs };
}
