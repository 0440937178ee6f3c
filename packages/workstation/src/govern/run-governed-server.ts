// Runs a server of this computer behind the same table of stages as the hub’s: every message between the client that started
// this process and the server is judged, edited and recorded here. No network is asked on the way.
import type { Readable, Writable } from 'node:stream';
import type { Ambient } from '@mcpvault/domain/ambient';
import { createGateway, type GatewayOptions } from '@mcpvault/gateway/create-gateway';
import { createOutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import type { Log } from '@mcpvault/gateway/ports';
import { createLocalSealer } from '../records/local-sealer.ts';
import { openBridgeJournal } from '../records/bridge-journal.ts';
import type { StateFolder } from '../state/state-folder.ts';
import type { LocalServer } from '../sync/local-servers.ts';
import { type FollowDeps, followGoverning } from './follow-governing.ts';
import { localEntry, type Surroundings } from './local-entry.ts';
import { createQuarantines } from './quarantines.ts';
import { createWorkstationHost, soleCredential } from './workstation-host.ts';

export interface GovernedRun extends Surroundings, Pick<FollowDeps, 'own' | 'scorer'> {
  readonly server: LocalServer;
  readonly state: StateFolder;
  readonly ambient: Ambient;
  readonly input: Readable;
  readonly output: Writable;
  /** Aborts when the client wants the server to end. */
  readonly interrupted: AbortSignal;
  readonly pid: number;
  isRunning(pid: number): boolean;
  /** The key under which this computer keeps messages. */
  readonly key: Buffer;
  /** Of all journals of this computer together, in bytes. */
  readonly journalBytes: number;
  readonly whenFull: 'lose' | 'refuse';
  /** For the client's log. */
  note(text: string): void;
}

const lookEvery = 1_000;
/** Milliseconds that a server is given to end by itself. */
const patience = 3_000;

/** Resolves once the conversation is over. Rejects with a `Failure` where it may not begin. */
export async function runGovernedServer(run: GovernedRun): Promise<void> {
  const { server, state, ambient, input, output, interrupted, key } = run;
  const log = logTo(run.note);
  const quarantines = createQuarantines({ path: state.quarantines, clock: ambient.clock, log });
  const governing = await followGoverning({ ...run, log, now: ambient.clock.now });
  await quarantines.reload();
  const journal = await openBridgeJournal({
    ...{ state, ambient, log, server: server.name, pid: run.pid, isRunning: run.isRunning },
    ...{ sealer: createLocalSealer(key, ambient.random), maxBytes: run.journalBytes, whenFull: run.whenFull },
  });
  const { caller } = governing.now();
  const host = createWorkstationHost({
    ...{ ambient, log, quarantines, key, recorder: journal.recorder },
    server: localEntry(server, caller.organization, run),
    governing: governing.now,
  });
  const gateway = createGateway(host, settingsFor(run));
  const look = async (): Promise<void> => {
    await Promise.all([governing.look(), quarantines.reload()]);
    await journal.tidy(governing.isEnrolled);
  };
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.error({}, error instanceof Error ? error.message : String(error)));
  }, lookEvery);
  const why = await gateway.converse({
    ...{ input, output, caller, interrupted },
    ...{ credential: soleCredential, endpoint: server.name },
  });
  clearInterval(timer);
  log.debug({ why }, 'the conversation is over');
  await gateway.drain(patience);
  await journal.tidy(governing.isEnrolled).catch(() => undefined);
  await journal.close();
}

const never = Number.MAX_SAFE_INTEGER;
/** Longer than any client waits; a day, in milliseconds. */
const day = 86_400_000;

/** One client, one server: nothing ends because nobody used it for a while. */
function settingsFor({ state, env, pid, note, server }: GovernedRun): GatewayOptions {
  return {
    allowedHosts: new Set(),
    allowedOrigins: new Set(),
    proxies: 0,
    maxMessageBytes: 64 * 1024 * 1024,
    maxDepth: 200,
    callTimeout: day,
    connectTimeout: 5 * 60_000,
    sessionIdle: never,
    maxSessionsPerMember: 100,
    maxConcurrentCalls: 10_000,
    processIdle: day,
    maxProcesses: 20,
    maxProcessesPerServer: 20,
    maxProcessesPerMember: 20,
    processHome: state.homes,
    hiddenFolders: [],
    resumeBytes: 0,
    serverPlaces: createOutboundRules({ allowed: [], trust: 'approved' }),
    instance: `bridge-${pid}`,
    environment: env,
    onProcessLine: ({ text }) => note(`${server.name}: ${text}`),
  };
}

function logTo(note: (text: string) => void): Log {
  const say = (fields: object, text: string): void => {
    const about = Object.entries(fields).map(([name, value]) =>
      value instanceof Error ? `${name}=${value.message}` : `${name}=${JSON.stringify(value)}`,
    );
    note([text, ...about].join(' '));
  };
  return { debug: () => undefined, info: () => undefined, warn: say, error: say };
}
