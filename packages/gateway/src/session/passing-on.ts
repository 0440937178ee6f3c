import { Failure } from '@mcpvault/domain/failure';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Usable } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';

/** How a message has to be changed before it may travel. Throws a `Failure` when it may not. */
export type PassingOn = (message: Message) => readonly Edit[];

/**
 * What an endpoint passes on of a client's words in a message of its own is judged as the client's: for this server, and
 * as part of a call that is counted already.
 */
export function passingOn(core: Core, conversation: Conversation, usable: Usable): PassingOn {
  const { caller, owner, address, client, endpoint } = conversation;
  return (message) => {
    const { refusal, edits } = core.judge.call(message, {
      conversation,
      caller,
      owner,
      address,
      client,
      endpoint,
      usable,
      bareName: null,
      counted: true,
    });
    if (refusal !== null) throw new Failure(refusal.code, refusal.reason);
    return edits;
  };
}
