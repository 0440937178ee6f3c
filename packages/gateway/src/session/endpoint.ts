import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ModernHeaders } from '../upstream/link.ts';
import type { Outlet } from './conversation.ts';
import type { Failure } from '@mcpvault/domain/failure';

/** What stands behind an endpoint for one conversation: one server, or all of them merged. */
export interface Endpoint {
  /** Takes a request; its answer goes to the outlet, sooner or later, whatever happens. */
  request(message: Message, outlet: Outlet, modern: ModernHeaders | null): void;
  /** Takes a notification; returns why it was refused, or null. */
  notification(message: Message): Failure | null;
  /** The client opened its stream for what comes unasked. */
  listen(): void;
  close(): void;
}
