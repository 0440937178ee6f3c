// Modern messages carry everything in themselves: each makes its own short conversation, and leaves nothing behind.
import { Failure } from '@mcpvault/domain/failure';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { failureError, statusOf } from '../downstream/rpc-error.ts';
import type { ModernHeaders } from '../upstream/link.ts';
import type { Conversation, Outlet } from './conversation.ts';
import type { Core } from './core.ts';
import { createMergedEndpoint } from './merged-endpoint.ts';
import { createSingleEndpoint } from './single-endpoint.ts';

/** Which eras a server was seen to speak; null while nobody looked. */
export type KnownEras = (server: ServerId) => { readonly legacy: boolean; readonly modern: boolean } | null;

export interface ModernEndpoints {
  request(conversation: Conversation, message: Message, outlet: Outlet, headers: ModernHeaders): void;
}

export function createModernEndpoints(core: Core, eras: KnownEras): ModernEndpoints {
  const speaksModern = (server: ServerId): boolean => eras(server)?.modern !== false;
  return {
    request(conversation, message, outlet, headers) {
      const { endpoint: name, caller } = conversation;
      const servers = name === null ? core.host.catalog.usable(caller) : [core.host.catalog.byName(caller, name)];
      const deaf = servers.filter((usable) => usable !== null && !speaksModern(usable.server.id));
      if (deaf.length > 0) {
        const names = deaf.map((usable) => usable?.server.name).join(', ');
        const failure = new Failure(
          'unsupported_pairing',
          `${names} speaks a revision before 2026-07-28 only; begin with initialize`,
        );
        return outlet.answer(failureError(message, failure), statusOf(failure.code));
      }
      const endpoint =
        name === null ? createMergedEndpoint(core, conversation) : createSingleEndpoint(core, conversation, name);
      endpoint.request(message, outlet, headers);
    },
  };
}
