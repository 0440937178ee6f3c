import { type MessageFacts, noSession } from '../message-facts.ts';

/** A message about which nothing is known but itself, for tests. */
export const plainFacts: MessageFacts = {
  now: Date.UTC(2026, 0, 5, 9, 30),
  client: 'test-client/1.0',
  ip: null,
  workstation: null,
  tool: () => null,
  teams: () => [],
  session: noSession,
  quarantine: () => null,
  key: () => new Uint8Array(32).fill(7),
  conversation: 'con_1',
};
