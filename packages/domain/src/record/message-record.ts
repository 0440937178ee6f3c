import type { ConversationId, MemberId, MessageId, OrganizationId, ServerId, TokenId } from '../ids.ts';
import type { RoleId } from '../identity/role.ts';
import type { Finding } from '../inspection/finding.ts';
import type { MessageTrace } from '../policy/rule-trace.ts';
import type { Edit } from '../redaction/edit.ts';

/**
 * How an exchange ended. `answered`: a result reached the caller (`tool_error` when the tool itself said isError);
 * `error`: the server answered with a JSON-RPC error; `refused`: MCPVault said no; `failed`: no usable answer came;
 * `cancelled`: the caller gave up; `sent`: a notification, which has no answer.
 */
export type MessageOutcome = 'answered' | 'tool_error' | 'error' | 'refused' | 'failed' | 'cancelled' | 'sent';
export const messageOutcomes: readonly MessageOutcome[] = [
  'answered',
  'tool_error',
  'error',
  'refused',
  'failed',
  'cancelled',
  'sent',
];

/** Where an original lies in the plaintext of its block: byte offset and length. */
export interface BodyPlace {
  readonly offset: number;
  readonly length: number;
}

/**
 * One JSON-RPC exchange through MCPVault, without its originals: those lie sealed in a block, found by `request` and
 * `response`. What was delivered is `apply(original, edits)`. Nothing in here repeats a secret.
 */
export interface MessageRecord {
  readonly id: MessageId;
  readonly organization: OrganizationId;
  /** When the first byte was judged: milliseconds since the epoch. */
  readonly at: number;
  readonly member: MemberId;
  readonly token: TokenId | null;
  readonly conversation: ConversationId | null;
  /** The AI client as it calls itself, `name/version`; a claim, not a fact. */
  readonly client: string | null;
  /** The endpoint's path segment: a server's name, or null for the merged endpoint. */
  readonly endpoint: string | null;
  readonly server: ServerId | null;
  readonly serverName: string | null;
  /** Who began it: `call` the client, `result` the server (its requests and notifications travel to the client). */
  readonly direction: 'call' | 'result';
  readonly method: string;
  /** The tool or prompt name or resource URI asked for, as the server knows it and after redaction. */
  readonly target: string | null;
  /** Protocol revision spoken with the client, e.g. `2025-11-25`. */
  readonly protocol: string | null;
  readonly outcome: MessageOutcome;
  /** Failure code or policy verdict code; null when all went well. */
  readonly code: string | null;
  /** For people; why it was refused or failed. */
  readonly reason: string | null;
  /** Microseconds from the request's last byte to its answer's hand-over. */
  readonly durationUs: number;
  /** Microseconds spent waiting for the server; null when it was never asked. */
  readonly upstreamUs: number | null;
  readonly request: BodyPlace | null;
  readonly response: BodyPlace | null;
  readonly requestEdits: readonly Edit[];
  readonly responseEdits: readonly Edit[];
  readonly requestFindings: readonly Finding[];
  readonly responseFindings: readonly Finding[];
  /** The member's role at that moment. */
  readonly role: RoleId | null;
  /** Who really acted, when somebody acted as `member`; null when they did so in person. */
  readonly actedBy: MemberId | null;
  /** The arguments in outline (`outlineOf`): names and kinds, no values. */
  readonly parameters: string | null;
  /** The trace it belongs to, as the client says: 32 hexadecimal digits of a W3C `traceparent`. */
  readonly trace: string | null;
  /** What policies said about it; null when none looked. */
  readonly judged: MessageTrace | null;
  /**
   * What secrets the call was carried with, by name and never by value: `connection cnn_…` for a sign-in at the server,
   * `header X-Api-Key` and `env TOKEN` for what its definition holds. null: none. Left out of lines of earlier versions.
   */
  readonly secrets?: readonly string[] | null;
}
