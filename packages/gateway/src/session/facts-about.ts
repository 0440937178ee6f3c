// What conditions may ask about a message besides the message itself, from memory, and only when they ask.
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { ServerId } from '@mcpvault/domain/ids';
import type { CompiledPolicies } from '@mcpvault/domain/policy/compile';
import type { MessageFacts, SessionFacts } from '@mcpvault/domain/policy/message-facts';
import type { PolicyDirection } from '@mcpvault/domain/policy/policy';
import type { GatewayHost } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { SessionMemory } from './session-memory.ts';

interface About {
  readonly conversation: Conversation;
  readonly caller: Caller | null;
  readonly server: ServerId | null;
}

export function factsAbout(
  host: GatewayHost,
  memory: SessionMemory,
  { conversation, caller, server }: About,
): MessageFacts {
  const { policing } = host;
  const key = memory.keyOf(conversation);
  let session: SessionFacts | null = null;
  return {
    now: host.ambient.clock.now(),
    client: conversation.client,
    ip: conversation.address,
    workstation: null,
    tool: (name) => (server === null ? null : policing.tool(server, name)),
    teams: () => (caller === null ? [] : policing.teamNames(caller)),
    get session() {
      return (session ??= memory.facts(key));
    },
    quarantine: (tool) =>
      caller === null
        ? null
        : policing.quarantined({ organization: caller.organization, server, tool, conversation: key }),
    key: () => policing.key((caller ?? conversation.caller).organization),
    conversation: key,
  };
}

export function policiesFor(
  host: GatewayHost,
  about: {
    readonly caller: Caller;
    readonly server: ServerId | null;
    readonly direction: PolicyDirection;
    readonly tool: string | null;
    readonly conversation: Conversation;
  },
): CompiledPolicies | null {
  const { caller, server, direction, tool, conversation } = about;
  const policies = host.policies(caller.organization);
  if (policies.size === 0) return null;
  return policies.forMessage({ server, direction, tool, caller, client: conversation.client, workstation: null });
}
