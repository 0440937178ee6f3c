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

interface Remembered {
  readonly since: number;
  usedAt: number;
  calls: number;
  refusals: number;
  readonly tools: Map<string, number>;
  readonly labels: Set<string>;
  readonly servers: Set<string>;
  readonly tokens: Map<string, { readonly text: string; readonly server: ServerId | null }>;
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
    const known = conversations.get(key);
    if (known !== undefined) {
      known.usedAt = clock.now();
      return known;
    }
    const now = clock.now();
    const made: Remembered = {
      since: now,
      usedAt: now,
      calls: 0,
      refusals: 0,
      tools: new Map(),
      labels: new Set(),
      servers: new Set(),
      tokens: new Map(),
    };
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
    facts(key) {
      const known = conversations.get(key);
      return known === undefined ? { ...noSession, since: clock.now() } : factsOf(known);
    },
    called(key, server, tool) {
      const conversation = of(key);
      conversation.calls++;
      const name = `${server ?? ''} ${tool}`;
      if (conversation.tools.size < mostNames || conversation.tools.has(name))
        conversation.tools.set(name, (conversation.tools.get(name) ?? 0) + 1);
    },
    refused: (key) => void of(key).refusals++,
    read: (key, server) => add(of(key).servers, server),
    label(key, labels) {
      for (const label of labels) add(of(key).labels, label);
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

function factsOf({ labels, calls, tools, refusals, servers, since, tokens }: Remembered): SessionFacts {
  return {
    get labels() {
      return [...labels];
    },
    calls,
    callsOfTool: (server, tool) => tools.get(`${server ?? ''} ${tool}`) ?? 0,
    refusals,
    get servers() {
      return [...servers];
    },
    since,
    restore(token, server) {
      const known = tokens.get(token);
      return known === undefined || known.server !== server ? null : known.text;
    },
    hasTokens: tokens.size > 0,
  };
}
