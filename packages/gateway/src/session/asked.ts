import type { Verdict } from '@mcpvault/domain/pipeline/outcome';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Usable } from '../ports.ts';
import type { Link } from '../upstream/link.ts';

/** A request of a server that waits for the client's answer. */
export interface Asked {
  readonly request: Message;
  readonly link: Link;
  readonly usable: Usable;
  /** True when the client knows the request, and its progress token, under another id than the server. */
  readonly renamed: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Told what became of it. */
  answered(answer: Message, verdict: Verdict): void;
  /** No answer will come: tells the server, and records why. */
  unanswered(why: string): void;
}
