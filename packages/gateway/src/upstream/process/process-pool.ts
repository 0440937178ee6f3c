// Runs the processes of approved stdio servers: starts them when somebody needs one, shares them as their isolation says,
// waits longer after each crash, ends them when idle. It refuses to start anything but an enabled `ServerEntry`, and what
// is said to a process is not its matter.
import type { Ambient } from '@mcpvault/domain/ambient';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Confinement, ProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { ServerId, ServerVersionId } from '@mcpvault/domain/ids';
import type { GatewaySettings, Log } from '../../ports.ts';
import { BackOff, type Held } from './back-off.ts';
import { LogRing } from './log-ring.ts';
import { createReaperLink } from './reaper-link.ts';
import { createEnclosure } from './sandbox/enclosure.ts';
import { machineMeans } from './sandbox/machine-means.ts';
import { type ProcessExit, type ProcessLogLine, ServerProcess } from './server-process.ts';

export interface ProcessPoolDeps {
  readonly ambient: Ambient;
  readonly log: Log;
  readonly settings: Pick<
    GatewaySettings,
    | 'maxMessageBytes'
    | 'processIdle'
    | 'maxProcesses'
    | 'maxProcessesPerServer'
    | 'maxProcessesPerMember'
    | 'processHome'
    | 'hiddenFolders'
  >;
  /** Id of this data directory: marks every process, so that a later start finds what an earlier one left. */
  readonly instance: string;
  /** The hub's own environment; only an allow-list of it reaches a process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Told every line that goes into a log. */
  onLine?(line: ProcessLogLine): void;
}

export interface ProcessPool {
  /**
   * The running process of this server version for `key`, started when absent. Every `acquire` needs one `release`.
   * Throws `Failure('upstream_unavailable')` for a disabled server or while backing off after crashes, saying when it
   * tries again, and `Failure('busy')` at the limits. A failing start shows as the process's `onExit`.
   */
  acquire(server: ServerEntry, key: string, order?: ProcessOrder): ServerProcess;
  /** The caller no longer uses it; also to be called after it ended. */
  release(process: ServerProcess): void;
  /** Ends every process of a server and forgets its crashes, so that the next `acquire` tries at once. Never rejects. */
  closeServer(server: ServerId, why: string): Promise<void>;
  /** The server was changed: its older processes are not worth waiting for, and its crashes are forgotten. */
  replaced(server: ServerId): void;
  /** Processes of a server that have not ended. */
  count(server: ServerId): number;
  running(server: ServerId): readonly RunningProcess[];
  /** What becomes of these rules on this machine. */
  confinement(rules: ProcessRules): Confinement;
  /** Lines of running and lately ended processes, oldest first, bounded. */
  logs(server: ServerId): readonly ProcessLogLine[];
  /** Ends everything, waiting `grace` milliseconds before each harder step; nothing can be acquired any more. */
  stopAll(grace: number): Promise<void>;
}

/** What a process is started for, beside its server. */
export interface ProcessOrder {
  /** Whose it is, where it is one member's; counts for what one member may have. */
  readonly member: string | null;
  /** The name of its home among those of the server's processes. */
  readonly home: string;
  /** Since when nobody needs it although it is held, in microseconds of the steady clock; null while somebody does. */
  idleSince(): number | null;
}

export interface RunningProcess {
  readonly process: ServerProcess;
  readonly confinement: Confinement;
}

interface Running {
  readonly order: ProcessOrder;
  readonly process: ServerProcess;
  readonly version: ServerVersionId;
  readonly slot: string;
  users: number;
  /** Since when nobody uses it: microseconds of the steady clock. */
  idleSince: number;
  idleTimer: NodeJS.Timeout | null;
  /** A newer version runs: not worth waiting for the next user. */
  outdated: boolean;
}

const anybody: ProcessOrder = { member: null, home: 'shared', idleSince: () => null };
const idleGrace = 2_000;
const closeGrace = 1_000;
/** Milliseconds. */
const shortestLook = 100;
/** Servers whose last lines are kept although none of their processes runs. */
const maxRings = 500;

