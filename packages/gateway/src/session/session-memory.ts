// What conversations have done so far, for the conditions of policies: labels, counts, and what tokens stand for. Kept in
// memory, for as long as a conversation is used, and bounded. A legacy session is one conversation; modern messages, which
// know no sessions, belong together when caller, token, client and endpoint are the same.
import type { Clock } from '@mcpvault/domain/ambient';
import type { ServerId } from '@mcpvault/domain/ids';
import { noSession, type SessionFacts } from '@mcpvault/domain/policy/message-facts';
import type { Conversation } from './conversation.ts';

export interface SessionMemory {
  /** What stands for this conversation in tokens, quarantines and here. */
  keyOf(conversation: Conversation): string;
  facts(key: string): SessionFacts;
  called(key: string, server: ServerId | null, tool: string): void;
  refused(key: string): void;
  read(key: string, server: string): void;
  label(key: string, labels: readonly string[]): void;
  keepToken(key: string, token: string, text: string, server: ServerId | null): void;
  sweep(now: number): void;
}

class Remembered implements SessionFacts {
  readonly since: number;
  readonly tools = new Map<ServerId | null, Map<string, number>>();
  readonly known = { labels: new Set<string>(), servers: new Set<string>() };
  readonly tokens = new Map<string, { readonly text: string; readonly server: ServerId | null }>();
  usedAt: number;
  /** Tools that are counted. */
  named = 0;
  calls = 0;
  refusals = 0;

  constructor(now: number) {
    this.since = now;
    this.usedAt = now;
  }

  get labels(): readonly string[] {
    return [...this.known.labels];
  }

  get servers(): readonly string[] {
    return [...this.known.servers];
  }

  get hasTokens(): boolean {
    return this.tokens.size > 0;
  }

  callsOfTool(server: ServerId | null, tool: string): number {
    return this.tools.get(server)?.get(tool) ?? 0;
  }

  restore(token: string, server: ServerId | null): string | null {
    const kept = this.tokens.get(token);
    return kept === undefined || kept.server !== server ? null : kept.text;
  }
}

const mostConversations = 50_000;
/** Of labels, servers and tools that one conversation is remembered by. */
const mostNames = 1_000;
const mostTokens = 10_000;
/** Milliseconds. */
const forgottenAfter = 12 * 3_600_000;

export function createSessionMemory(clock: Clock): SessionMemory {
  const conversations = new Map<string, Remembered>();

  function of(key: string): Remembered {
    const now = clock.now();
    const known = conversations.get(key);
    if (known !== undefined) {
      known.usedAt = now;
      return known;
    }
    const made = new Remembered(now);
    if (conversations.size >= mostConversations) forgetOldest();
    conversations.set(key, made);
    return made;
  }

  /** A tenth of them at once, since looking for them takes a moment. */
  function forgetOldest(): void {
    const ages = Array.from(conversations.values(), ({ usedAt }) => usedAt).toSorted((a, b) => a - b);
    const until = ages[mostConversations / 10] ?? 0;
    for (const [key, { usedAt }] of conversations) if (usedAt <= until) conversations.delete(key);
  }

  return {
    keyOf: ({ era, id, caller, client, endpoint }) =>
      era === 'legacy' ? id : `${caller.member} ${caller.token ?? ''} ${client ?? ''} ${endpoint ?? ''}`,
    facts: (key) => conversations.get(key) ?? { ...noSession, since: clock.now() },
    called(key, server, tool) {
      const conversation = of(key);
      conversation.calls++;
      const before = conversation.callsOfTool(server, tool);
      if (before === 0 && conversation.named++ >= mostNames) return;
      let tools = conversation.tools.get(server);
      if (tools === undefined) conversation.tools.set(server, (tools = new Map()));
      tools.set(tool, before + 1);
    },
    refused: (key) => void of(key).refusals++,
    read: (key, server) => add(of(key).known.servers, server),
    label(key, labels) {
      for (const label of labels) add(of(key).known.labels, label);
    },
    keepToken(key, token, text, server) {
      const { tokens } = of(key);
      const [oldest] = tokens.keys();
      if (tokens.size >= mostTokens && oldest !== undefined) tokens.delete(oldest);
      tokens.set(token, { text, server });
    },
    sweep(now) {
      for (const [key, { usedAt }] of conversations) if (now - usedAt > forgottenAfter) conversations.delete(key);
    },
  };
}

function add(names: Set<string>, name: string): void {
  if (names.size < mostNames) names.add(name);
}
