import type { Failure } from '@mcpvault/domain/failure';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ModernHeaders } from '../upstream/link.ts';
import type { Outlet } from './outlet.ts';

/** What stands behind an endpoint for one conversation: one server, or all of them merged. */
export interface Endpoint {
  /** Takes a request; its answer goes to the outlet, sooner or later, whatever happens. */
  request(message: Message, outlet: Outlet, modern: ModernHeaders | null): void;
  /** Takes a notification; returns why it was refused, or null. Then `taken` is called once the server has it. */
  notification(message: Message, taken: () => void): Failure | null;
  /** The client wants to hear what comes unasked; `ready` is called once the servers can be heard, or will not be. */
  listen(ready: () => void): void;
  /** A server was changed or retired: what this conversation has of it is over. */
  drop(server: ServerId, why: string): void;
  close(): void;
}
