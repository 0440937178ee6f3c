import { createHash } from 'node:crypto';
import { principalOf } from '@mcpvault/domain/identity/caller';
import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import { metaKeys } from '@mcpvault/protocol/mcp/revision';
import type { Conversation } from './conversation.ts';

/**
 * Who asks, by what right, and what else a server may make its answers depend on: two conversations get the same answers
 * only if all of it is the same. `opening` is what tells of the client: the `initialize` of a legacy conversation, any
 * request of a modern one.
 */
export function authorizationContext(conversation: Conversation, opening: Message | null): string {
  const { caller, era, protocol } = conversation;
  const who = `${caller.organization} ${principalOf(caller)} ${caller.token ?? ''} ${era} ${protocol ?? ''}`;
  return `${who} ${opening === null ? '' : clientOf(opening)}`;
}

const digests = new WeakMap<Message, string>();

/** What the client says it can do, in short. */
function clientOf(opening: Message): string {
  let digest = digests.get(opening);
  if (digest === undefined) {
    const { params, text, marks } = opening;
    const holder = opening.method === 'initialize' ? params : marks.meta;
    const name = opening.method === 'initialize' ? 'capabilities' : metaKeys.clientCapabilities;
    const span = holder === null ? null : memberAt(text, holder, name);
    digest = span === null ? '' : createHash('sha256').update(opening.textAt(span)).digest('base64url').slice(0, 22);
    digests.set(opening, digest);
  }
  return digest;
}
