// One running stdio MCP server. API first; the body follows.
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Id } from '@mcpvault/domain/ids';

/** One line that a server process wrote to stderr, or that says when it started and how it ended. */
export interface ProcessLogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Id of the process that wrote it. */
  readonly process: string;
  readonly text: string;
}

/** How a process ended. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** For people: what happened and, where one is known, the fix. */
  readonly reason: string;
  /** True when MCPVault ended it on purpose. */
  readonly requested: boolean;
  readonly livedMs: number;
}

export declare class ServerProcess {
  readonly id: Id<'prc'>;
  readonly server: ServerEntry;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /**
   * Gets every line of stdout without its line end; set it in the same turn as `acquire`. The buffer may be a view of a
   * larger chunk: copy it before keeping it for long.
   */
  onLine: (line: Buffer) => void;
  /** null when it could not be started. */
  get pid(): number | null;
  /** null while it runs. */
  get exit(): ProcessExit | null;
  /**
   * Sends one message given in parts; adds the line end and turns line breaks inside into spaces. Parts must not be
   * changed afterwards. Throws `Failure('busy')` when the process reads too slowly and `Failure('upstream_unavailable')`
   * when it has ended or is being ended.
   */
  send(parts: readonly Buffer[]): void;
  /** Called exactly once per listener, after the last line; at once (next microtask) when it has ended already. */
  onExit(listener: (exit: ProcessExit) => void): void;
  /** Closes stdin, then SIGTERM, then SIGKILL to the group, `grace` milliseconds apart. Resolves when all are gone. */
  stop(options: { readonly grace: number; readonly why?: string }): Promise<void>;
}
