import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Era } from '@mcpvault/protocol/mcp/revision';
import { clientNameOf } from './client-name.ts';
import { Conversation, type ConversationDeps } from './conversation.ts';
import { searchEndpoint } from '@mcpvault/domain/catalog/naming';
import type { Core } from './core.ts';
import type { Endpoint } from './endpoint.ts';
import { GatedEndpoint } from './gated-endpoint.ts';
import { elicitsOf } from './held/elicits.ts';
import { MergedEndpoint } from './merged-endpoint.ts';
import { SingleEndpoint } from './single-endpoint.ts';

/** How a conversation begins, whichever face the client came to. `endpoint` is a server's name, null for all merged. */
export interface Admission {
  /** `message` is the one that begins it, where that is known already. */
  conversationFor(era: Era, endpoint: string | null, caller: Caller, message: Message | null): Conversation;
  endpointFor(conversation: Conversation, endpoint: string | null): Endpoint;
}

export function createAdmission(core: Core): Admission {
  const { ambient } = core.host;
  const deps: ConversationDeps = { clock: ambient.clock, resumeBytes: core.settings.resumeBytes };
  return {
    conversationFor(era, endpoint, caller, message) {
      const conversation = new Conversation(ambient.ids.next('con'), era, endpoint, caller, deps);
      if (message !== null) conversation.client = clientNameOf(message);
      if (message !== null && era === 'legacy') conversation.elicits = elicitsOf(message);
      return conversation;
    },
    endpointFor(conversation, endpoint) {
      const inner =
        endpoint === null || endpoint === searchEndpoint
          ? new MergedEndpoint(core, conversation, endpoint === searchEndpoint)
          : new SingleEndpoint(core, conversation, endpoint);
      return conversation.era === 'legacy' ? new GatedEndpoint(conversation, inner) : inner;
    },
  };
}
