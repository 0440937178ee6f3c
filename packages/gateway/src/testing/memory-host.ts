// What the gateway asks of its host, answered from memory: members by token, servers with grants, policies, and a recorder
// that keeps its records. For tests and measurements; it promises nothing across a restart.
import type { Ambient } from '@mcpvault/domain/ambient';
import { completeRules, type PartialProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Isolation, ServerEntry, Transport } from '@mcpvault/domain/catalog/server';
import { type Grant, unconditional } from '@mcpvault/domain/identity/access';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { reachOf } from '@mcpvault/domain/identity/reach';
import { type BuiltInRoleId, builtInRoles } from '@mcpvault/domain/identity/role';
import type { ServerId } from '@mcpvault/domain/ids';
import { compilePolicies } from '@mcpvault/domain/policy/compile';
import type { PolicyAlert } from '@mcpvault/domain/policy/effect';
import type { ToolFacts } from '@mcpvault/domain/policy/message-facts';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type {
  ApprovalPort,
  EffectAbout,
  GatewayHost,
  Log,
  MessageDraft,
  PolicingPort,
  QuarantineWish,
  RecorderPort,
  Usable,
} from '../ports.ts';

export interface MemoryServer {
  readonly name: string;
  readonly transport: Transport;
  readonly isolation?: Isolation;
  readonly processes?: PartialProcessRules;
}

export interface MemoryRecord {
  readonly draft: MessageDraft;
  readonly request: Buffer | null;
  readonly response: Buffer | null;
}

export interface LogEntry {
  readonly level: keyof Log;
  readonly text: string;
  readonly fields: object;
}

export interface MemoryHost extends GatewayHost {
  /** Everything recorded so far, in order. */
  readonly records: MemoryRecord[];
  /** The log from `info` upwards. */
  readonly logged: LogEntry[];
  readonly seen: { readonly server: ServerId; readonly ready: boolean; readonly reason: string | null }[];
  /** A member under a token; the same name is the same member. Members see only what is granted to them. */
  addToken(token: string, member?: { readonly name?: string; readonly role?: BuiltInRoleId }): void;
  revoke(token: string): void;
  /** Adds a server, or a new version of the one with this name. */
  addServer(server: MemoryServer): ServerEntry;
  removeServer(name: string): void;
  server(name: string): ServerEntry;
  /** `tools` null grants all. */
  grant(member: string, server: string, tools: readonly string[] | null): void;
  withdraw(member: string, server: string): void;
  setPolicies(policies: readonly Policy[]): void;
  /** What the list of a server says of its tools from now on. */
  setTool(server: string, tool: ToolFacts): void;
  /** Who is asked about what is held; null for nobody. */
  setApprovals(approvals: ApprovalPort | null): void;
  readonly alerts: { readonly about: EffectAbout; readonly alert: PolicyAlert }[];
  readonly quarantines: { readonly about: EffectAbout; readonly wish: QuarantineWish }[];
  /** What the recorder does from now on: keeps, fails, or counts only. */
  setRecording(mode: 'keep' | 'count' | 'fail' | 'refuse'): void;
}

