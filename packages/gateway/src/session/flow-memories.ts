// What each AI client read and said lately, so that policies can ask where values came from. It belongs to caller, credential
// and client together, whichever endpoint or session a message is of: a model that reads on one server and sends on another is
// one reader, and modern clients have no sessions. Bounded; whoever was not heard of for longest is forgotten first.
import type { Random } from '@mcpvault/domain/ambient';
import { createFlowMemory, type FlowMemory } from '@mcpvault/domain/flow/flow-memory';
import type { Conversation } from './conversation.ts';

export interface FlowMemories {
  /** Made when it is first asked for. */
  of(conversation: Conversation, now: number): FlowMemory;
  sweep(now: number): void;
}

/** Values and runs of words, of all clients together: some 200 MB at most. */
const mostRemembered = 3_000_000;
const mostClients = 20_000;
/** Milliseconds. */
const forgottenAfter = 12 * 3_600_000;

export function createFlowMemories(random: Random): FlowMemories {
  /** Least lately used first. */
  const memories = new Map<string, { readonly memory: FlowMemory; usedAt: number; counted: number }>();
  const seed = new DataView(random.bytes(4).slice().buffer).getInt32(0);
  let remembered = 0;

  function forget(key: string, counted: number): void {
    memories.delete(key);
    remembered -= counted;
  }

  return {
    of({ caller, client }, now) {
      const key = `${caller.organization} ${caller.member} ${caller.token ?? ''} ${client ?? ''}`;
      const known = memories.get(key);
      const entry = known ?? { memory: createFlowMemory(seed), usedAt: now, counted: 0 };
      const size = entry.memory.size;
      remembered += size - entry.counted;
      entry.counted = size;
      entry.usedAt = now;
      memories.delete(key);
      memories.set(key, entry);
      for (const [other, { counted }] of memories) {
        if ((remembered <= mostRemembered && memories.size <= mostClients) || other === key) break;
        forget(other, counted);
      }
      return entry.memory;
    },
    sweep(now) {
      for (const [key, { usedAt, counted }] of memories) if (now - usedAt > forgottenAfter) forget(key, counted);
    },
  };
}
