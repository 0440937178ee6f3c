// What conditions may ask about a message besides the message itself, from memory, and only when they ask.
import type { FlowFacts } from '@mcpvault/domain/flow/flow-facts';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { ServerId } from '@mcpvault/domain/ids';
import type { CompiledPolicies } from '@mcpvault/domain/policy/compile';
import type { MessageFacts, SessionFacts, ToolFacts } from '@mcpvault/domain/policy/message-facts';
import type { PolicyDirection } from '@mcpvault/domain/policy/policy';
import type { GatewayHost } from '../ports.ts';
import type { Conversation } from './conversation.ts';
import type { FlowMemories } from './flow-memories.ts';
import type { SessionMemory } from './session-memory.ts';

interface About {
  readonly conversation: Conversation;
  readonly caller: Caller | null;
  readonly server: ServerId | null;
}

/** Made for every message: one object, and nothing computed that nobody asks for. */
export class FactsAbout implements MessageFacts {
  readonly #host: GatewayHost;
  readonly #memory: SessionMemory;
  readonly #flows: FlowMemories;
  readonly #about: About;
  readonly now: number;

  constructor(host: GatewayHost, memory: SessionMemory, flows: FlowMemories, about: About, now: number) {
    this.#host = host;
    this.#memory = memory;
    this.#flows = flows;
    this.#about = about;
    this.now = now;
  }

  get client(): string | null {
    return this.#about.conversation.client;
  }

  get workstation(): string | null {
    return this.#host.workstation ?? null;
  }

  get ip(): string | null {
    return this.#about.conversation.address;
  }

  tool(name: string): ToolFacts | null {
    const { server } = this.#about;
    return server === null ? null : this.#host.policing.tool(server, name);
  }

  teams(): readonly string[] {
    const { caller } = this.#about;
    return caller === null ? [] : this.#host.policing.teamNames(caller);
  }

  get session(): SessionFacts {
    return this.#memory.facts(this.conversation);
  }

  flow(texts: readonly string[]): FlowFacts {
    return this.#flows.of(this.#about.conversation, this.now).facts(texts);
  }

  quarantine(tool: string | null): string | null {
    const { caller, server } = this.#about;
    const { policing } = this.#host;
    if (caller === null || !policing.hasQuarantines(caller.organization)) return null;
    return policing.quarantined({
      organization: caller.organization,
      server,
      tool,
      conversation: this.conversation,
      caller,
    });
  }

  key(): Uint8Array {
    const { caller, conversation } = this.#about;
    return this.#host.policing.key((caller ?? conversation.caller).organization);
  }

  get conversation(): string {
    return this.#memory.keyOf(this.#about.conversation);
  }
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
  const { workstation = null } = host;
  return policies.forMessage({ server, direction, tool, caller, client: conversation.client, workstation });
}
