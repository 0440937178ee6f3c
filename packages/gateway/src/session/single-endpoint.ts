// One server, 1:1: every name and URI passes untouched, in the client's own era. What the server can, the client gets.
import { Failure } from '@mcpvault/domain/failure';
import type { ServerVersionId } from '@mcpvault/domain/ids';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { failureError, statusOf } from '../downstream/rpc-error.ts';
import type { Usable } from '../ports.ts';
import type { Link, Listener } from '../upstream/link.ts';
import { protocolOf } from '../upstream/http-link.ts';
import { ClientCall } from './client-call.ts';
import type { Conversation, Outlet } from './conversation.ts';
import type { Core } from './core.ts';
import type { Endpoint } from './endpoint.ts';
import { relayToClient, tellServer } from './server-message.ts';

/** `name` is looked up anew for every message: a grant that was taken back ends at the next one. */
export function createSingleEndpoint(core: Core, conversation: Conversation, name: string): Endpoint {
  let link: Link | null = null;
  let version: ServerVersionId | null = null;
  const usable = (): Usable | null => core.host.catalog.byName(conversation.caller, name);
  const listener: Listener = {
    unsolicited(message) {
      const now = usable();
      if (link !== null && now !== null) {
        relayToClient({ core, conversation, usable: now }, link, message, (data) => conversation.say(data));
      }
    },
    ended(failure) {
      link = null;
      if (conversation.era === 'legacy') conversation.end(failure.message);
    },
  };
  const open = (): Link => {
    if (link !== null) return link;
    const now = usable();
    if (now === null) throw new Failure('forbidden', `there is no server "${name}" that you may use`);
    version = now.server.version;
    link = core.links.open(
      now.server,
      { caller: conversation.caller, conversation: conversation.id, era: conversation.era },
      listener,
    );
    if (conversation.isListening) link.listen();
    return link;
  };
  /** The server was changed: this session belongs to a version that is gone, and the client begins anew. */
  const outdated = (message: Message, outlet: Outlet): void => {
    const failure = new Failure(
      'session_not_found',
      `the server "${name}" was changed; begin a new session with initialize`,
    );
    outlet.answer(failureError(message, failure), statusOf(failure.code));
    conversation.end('the server was changed');
  };
  const close = (): void => {
    const closing = link;
    link = null;
    closing?.close();
  };
  return {
    request(message, outlet, modern) {
      if (message.method === 'ping' && modern === null) return answerPing(message, outlet);
      const now = usable();
      if (link !== null && now !== null && now.server.version !== version) return outdated(message, outlet);
      new ClientCall({
        core,
        conversation,
        usable: now,
        message,
        bareName: null,
        modern,
        outlet,
        link: open,
        answered:
          message.method === 'initialize' ? (answer) => void (conversation.protocol = protocolOf(answer)) : undefined,
        patience: patienceFor(message, core),
        finished: modern === null ? undefined : close,
      }).begin();
    },
    notification(message) {
      return tellServer(core, conversation, usable(), message, () => link);
    },
    listen() {
      link?.listen();
    },
    close,
  };
}

export function patienceFor(message: Message, core: Core): number | null {
  if (message.method === 'subscriptions/listen') return null;
  return message.method === 'initialize' ? core.settings.connectTimeout : core.settings.callTimeout;
}

export function answerPing(message: Message, outlet: Outlet): void {
  const id = message.idSpan === null ? 'null' : message.textAt(message.idSpan);
  outlet.answer(Buffer.from(`{"jsonrpc":"2.0","id":${id},"result":{}}`), 200);
}
