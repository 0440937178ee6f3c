import { createChannels } from './downstream/channels.ts';
import { createDoor } from './downstream/door.ts';
import { eraOf } from '@mcpvault/protocol/mcp/revision';
import { createHttpFace } from './downstream/http-face.ts';
import { nodeRequest, takesEvents } from './downstream/http-request.ts';
import { createOpenStreams } from './downstream/open-streams.ts';
import { HttpReply } from './downstream/reply.ts';
import { createSseFace } from './downstream/sse-face.ts';
import { createStdioFace } from './downstream/stdio-face.ts';
import { createWebSocketFace } from './downstream/websocket-face.ts';
import type { Gateway } from './gateway.ts';
import type { GatewayHost, GatewaySettings } from './ports.ts';
import { createBridge } from './session/bridge/bridge.ts';
import { createEras } from './session/bridge/eras.ts';
import type { Core } from './session/core.ts';
import { type ContactDeps, firstContact, speaksModern } from './session/first-contact.ts';
import { createHealth } from './session/health.ts';
import { Continuations } from './session/held/continuations.ts';
import { HeldBytes } from './session/held-bytes.ts';
import { createJudge } from './session/judge.ts';
import { KnownLists } from './session/known-lists.ts';
import { ListShelf } from './session/list-shelf.ts';
import { Roster } from './session/roster.ts';
import { createScribe } from './session/scribe.ts';
import { createSessionMemory } from './session/session-memory.ts';
import { createSessions } from './session/sessions.ts';
import { Setbacks } from './session/setbacks.ts';
import { createHttpPools } from './upstream/http-pools.ts';
import { createLinks } from './upstream/links.ts';
import { createProcessPool } from './upstream/process/process-pool.ts';
import type { ProcessLogLine } from './upstream/process/server-process.ts';

export interface GatewayOptions extends GatewaySettings {
  /** Id of the data directory; marks every process started. */
  readonly instance: string;
  /** The host's own environment, of which processes get an allow-listed part. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told what server processes write to stderr, beside the log that is kept of it. */
  onProcessLine?(line: ProcessLogLine): void;
}

const sweepEvery = 1000;
/** For the lists of servers that merged endpoints show, and for those of single ones. */
const listBytes = 96 * 1024 * 1024;
/** Credentials also expire without anybody saying so. Milliseconds. */
const recheckEvery = 60_000;
/** How long a process may take to end before it is forced, in milliseconds. */
const processGrace = 2000;
/** How long servers may take to hear that their sessions have ended, in milliseconds. */
const farewell = 1000;

export function createGateway(host: GatewayHost, settings: GatewayOptions): Gateway {
  const { clock, ids } = host.ambient;
  const pools = createHttpPools(settings);
  const processes = createProcessPool({
    ambient: host.ambient,
    log: host.log,
    settings,
    instance: settings.instance,
    environment: settings.environment,
    ...(settings.onProcessLine !== undefined && { onLine: settings.onProcessLine }),
  });
  const { credentials } = host;
  const links = createLinks({ pools, processes, credentials, log: host.log, settings, clock });
  const contact: ContactDeps = { links, settings, ids };
  const setbacks = new Setbacks(clock);
  const eras = createEras(clock, (server, caller) =>
    setbacks.attempt(server.version, () => speaksModern(contact, server, caller)),
  );
  const bridge = createBridge({ ambient: host.ambient, log: host.log, settings, links, eras });
  const memory = createSessionMemory(clock);
  const lists = new ListShelf(clock, listBytes);
  const core: Core = {
    host,
    settings,
    judge: createJudge(host, settings, memory),
    memory,
    scribe: createScribe(host),
    bridge,
    health: createHealth(host),
    held: new HeldBytes(settings.maxMessageBytes),
    setbacks,
    lists,
    known: new KnownLists(clock, lists, listBytes),
    toolIndexes: new WeakMap(),
    underway: new Roster(),
    continuations: new Continuations(clock),
  };
  const sessions = createSessions(host, settings);
  const streams = createOpenStreams(host.identity);
  let open = true;
  const carry = createHttpFace({ core, sessions, streams, open: () => open });
  const door = createDoor(core, () => open);
  const channels = createChannels({ core, sessions, streams });
  let recheckAt = 0;

  /** Streams of whoever may no longer ask, and all that is under way of those who may do nothing any more. */
  function recheck(): void {
    streams.recheck();
    const { identity } = host;
    for (const call of core.underway.all()) if (identity.isGone(call.caller)) call.revoke();
    sessions.endOf((caller) => identity.isGone(caller), 'its member has no access any more');
  }

  const sweep = setInterval(() => {
    const now = clock.now();
    if (now >= recheckAt) {
      recheckAt = now + recheckEvery;
      memory.sweep(now);
      core.judge.sweep(now);
      recheck();
    }
    for (const call of core.underway.all()) call.sweep(now);
    sessions.sweep(now);
    channels.sweep(now);
    bridge.sweep(now);
    links.sweep();
    core.known.sweep(now);
  }, sweepEvery);
  sweep.unref();

  return {
    carry,
    handle(request, response, endpoint) {
      carry(nodeRequest(request), new HttpReply(response, takesEvents(request.headers)), endpoint);
    },
    handleSse: createSseFace({ core, channels, door }),
    upgrade: createWebSocketFace({ core, channels, door }),
    converse: createStdioFace({ core, channels }),
    async probe(server, member) {
      const { organization } = server;
      const probe = await firstContact(contact, server, member === undefined ? undefined : { organization, member });
      eras.learn(server, eraOf(probe.protocol), true);
      // The legacy way was tried first.
      if (eraOf(probe.protocol) === 'modern') eras.learn(server, 'legacy', false);
      return probe;
    },
    close(server, why) {
      sessions.drop(server, why);
      bridge.drop(server);
      // Else what waits there would start another process.
      links.replaced(server, why);
      void processes.closeServer(server, why);
    },
    replaced(server, why) {
      links.replaced(server, why);
      sessions.replaced(server, why);
    },
    recheck,
    signInChanged(server, member) {
      for (const capability of ['tools', 'prompts', 'resources']) core.lists.changed(server, capability);
      links.signInChanged(server.id, member);
    },
    processes: (server) => links.processes(server),
    confinement: (server) => processes.confinement(server.processes),
    connections: (server) => processes.count(server) + links.openOverHttp(server),
    logs: (server) => processes.logs(server),
    load: () => ({ calls: core.judge.underway(), sessions: sessions.count(), ...links.load() }),
    async drain(milliseconds) {
      open = false;
      for (const call of core.underway.all()) call.stop();
      const until = clock.now() + milliseconds;
      while (core.judge.underway() > 0 && clock.now() < until) await pause(20);
      clearInterval(sweep);
      sessions.endAll('the hub is stopping');
      channels.closeAll('the hub is stopping');
      bridge.close();
      links.close();
      await Promise.all([processes.stopAll(processGrace), pools.close(farewell)]);
    },
  };
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
