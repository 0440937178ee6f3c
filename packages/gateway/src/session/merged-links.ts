// The links of one merged conversation: opened when first needed, each greeted in the client's name, each failing alone.
import { Failure } from '@mcpvault/domain/failure';
import type { ServerVersionId } from '@mcpvault/domain/ids';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { latestLegacy } from '@mcpvault/protocol/mcp/revision';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Usable } from '../ports.ts';
import type { Link } from '../upstream/link.ts';
import type { Conversation } from './conversation.ts';
import type { Core } from './core.ts';
import { callServer } from './internal-call.ts';
import { relayToClient } from './server-message.ts';

export interface MergedLink {
  readonly usable: Usable;
  readonly link: Link;
  /** What the server declared; null for modern servers, which are simply asked. */
  readonly capabilities: Readonly<Record<string, unknown>> | null;
}

export interface MergedLinks {
  open(usable: Usable): Promise<MergedLink>;
  /** Those that are open now. */
  opened(): readonly MergedLink[];
  close(): void;
}

/** `greeting` is the client's own `initialize`, whose name and capabilities are passed on; null in the modern era. */
export function createMergedLinks(core: Core, conversation: Conversation, greeting: () => Message | null): MergedLinks {
  const links = new Map<ServerVersionId, Promise<MergedLink>>();
  const open = new Map<ServerVersionId, MergedLink>();
  let closed = false;

  function begin(usable: Usable): { link: Link } {
    const { server } = usable;
    const holder: { link: Link | null } = { link: null };
    const link = core.links.open(
      server,
      { caller: conversation.caller, conversation: conversation.id, era: conversation.era },
      {
        unsolicited(message) {
          const now = core.host.catalog.byName(conversation.caller, server.name);
          if (now !== null && holder.link !== null) {
            relayToClient({ core, conversation, usable: now }, holder.link, message, (data) => conversation.say(data));
          }
        },
        ended() {
          links.delete(server.version);
          open.delete(server.version);
        },
      },
    );
    holder.link = link;
    return { link };
  }

  async function connect(usable: Usable): Promise<MergedLink> {
    const { link } = begin(usable);
    try {
      const capabilities = conversation.era === 'modern' ? null : await greet(usable, link);
      const opened: MergedLink = { usable, link, capabilities };
      if (closed) throw new Failure('cancelled', 'the session has ended');
      open.set(usable.server.version, opened);
      if (conversation.isListening) link.listen();
      return opened;
    } catch (error) {
      links.delete(usable.server.version);
      link.close();
      throw error;
    }
  }

  async function greet(usable: Usable, link: Link): Promise<Readonly<Record<string, unknown>>> {
    const params = greeting()?.json['params'] as { clientInfo?: unknown; capabilities?: unknown } | undefined;
    const answer = await callServer({
      link,
      method: 'initialize',
      params: JSON.stringify({
        protocolVersion: conversation.protocol ?? latestLegacy,
        capabilities: params?.capabilities ?? {},
        clientInfo: params?.clientInfo ?? { name: 'mcpvault', version: '0.1.0' },
      }),
      modern: null,
      patience: core.settings.connectTimeout,
      server: usable.server.name,
    });
    const initialized = Buffer.from('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    link.tell({ message: parseMessage(initialized, { maxDepth: 10, check: 'structure' }), edits: [] });
    const result = answer.json['result'] as { capabilities?: unknown };
    return typeof result.capabilities === 'object' && result.capabilities !== null
      ? (result.capabilities as Record<string, unknown>)
      : {};
  }

  return {
    open(usable) {
      let link = links.get(usable.server.version);
      if (link === undefined) {
        link = connect(usable);
        links.set(usable.server.version, link);
      }
      return link;
    },
    opened: () => [...open.values()],
    close() {
      closed = true;
      for (const { link } of open.values()) link.close();
      open.clear();
      links.clear();
    },
  };
}
