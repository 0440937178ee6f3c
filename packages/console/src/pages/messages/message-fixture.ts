import type { Message } from './message-search.ts';

/** A message for tests: the n-th of its day, one second apart. */
export function messageOf(n: number, fields: Partial<Message> = {}): Message {
  return {
    id: `msg_${String(n).padStart(6, '0')}`,
    at: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    member: { id: 'mem_1', email: 'ada@example.com', name: 'Ada' },
    actor: null,
    workstation: null,
    client: 'test/1',
    endpoint: 'everything',
    server: { id: 'srv_1', name: 'everything' },
    direction: 'call',
    method: 'tools/call',
    target: 'echo',
    protocol: '2025-11-25',
    outcome: 'answered',
    code: null,
    reason: null,
    durationUs: 1200,
    upstreamUs: 900,
    requestBytes: 100,
    responseBytes: 200,
    redactions: 0,
    ...fields,
  };
}