export function createProcessPool(deps: ProcessPoolDeps): ProcessPool {
  const { ambient, log, settings, instance, environment } = deps;
  const means = machineMeans(instance, environment['PATH'] ?? '', () => ambient.clock.now());
  const enclosure = createEnclosure({ means, homes: settings.processHome, hidden: settings.hiddenFolders });
  const reaper = createReaperLink(instance, log);
  const backOff = new BackOff(ambient.clock);
  const usable = new Map<string, Running>();
  const living = new Map<ServerProcess, Running>();
  const rings = new Map<ServerId, LogRing>();
  let stopped = false;

  function acquire(server: ServerEntry, key: string, order: ProcessOrder = anybody): ServerProcess {
    if (stopped) throw new Failure('shutting_down', 'MCPVault is shutting down.');
    if (!server.enabled) throw new Failure('upstream_unavailable', `Server "${server.name}" is switched off.`);
    const slot = slotOf(server, key);
    const found = usable.get(slot);
    const running = found !== undefined && !found.process.ending ? found : start(server, slot, order);
    if (running.idleTimer !== null) clearTimeout(running.idleTimer);
    running.idleTimer = null;
    running.outdated = false;
    running.users++;
    if (order !== anybody) lookAtIdle(running, settings.processIdle);
    return running.process;
  }

  function start(server: ServerEntry, slot: string, order: ProcessOrder): Running {
    const held = backOff.held(startsOf(server)) ?? backOff.held(slot);
    if (held !== null) throw unavailable(server, held);
    makeRoom(server, order);
    const process = new ServerProcess(server, {
      enclosure,
      home: homeOf(server, order),
      ...{ ambient, log, reaper, instance, environment },
      maxMessageBytes: settings.maxMessageBytes,
      ring: ringOf(server.id),
      onSpoken: () => backOff.forget(startsOf(server)),
    });
    const running: Running = {
      order,
      process,
      version: server.version,
      slot,
      users: 0,
      idleSince: 0,
      idleTimer: null,
      outdated: false,
    };
    usable.set(slot, running);
    living.set(process, running);
    process.onExit((exit) => ended(running, exit));
    log.info({ server: server.id, process: process.id, pid: process.pid }, 'server process started');
    leaveOtherVersions(server);
    return running;
  }

  function ended(running: Running, exit: ProcessExit): void {
    const { process, slot } = running;
    living.delete(process);
    if (usable.get(slot) === running) usable.delete(slot);
    if (running.idleTimer !== null) clearTimeout(running.idleTimer);
    const fields = { server: process.server.id, process: process.id, code: exit.code, signal: exit.signal };
    if (exit.requested) return log.info(fields, 'server process ended as asked');
    log.warn(fields, 'server process ended by itself');
    if (idleSince(running) !== null && exit.code === 0) return;
    // One that never said a word is broken for everybody. One that did may have been broken by whoever spoke with it, and
    // the next call should work.
    if (process.spoke) backOff.ended(slot, exit.reason, exit.livedMs, true);
    else backOff.ended(startsOf(process.server), exit.reason, exit.livedMs, false);
  }

  function release(process: ServerProcess): void {
    const running = living.get(process);
    if (running === undefined || running.users === 0) return;
    running.users--;
    if (running.users > 0 || process.ending) return;
    if (running.outdated) return void stop(running, idleGrace, 'a newer version took its place');
    running.idleSince = ambient.clock.micros();
    lookAtIdle(running, settings.processIdle);
  }

  /** Those that are held but not needed show it by themselves, so that they are looked at again. */
  function lookAtIdle(running: Running, wait: number): void {
    if (running.idleTimer !== null) clearTimeout(running.idleTimer);
    running.idleTimer = setTimeout(() => {
      if (running.users === 0) return void stop(running, idleGrace, 'nobody used it any more');
      const since = idleSince(running);
      const left =
        since === null ? settings.processIdle : settings.processIdle - (ambient.clock.micros() - since) / 1000;
      if (left <= 0) void stop(running, idleGrace, 'nobody used it any more');
      else lookAtIdle(running, Math.max(left, shortestLook));
    }, wait);
    running.idleTimer.unref();
  }

  function idleSince(running: Running): number | null {
    return running.users === 0 ? running.idleSince : running.order.idleSince();
  }

  /** A folder of its own for each server and, where they do not share processes, each member. */
  function homeOf(server: ServerEntry, order: ProcessOrder): string {
    const home = join(settings.processHome, server.id, order.home);
    mkdirSync(home, { recursive: true, mode: 0o700 });
    return home;
  }

  function stop(running: Running, grace: number, why: string): Promise<void> {
    if (usable.get(running.slot) === running) usable.delete(running.slot);
    return running.process.stop({ grace, why });
  }

  function leaveOtherVersions(server: ServerEntry): void {
    for (const running of ofServer(server.id)) {
      if (running.version === server.version) continue;
      running.outdated = true;
      if (running.users === 0) void stop(running, idleGrace, 'a newer version took its place');
    }
  }

  /** Ends idle processes for a new one. Those on their way out do not count, so that nobody waits for a slow end. */
  function makeRoom(server: ServerEntry, { member }: ProcessOrder): void {
    makeRoomAmong(ofServer(server.id), settings.maxProcessesPerServer, `server "${server.name}" may have`);
    if (member !== null) {
      const own = [...living.values()].filter(({ order }) => order.member === member);
      makeRoomAmong(own, settings.maxProcessesPerMember, 'you may have');
    }
    makeRoomAmong([...living.values()], settings.maxProcesses, 'MCPVault may run');
  }

  function makeRoomAmong(among: readonly Running[], limit: number, whose: string): void {
    const staying = among.filter((running) => !running.process.ending);
    const leaving = among.length - staying.length;
    if (staying.length < limit && leaving < limit) return;
    const idle = staying
      .map((running) => ({ running, since: idleSince(running) }))
      .filter(({ since }) => since !== null)
      .sort((a, b) => (a.since ?? 0) - (b.since ?? 0))[0]?.running;
    if (idle === undefined || leaving >= limit) {
      throw new Failure(
        'busy',
        `All ${limit} processes that ${whose} are in use. Try again later, or raise that limit.`,
      );
    }
    void stop(idle, idleGrace, 'its place was needed');
  }

  function ofServer(server: ServerId): Running[] {
    return [...living.values()].filter((running) => running.process.server.id === server);
  }

  function ringOf(server: ServerId): LogRing {
    const ring = rings.get(server) ?? new LogRing((line) => deps.onLine?.(line));
    rings.delete(server);
    rings.set(server, ring);
    for (const oldest of rings.keys()) {
      if (rings.size <= maxRings) break;
      rings.delete(oldest);
    }
    return ring;
  }

  return {
    acquire,
    release,
    async closeServer(server, why) {
      backOff.forgetAll(`${server} `);
      await Promise.all(ofServer(server).map((running) => stop(running, closeGrace, why)));
    },
    replaced(server) {
      backOff.forgetAll(`${server} `);
      for (const running of ofServer(server)) {
        running.outdated = true;
        if (running.users === 0) void stop(running, idleGrace, 'a newer version took its place');
      }
    },
    count: (server) => ofServer(server).length,
    running: (server) => ofServer(server).map(({ process }) => ({ process, confinement: process.confinement })),
    confinement: (rules) => enclosure.confinement(rules),
    logs: (server) => rings.get(server)?.lines() ?? [],
    async stopAll(grace) {
      stopped = true;
      await Promise.all([...living.values()].map((running) => stop(running, grace, 'MCPVault is shutting down')));
      await reaper.close();
      enclosure.close();
    },
  };
}

function startsOf(server: ServerEntry): string {
  return `${server.id} ${server.version}`;
}

function slotOf(server: ServerEntry, key: string): string {
  return `${server.id} ${server.version} ${key}`;
}

function unavailable(server: ServerEntry, held: Held): Failure {
  const next =
    held.waitMs === null
      ? `It ended ${held.ends} times shortly after its start, so it is not tried again by itself: correct its definition, or restart it.`
      : `MCPVault tries again in ${Math.ceil(held.waitMs / 1000)} s; its log says more.`;
  return new Failure('upstream_unavailable', `Server "${server.name}" is not running: ${held.reason}. ${next}`, {
    server: server.id,
    retryAfterMs: held.waitMs,
  });
}
