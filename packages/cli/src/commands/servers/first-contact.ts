import { CommandFailure } from '../../command-failure.ts';
import { interrupted } from '../../connection/bounded-fetch.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import type { Invocation } from '../../invocation.ts';
import { createProgress } from '../../terminal/progress.ts';
import { outcomeLine, type Server } from './server-text.ts';

const askEvery = 500;
const usualPatience = 120_000;

/** Waits until the hub knows whether the server answers; resolves to how it is then, even after waiting in vain. */
export async function awaitContact(run: Invocation, hub: HubConnection, first: Server): Promise<Server> {
  const { io, settings } = run;
  const progress = createProgress(io, settings.quiet || settings.format === 'json');
  const deadline = io.clock.now() + (settings.timeoutMs ?? usualPatience);
  let server = first;
  try {
    while (server.status === 'connecting' && io.clock.now() < deadline) {
      progress.show(`Waiting for ${server.name} to answer`);
      await io.clock.sleep(askEvery, io.interrupted);
      if (io.interrupted.aborted) throw interrupted();
      server = await hub.call('getServer', { id: first.id });
    }
  } finally {
    progress.clear();
  }
  return server;
}

/** Prints how the server is; a failure unless it is ready, or waiting was not asked for. */
export function reportContact(run: Invocation, server: Server, waited: boolean): void {
  run.out.result(server, () => (server.status === 'unavailable' ? '' : outcomeLine(server)));
  if (server.status === 'unavailable') {
    const why = server.reason === null ? 'it did not answer' : server.reason;
    throw new CommandFailure('general', 'server_unavailable', `${server.name} is unavailable: ${why}`, {
      fix: server.fix ?? `See what it wrote with: mcpvault servers logs ${server.name}`,
    });
  }
  if (server.status === 'connecting' && waited) {
    throw new CommandFailure('general', 'still_connecting', `${server.name} has not answered yet.`, {
      fix: `The hub goes on trying. Look again with: mcpvault servers show ${server.name}`,
    });
  }
}
