import type { Failure } from '@mcpvault/domain/failure';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { failureError, statusOf } from '../downstream/rpc-error.ts';
import type { ModernHeaders } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Endpoint } from './endpoint.ts';
import type { Outlet } from './outlet.ts';

/** The endpoint of a legacy session, which hears only what can happen in the phase that its conversation is in. */
export class GatedEndpoint implements Endpoint {
  readonly #conversation: Conversation;
  readonly #inner: Endpoint;

  constructor(conversation: Conversation, inner: Endpoint) {
    this.#conversation = conversation;
    this.#inner = inner;
  }

  /** Whether somebody is there can be asked at any time. */
  request(message: Message, outlet: Outlet, modern: ModernHeaders | null): void {
    if (message.method !== 'ping') {
      const refused = this.#conversation.happens(message.method === 'initialize' ? 'initialize' : 'request');
      if (refused !== null) return outlet.answer(failureError(message, refused), statusOf(refused.code));
    }
    this.#inner.request(message, outlet, modern);
  }

  notification(message: Message, taken: () => void): Failure | null {
    return this.#conversation.happens('notification') ?? this.#inner.notification(message, taken);
  }

  listen(ready: () => void): void {
    if (this.#conversation.happens('listen') === null) this.#inner.listen(ready);
    else ready();
  }

  drop(server: ServerId, why: string): void {
    this.#inner.drop(server, why);
  }

  close(): void {
    this.#inner.close();
  }
}
