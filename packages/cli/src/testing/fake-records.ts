// What a fake hub knows, in the shapes of the contract.
import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';

type ItemOf<
  Key extends 'listMembers' | 'listServers' | 'listTokens' | 'listGrants' | 'listMessages' | 'listServerTools',
> = OutputOf<Operations[Key]>['items'][number];

export type FakeMember = ItemOf<'listMembers'>;
export type FakeServer = ItemOf<'listServers'>;
export type FakeToken = ItemOf<'listTokens'>;
export type FakeLimit = OutputOf<Operations['createLimit']>;
export type FakeGrant = ItemOf<'listGrants'>;
export type FakeMessage = ItemOf<'listMessages'>;
export type FakeAlert = OutputOf<Operations['getAlert']>;
export type FakeTool = ItemOf<'listServerTools'>;

export interface Records {
  readonly members: FakeMember[];
  readonly servers: FakeServer[];
  readonly tokens: FakeToken[];
  readonly grants: FakeGrant[];
  readonly limits: FakeLimit[];
  readonly alerts: FakeAlert[];
  /** Oldest first. */
  readonly messages: FakeMessage[];
  readonly tools: FakeTool[];
}

export const then = '2026-11-20T10:00:00.000Z';
export const ada: FakeMember = {
  id: 'mem_ada',
  email: 'ada@example.org',
  name: 'Ada Lovelace',
  role: 'admin',
  roleName: 'Admin',
  hasSecondFactor: false,
  kind: 'person',
  status: 'active',
  expiresAt: null,
  supervisor: null,
  provisioned: false,
  teams: [{ id: 'team_math', name: 'Mathematics' }],
  createdAt: then,
  lastSeenAt: then,
};

export function createRecords(): Records {
  return {
    members: [
      ada,
      { ...ada, id: 'mem_grace', email: 'grace@example.org', name: 'Grace Hopper', role: 'member', roleName: 'Member' },
    ],
    servers: [
      server('everything'),
      server('files', { status: 'unavailable', reason: 'It ended at once.', fix: 'See its logs.' }),
    ],
    tokens: [],
    grants: [],
    limits: [],
    alerts: [alert()],
    messages: [],
    tools: [
      {
        name: 'echo',
        mergedName: 'everything__echo',
        title: 'Echo',
        description: 'Says it again. And again.',
        inputSchema: {
          type: 'object',
          properties: { message: { type: 'string', description: 'what to say' } },
          required: ['message'],
        },
      },
      {
        name: 'add',
        mergedName: 'everything__add',
        description: 'Adds two numbers.',
        inputSchema: {
          type: 'object',
          properties: {
            a: { type: 'number' },
            b: { type: 'number' },
            tags: { type: 'array', items: { type: 'string' } },
          },
        },
      },
    ],
  };
}

export function server(name: string, more: Partial<FakeServer> = {}): FakeServer {
  return {
    id: `srv_${name.replaceAll('-', '')}`,
    name,
    status: 'ready',
    reason: null,
    fix: null,
    checkedAt: then,
    enabled: true,
    isolation: 'per-session',
    auth: 'none',
    version: 1,
    transport: { type: 'stdio', command: 'npx', args: ['-y', `the ${name}`], env: ['API_KEY'] },
    endpoint: `http://hub.invalid/mcp/${name}`,
    tools: 2,
    connections: 0,
    createdAt: then,
    updatedAt: then,
    ...more,
  };
}

export function message(number: number, more: Partial<FakeMessage> = {}): FakeMessage {
  return {
    id: `msg_${String(number).padStart(4, '0')}`,
    at: new Date(Date.parse(then) + number * 1000).toISOString(),
    member: { id: ada.id, email: ada.email, name: ada.name },
    actor: null,
    workstation: null,
    client: 'cursor/1.0',
    endpoint: 'everything',
    server: { id: 'srv_everything', name: 'everything' },
    direction: 'call',
    method: 'tools/call',
    target: 'echo',
    protocol: '2025-11-25',
    outcome: 'answered',
    code: null,
    reason: null,
    durationUs: 12_400,
    upstreamUs: 10_000,
    requestBytes: 120,
    responseBytes: 80,
    redactions: 0,
    ...more,
  };
}

function alert(): FakeAlert {
  return {
    ...{ id: 'alt_1', kind: 'policy', layer: 'hub', severity: 'high', title: 'A token was sent', state: 'open' },
    ...{ owner: null, count: 3, firstAt: then, lastAt: then, tool: 'read' },
    policy: { id: 'pol_1', name: 'Tokens', version: 2 },
    server: { id: 'srv_files', name: 'files' },
    member: { id: ada.id, email: ada.email, name: ada.name },
    messages: ['msg_1'],
    snapshot: {
      policy: null,
      findings: { 'github-token': 2 },
      ...{ detectors: [], places: [], edits: [], message: null, text: 'Tokens stay.', fix: null },
    },
    history: [],
  };
}