export function createMemoryHost(ambient: Ambient): MemoryHost {
  const callers = new Map<string, Caller>();
  const servers = new Map<string, ServerEntry>();
  const grants = new Map<string, Grant>();
  const usables = new Map<string, Usable>();
  const records: MemoryRecord[] = [];
  const logged: LogEntry[] = [];
  const seen: MemoryHost['seen'] = [];
  let policies = compilePolicies([]);
  const tools = new Map<string, ToolFacts>();
  const alerts: MemoryHost['alerts'] = [];
  const quarantines: MemoryHost['quarantines'] = [];
  let approvals: ApprovalPort | null = null;
  const policing: PolicingPort = {
    tool: (server, name) => tools.get(`${server} ${name}`) ?? null,
    teamNames: () => [],
    key: () => new Uint8Array(32),
    hasQuarantines: () => true,
    quarantined({ server, tool, conversation }) {
      const found = quarantines.find(({ about, wish }) =>
        wish.what === 'tool' ? about.server === server && about.tool === tool : about.conversation === conversation,
      );
      return found === undefined ? null : found.wish.reason;
    },
    quarantine: (about, wish) => void quarantines.push({ about, wish }),
    alerted: (about, alert) => void alerts.push({ about, alert }),
    get approvals() {
      return approvals;
    },
  };
  let recording: 'keep' | 'count' | 'fail' | 'refuse' = 'keep';
  let versions = 0;

  const usableOf = (caller: Caller, server: ServerEntry | undefined): Usable | null => {
    if (server === undefined) return null;
    const usesAny = caller.permissions.has('servers:use-any');
    const key = `${usesAny ? '' : caller.member} ${server.version} ${server.name}`;
    const kept = usables.get(key);
    if (kept !== undefined) return kept;
    const grant = grants.get(`${caller.member} ${server.name}`);
    const reach = reachOf(usesAny, grant === undefined ? [] : [grant]);
    if (reach === null) return null;
    const usable = { server, reach };
    usables.set(key, usable);
    return usable;
  };
  const log =
    (level: keyof Log) =>
    (fields: object, text: string): void => {
      if (level !== 'debug') logged.push({ level, text, fields });
    };

  return {
    ambient,
    records,
    logged,
    seen,
    log: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
    identity: {
      identify: (credential) => callers.get(credential) ?? null,
      isGone: ({ member }) => ![...callers.values()].some((caller) => caller.member === member),
    },
    catalog: {
      byName: (caller, name) => usableOf(caller, servers.get(name)),
      usable: (caller) =>
        [...servers.values()]
          .toSorted((a, b) => (a.name < b.name ? -1 : 1))
          .map((server) => usableOf(caller, server))
          .filter((usable) => usable !== null),
    },
    limits: { applying: () => null },
    policies: () => policies,
    policing,
    recorder: createMemoryRecorder(records, () => recording),
    credentials: {
      of() {
        throw new Error('servers in memory want no sign-in');
      },
      heldBy: () => null,
    },
    observed: (server, what) => void seen.push({ server, ...what }),
    addToken(token, { name = 'admin', role = 'admin' } = {}) {
      const member = `mem_${name}` as const;
      const email = `${name}@example.com`;
      callers.set(token, {
        organization: 'org_1',
        member,
        email,
        role,
        permissions: builtInRoles[role].permissions,
        teams: [],
        token: `tok_${token.length}`,
      });
    },
    revoke: (token) => void callers.delete(token),
    addServer({ name, transport, isolation = 'per-session', processes = {} }) {
      const version = `ver_${++versions}` as const;
      const server = {
        id: `srv_${name}`,
        organization: 'org_1',
        name,
        version,
        transport,
        isolation,
        processes: completeRules(processes),
        enabled: true,
      } as const;
      servers.set(name, server);
      return server;
    },
    removeServer: (name) => void servers.delete(name),
    server(name) {
      const server = servers.get(name);
      if (server === undefined) throw new Error(`there is no server ${name}`);
      return server;
    },
    grant(member, server, tools) {
      grants.set(`mem_${member} ${server}`, grantOf(member, server, tools));
      usables.clear();
    },
    withdraw(member, server) {
      grants.delete(`mem_${member} ${server}`);
      usables.clear();
    },
    alerts,
    quarantines,
    setTool: (server, tool) => void tools.set(`srv_${server} ${tool.name}`, tool),
    setApprovals: (next) => void (approvals = next),
    setPolicies: (next) => void (policies = compilePolicies(next)),
    setRecording: (mode) => void (recording = mode),
  };
}

function grantOf(member: string, server: string, tools: readonly string[] | null): Grant {
  const subject = { type: 'member', id: `mem_${member}` } as const;
  return { ...unconditional, id: 'grt_1', subject, server: `srv_${server}`, tools };
}

/** Everything of one turn is done in the next one, as a journal does it that writes in groups. */
function createMemoryRecorder(records: MemoryRecord[], mode: () => 'keep' | 'count' | 'fail' | 'refuse'): RecorderPort {
  let waiting: ((error: Error | null) => void)[] = [];
  const settle = (): void => {
    const settled = waiting;
    waiting = [];
    const error = mode() === 'fail' ? new Error('the disk is full') : null;
    for (const done of settled) done(error);
  };
  return {
    accepts: () => mode() !== 'refuse' && mode() !== 'fail',
    append(draft, request, response, done) {
      if (waiting.length === 0) setImmediate(settle);
      waiting.push(done);
      if (mode() === 'keep') records.push({ draft, request, response });
    },
  };
}
