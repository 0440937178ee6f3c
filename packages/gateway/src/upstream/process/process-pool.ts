// Runs the processes of approved stdio servers. API first; the body follows.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ServerId } from '@mcpvault/domain/ids';
import type { GatewaySettings, Log } from '../../ports.ts';
import type { ProcessLogLine, ServerProcess } from './server-process.ts';

export interface ProcessPoolDeps {
  readonly ambient: Ambient;
  readonly log: Log;
  readonly settings: Pick<
    GatewaySettings,
    'maxMessageBytes' | 'processIdle' | 'maxProcesses' | 'maxProcessesPerServer' | 'processHome'
  >;
  /** Id of this data directory: marks every process, so that a later start finds what an earlier one left. */
  readonly instance: string;
  /** The hub's own environment; only an allow-list of it reaches a process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface ProcessPool {
  /**
   * The running process of this server version for `key`, started when absent. Every `acquire` needs one `release`.
   * Throws `Failure('upstream_unavailable')` for a disabled server or while backing off after crashes, saying when it
   * tries again, and `Failure('busy')` at the limits. A failing start shows as the process's `onExit`.
   */
  acquire(server: ServerEntry, key: string): ServerProcess;
  /** The caller no longer uses it; also to be called after it ended. */
  release(process: ServerProcess): void;
  /** Ends every process of a server and forgets its crashes, so that the next `acquire` tries at once. Never rejects. */
  closeServer(server: ServerId, why: string): Promise<void>;
  /** Processes of a server that have not ended. */
  count(server: ServerId): number;
  /** Lines of running and lately ended processes, oldest first, bounded. */
  logs(server: ServerId): readonly ProcessLogLine[];
  /** Ends everything, waiting `grace` milliseconds before each harder step; nothing can be acquired any more. */
  stopAll(grace: number): Promise<void>;
}

export declare function createProcessPool(deps: ProcessPoolDeps): ProcessPool;
