import type { OrganizationId, ServerId, ServerVersionId } from '../ids.ts';
import type { ProcessRules } from './process-rules.ts';
import type { UpstreamAuth } from './upstream-auth.ts';

/** Which era to speak with a server: the one found by asking it, or always the same. */
export type EraChoice = 'auto' | 'legacy' | 'modern';

/**
 * How a server is reached. Values of `env` and `headers` may be secrets: never log or return them. `era` left out is
 * `auto`.
 */
export type Transport =
  | {
      readonly type: 'stdio';
      readonly era?: EraChoice | undefined;
      readonly command: string;
      readonly args: readonly string[];
      readonly env: Readonly<Record<string, string>>;
      readonly cwd?: string | undefined;
    }
  | {
      readonly type: RemoteType;
      readonly era?: EraChoice | undefined;
      /** `http(s)://…`; of a WebSocket `ws(s)://…`. */
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Left out: MCPVault signs in nowhere, and sends the headers only. */
      readonly auth?: UpstreamAuth | undefined;
    };

/** The sign-in that a server wants; null where it wants none. */
export function authOf({ transport }: Pick<ServerEntry, 'transport'>): UpstreamAuth | null {
  return transport.type === 'stdio' ? null : (transport.auth ?? null);
}

/** How a server is spoken to that is running already: today's HTTP, the HTTP+SSE of 2024-11-05, or a WebSocket. */
export type RemoteType = 'streamable-http' | 'sse' | 'websocket';

/**
 * Who shares one process of a stdio server. `per-session` gives each conversation its own; the wider classes are for
 * servers declared stateless or multi-user, and one process then serves many conversations.
 */
export type Isolation = 'shared' | 'per-organization' | 'per-member' | 'per-session';

/** A server as the message path needs it: the approved version, ready to be reached. */
export interface ServerEntry {
  readonly id: ServerId;
  readonly organization: OrganizationId;
  /** Unique in the organization; the last path segment of its endpoint: `[a-z0-9][a-z0-9-]{0,62}`. */
  readonly name: string;
  readonly version: ServerVersionId;
  readonly transport: Transport;
  readonly isolation: Isolation;
  /** How its processes are run; of no meaning for servers that are reached over the network. */
  readonly processes: ProcessRules;
  readonly enabled: boolean;
}

export const serverNamePattern = /^[a-z0-9][a-z0-9-]{0,62}$/;
