import type { ServerId } from '@mcpvault/domain/ids';
import { createHttpFace } from './downstream/http-face.ts';
import type { Gateway } from './gateway.ts';
import type { GatewayHost, GatewaySettings } from './ports.ts';
import type { ClientCall } from './session/client-call.ts';
import type { Core } from './session/core.ts';
import { type Contact, firstContact } from './session/first-contact.ts';
import { createJudge } from './session/judge.ts';
import { createModernEndpoints } from './session/modern-endpoints.ts';
import { createScribe } from './session/scribe.ts';
import { createSessions } from './session/sessions.ts';
import { createHttpPools } from './upstream/http-pools.ts';
import { createLinks } from './upstream/links.ts';
import { createProcessPool } from './upstream/process/process-pool.ts';

export interface GatewayOptions extends GatewaySettings {
  /** Id of the data directory; marks every process started. */
  readonly instance: string;
  /** The host's own environment, of which processes get an allow-listed part. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

const sweepEvery = 1000;
/** How long a process may take to end before it is forced, in milliseconds. */
const processGrace = 2000;

export function createGateway(host: GatewayHost, settings: GatewayOptions): Gateway {
  const pools = createHttpPools(settings);
  const processes = createProcessPool({
    ambient: host.ambient,
    log: host.log,
    settings,
    instance: settings.instance,
    environment: settings.environment,
  });
  const links = createLinks({ pools, processes, log: host.log, settings });
  const underway = new Set<ClientCall>();
  const core: Core = {
    host,
    settings,
    judge: createJudge(host, settings),
    scribe: createScribe(host),
    links,
    underway,
  };
  const sessions = createSessions(host, settings);
  const eras = new Map<ServerId, Contact['eras']>();
  let open = true;
  const face = createHttpFace({
    core,
    sessions,
    modern: createModernEndpoints(core, (server) => eras.get(server) ?? null),
    open: () => open,
  });
  const sweep = setInterval(() => {
    const now = host.ambient.clock.now();
    for (const call of underway) if (call.deadline < now) call.expire();
    sessions.sweep(now);
  }, sweepEvery);
  sweep.unref();

  return {
    handle: (request, response, endpoint) => face.handle(request, response, endpoint),
    async probe(server) {
      const contact = await firstContact(links, settings, server);
      eras.set(server.id, contact.eras);
      return contact;
    },
    close(server, why) {
      eras.delete(server);
      void processes.closeServer(server, why);
    },
    connections: (server) => processes.count(server) + links.openOverHttp(server),
    logs: (server) => processes.logs(server),
    async drain(milliseconds) {
      open = false;
      const until = host.ambient.clock.now() + milliseconds;
      while (core.judge.underway() > 0 && host.ambient.clock.now() < until) await pause(20);
      clearInterval(sweep);
      sessions.endAll('the hub is stopping');
      await processes.stopAll(processGrace);
      await pools.close();
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
