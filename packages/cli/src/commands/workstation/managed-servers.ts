import { createWorkstationStore } from '@mcpvault/workstation/sync/workstation-store';
import type { ManagedServers } from '@mcpvault/workstation/scanning/server-kind';
import { workstationFile } from '../../bridge/local-server.ts';
import type { Invocation } from '../../invocation.ts';

/** What counts as managed on this computer: its own servers, and endpoints of the hub that this account talks to. */
export async function managedServers(run: Invocation): Promise<ManagedServers> {
  const { io, settings, credentials } = run;
  const hub = settings.hub ?? (await credentials.current());
  const hubs = hub !== null && URL.canParse(hub) ? [new URL(hub).origin] : [];
  const reading = { now: io.clock.now, sleep: io.clock.sleep, mark: () => '' };
  const { servers } = await createWorkstationStore(workstationFile(io), reading).read();
  return { local: new Map(servers.map(({ name }) => [name, { isDelegated: false }])), hubs };
}
