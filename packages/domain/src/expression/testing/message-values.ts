import type { MessageValues } from '../message-variables.ts';

/** Complete values of a harmless call, for tests; `some` replaces whole variables. */
export function messageValues(some: Partial<MessageValues> = {}): MessageValues {
  return {
    caller: { id: 'mem_1', email: 'ada@example.com', role: 'member', teams: ['Research'], kind: 'member' },
    client: { name: 'claude-code', version: '2.0' },
    server: { id: 'srv_1', name: 'files', transport: 'stdio', host: '' },
    tool: {
      name: 'read',
      known: true,
      description: 'Reads a file.',
      read_only: true,
      destructive: false,
      idempotent: true,
      open_world: false,
      classification: 'read',
      fingerprint: 'f1',
      approved: true,
      age: 86_400n,
    },
    method: 'tools/call',
    direction: 'call',
    target: 'read',
    arguments: { path: '/home/ada/notes.txt', limit: 5 },
    result: {},
    text: '/home/ada/notes.txt',
    size: 120n,
    findings: [],
    session: { labels: [], calls: 0n, calls_of_tool: 0n, refusals: 0n, servers: [], age: 0n },
    flow: { destinations: [], mentions: [], follows_links: false, copied: 0, labels: [], servers: [] },
    now: new Date('2026-01-05T12:30:00Z'),
    network: { ip: '10.1.2.3' },
    ...some,
  };
}
