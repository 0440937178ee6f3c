import type { FlowFacts } from '../flow/flow-facts.ts';
import type { ServerId } from '../ids.ts';
import type { JsonSchema } from '../validation/json-schema.ts';

/** A tool as its server describes it, and since when it has been described so. */
export interface ToolFacts {
  readonly name: string;
  readonly description: string;
  readonly readOnly: boolean;
  readonly destructive: boolean;
  readonly idempotent: boolean;
  readonly openWorld: boolean;
  readonly fingerprint: string;
  /** Milliseconds since the epoch; null where nobody kept it. */
  readonly firstSeen: number | null;
  /** Whether an admin approved its definition as it is now. Left out counts as no. */
  readonly approved?: boolean;
  /** What it says that its structured results look like; left out where it does not say. */
  readonly outputSchema?: JsonSchema;
}

/** What a conversation has done so far. */
export interface SessionFacts {
  readonly labels: readonly string[];
  readonly calls: number;
  callsOfTool(server: ServerId | null, tool: string): number;
  readonly refusals: number;
  readonly servers: readonly string[];
  /** Milliseconds since the epoch: its first message. */
  readonly since: number;
  /** What stands for a token in a call to this server; null for what is no token of this conversation. */
  restore(token: string, server: ServerId | null): string | null;
  /** Whether there are any tokens at all. */
  readonly hasTokens: boolean;
}

/** What conditions read about a message besides the message itself. Gathered lazily: most of it is asked for rarely. */
export interface MessageFacts {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `name/version`, as it calls itself. */
  readonly client: string | null;
  readonly ip: string | null;
  readonly workstation: string | null;
  /** What the server's list says of a tool; null when it does not list it. */
  tool(name: string): ToolFacts | null;
  /** Names of the caller's teams. */
  teams(): readonly string[];
  readonly session: SessionFacts;
  /** Where values of these texts came from. Left out where nobody keeps it. */
  readonly flow?: (texts: readonly string[]) => FlowFacts;
  /** Why nobody may use this tool, or this conversation; null when nothing is quarantined. */
  quarantine(tool: string | null): string | null;
  /** A key for digests and tokens that is this organization's alone. */
  key(): Uint8Array;
  /** Identifies the conversation in tokens. */
  readonly conversation: string;
}

export const noSession: SessionFacts = {
  labels: [],
  calls: 0,
  callsOfTool: () => 0,
  refusals: 0,
  servers: [],
  since: 0,
  restore: () => null,
  hasTokens: false,
};
