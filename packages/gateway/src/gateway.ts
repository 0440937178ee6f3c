// The gateway: carries messages between clients and servers through the pipeline, and nothing else. It knows no database
// and no console; what it needs it asks of its host (ports.ts).
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Confinement } from '@mcpvault/domain/catalog/process-rules';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { MemberId, ServerId } from '@mcpvault/domain/ids';
import type { HttpRequest } from './downstream/http-request.ts';
import type { Reply } from './downstream/reply.ts';
import type { SsePart } from './downstream/sse-face.ts';
import type { StdioFace } from './downstream/stdio-face.ts';
import type { ProcessLogLine, ServerProcess } from './upstream/process/server-process.ts';

/** A tool as its server describes it; unknown members are kept. */
export interface ToolDefinition {
  readonly name: string;
  readonly [member: string]: unknown;
}

/** What first contact with a server showed. */
export interface Probe {
  /** Revisions it spoke with us, e.g. `2025-11-25`; the last one is the newest. */
  readonly protocol: string;
  /** As the server names itself: a claim. */
  readonly serverInfo: { readonly name?: string; readonly version?: string };
  readonly tools: readonly ToolDefinition[];
}

/** What the gateway holds at this moment. */
export interface GatewayLoad {
  /** Requests of clients that were not answered yet. */
  readonly calls: number;
  /** Legacy sessions that are open. */
  readonly sessions: number;
  /** Conversations with servers that are open. */
  readonly links: number;
  /** Requests to servers that were not answered yet. */
  readonly waiting: number;
}

export interface Gateway {
  /** Answers one HTTP request to `/mcp` (endpoint null) or `/mcp/{name}`. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse, endpoint: string | null): void;
  /** The same for a request that something else than Node's HTTP server has read. */
  carry(request: HttpRequest, reply: Reply, endpoint: string | null): void;
  /**
   * Answers one HTTP request of clients of 2024-11-05: to `…/sse`, a stream, or to `…/sse/message`, which belongs to one.
   * Never throws.
   */
  handleSse(request: IncomingMessage, response: ServerResponse, endpoint: string | null, part: SsePart): void;
  /** Takes over a connection that asked to become a WebSocket at `/mcp` or `/mcp/{name}`. Never throws. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, endpoint: string | null): void;
  /** Carries the conversation of the client that started this process, over its stdin and stdout. */
  readonly converse: StdioFace;
  /**
   * Contacts a server, in the name of a member where one is given, and lists its tools; throws a `Failure` whose message
   * says reason and fix.
   */
  probe(server: ServerEntry, member?: MemberId): Promise<Probe>;
  /** Ends every process, connection and session of a server, e.g. because it changed or was retired. */
  close(server: ServerId, why: string): void;
  /**
   * A server was changed: calls under way are finished by what runs of the older version, and what comes next finds the
   * newer one.
   */
  replaced(server: ServerId, why: string): void;
  /**
   * A sign-in at a server came or went: of one member, or the one that all share (null). What was shown of the server is
   * asked for anew.
   */
  signInChanged(server: ServerEntry, member: MemberId | null): void;
  /** Who may ask has changed, as far as the host knows: streams of those who may not any more are cut. */
  recheck(): void;
  /** Running processes or open upstream conversations of a server. */
  connections(server: ServerId): number;
  /** The processes of a server that run; `leaving` ones take no further calls. */
  processes(server: ServerId): readonly {
    readonly process: Pick<ServerProcess, 'id' | 'pid' | 'startedAt'>;
    readonly confinement: Confinement;
    readonly calls: number;
    readonly leaving: boolean;
  }[];
  /** What becomes of the rules of a server's processes on this machine. */
  confinement(server: Pick<ServerEntry, 'processes'>): Confinement;
  /** What the server's processes wrote to stderr lately, oldest first. */
  logs(server: ServerId): readonly ProcessLogLine[];
  load(): GatewayLoad;
  /** Stops taking new calls, waits for those under way at most `milliseconds`, then ends every process. */
  drain(milliseconds: number): Promise<void>;
}
