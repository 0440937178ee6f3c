import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ServerEntry } from '../catalog/server.ts';
import type { Caller, Principal } from '../identity/caller.ts';
import type { Circumstances } from '../identity/condition.ts';
import type { Reach } from '../identity/reach.ts';
import type { LimitState } from '../limits/exceeded.ts';
import type { CompiledPolicies } from '../policy/compile.ts';
import type { MessageFacts } from '../policy/message-facts.ts';
import type { Direction } from '../policy/policy.ts';

/** One message in flight, as the stages see it. Nothing in it changes while it is judged. */
export interface Exchange {
  /** `call` travels to the server, `result` to the client. */
  readonly direction: Direction;
  /** The message as it came in. */
  readonly message: Message;
  /** For an answer: the request it answers. null for requests and notifications. */
  readonly answers: Message | null;
  /** The endpoint's path segment: a server's name, or null for the merged endpoint. */
  readonly endpoint: string | null;
}

/** What is true about an exchange at this moment, gathered before it is judged. */
export interface Facts {
  /** Whose credential came with the message; null when it names nobody any more. */
  readonly caller: Caller | null;
  /** Who opened the conversation; null when there is none. */
  readonly owner: Principal | null;
  /** The server that the endpoint and name lead to; null when there is none that the caller may use. */
  readonly server: ServerEntry | null;
  /** What of it the caller may use; null when there is no such server. */
  readonly reach: Reach | null;
  readonly circumstances: Circumstances;
  /** The target's name as the server knows it, where the endpoint offers it under another; null where it is the same. */
  readonly bareName: string | null;
  /** What policies ask of messages like this one; null when none applies. */
  readonly policies: CompiledPolicies | null;
  /** What conditions read besides: the tool, the conversation, the clock. */
  readonly message: MessageFacts;
  /** Calls of this member under way, this one not counted, and how many there may be. */
  readonly underway: number;
  readonly maxUnderway: number;
  /** The limit that leaves no room for this call; null when all that apply do. */
  readonly exceeded: LimitState | null;
  /** False when the organization wants every message recorded and that is not possible now. */
  readonly recording: boolean;
}
