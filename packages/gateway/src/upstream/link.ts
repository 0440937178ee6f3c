// One conversation's way to one server, whatever carries it. A link moves messages and keeps its hop's ids, sessions and
// headers; it judges nothing and records nothing.
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { Failure } from '@mcpvault/domain/failure';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';

/** Takes what comes back for one request. Exactly one of `answer` and `fail` is called, last. */
export interface CallSink {
  /** A notification or request of the server that belongs to this call. */
  related(message: Message): void;
  /** The answer, under the id that the request came with; `status` is the HTTP status it came with, 200 elsewhere. */
  answer(message: Message, status: number): void;
  fail(failure: Failure): void;
  /** The answer takes long, and whoever works on it has just been seen at work. */
  alive?(): void;
  /** False while the client reads slower than the server writes; the link then stops reading where it can. */
  hasRoom(): boolean;
  /** Calls back once there is room again. */
  onRoom(resume: () => void): void;
}

/** Takes what a server sends of its own accord, outside any call. */
export interface Listener {
  unsolicited(message: Message): void;
  /**
   * The link is of no use any more: the process ended, the session is gone. `forgotten`: with it went something that this
   * conversation had told the server, so that another link could not go on in its place.
   */
  lost(failure: Failure, forgotten: boolean): void;
}

/** A message with what the pipeline changed in it. */
export interface Outbound {
  readonly message: Message;
  readonly edits: readonly Edit[];
}

/** What a modern request carries beside its body. Values are as they came in. */
export interface ModernHeaders {
  readonly version: string;
  /** `Mcp-Param-*` headers by lower-case name. */
  readonly params: Readonly<Record<string, string>>;
}

export interface Call {
  /** The caller gave up: tells the server where the protocol can, and drops what still comes. */
  cancel(reason: string): void;
}

export interface Link {
  /** Sends a request. `modern` is null for messages of a legacy session. Never calls the sink synchronously. */
  call(request: Outbound, modern: ModernHeaders | null, sink: CallSink): Call;
  /**
   * Sends a notification, or a client's answer to a server's request. `taken` is called once the server has it, or never
   * will: what is sent after that cannot overtake it. Never synchronously.
   */
  tell(message: Outbound, taken?: () => void): void;
  /**
   * Opens what the server wants to say unasked, if its transport needs opening; idempotent. `ready` is called once it is
   * open, or will not be.
   */
  listen(ready?: () => void): void;
  /** True while the server was not reached and the link answers in its place, so that nothing is shown about the server. */
  readonly standing?: boolean;
  /** Ends the conversation on this hop and tells the server where the protocol can. */
  close(): void;
}
