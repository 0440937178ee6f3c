// Starts the real hub as its users do, with the embedded database and a data folder of its own, and sets it up through its
// API: servers, a policy, members who are no admins, and the grants that let them in. Loopback only.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Client, createClient } from '@mcpvault/contract/client';
import type { Endpoint } from '../load/mcp-session.ts';
import { ProcessTree } from '../measure/process-tree.ts';

export interface HubPlan {
  /** URLs of upstreams over HTTP, by the name their server gets. */
  readonly servers: Readonly<Record<string, string>>;
  /** False leaves the record out, which no setting of the hub can: it is done to the program from outside. */
  readonly recording: boolean;
  readonly members: number;
  readonly tokensPerMember: number;
  /** Whether a server over stdio is added as well: one process for all. */
  readonly stdio: boolean;
}

export interface RunningHub extends AsyncDisposable {
  readonly pid: number;
  readonly tree: ProcessTree;
  /** Personal tokens, those of one member next to each other. */
  readonly tokens: readonly string[];
  endpoint(server: string, token?: string): Endpoint;
  /** How late the hub's event loop ran its timers since this was last asked, milliseconds. */
  loopDelay(): Promise<LoopDelay>;
  /** Messages in the database's record. */
  recorded(): Promise<number>;
}

export interface LoopDelay {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

export const stdioServer = 'stdio';

const admin = { email: 'admin@example.com', password: 'only for this benchmark' };
const startLimitMs = 120_000;
const readyLimitMs = 30_000;
/** What a member may see of the server with the many tools: nearly all, so that the list is one that was filtered. */
const grantedOf = (tools: readonly string[]): readonly string[] => tools.filter((_name, at) => at % 10 !== 5);

export async function startHub(plan: HubPlan): Promise<RunningHub> {
  const data = await mkdtemp(join(tmpdir(), 'mcpvault-bench-'));
  const child = launch(data, plan.recording);
  const end = async (): Promise<void> => {
    await endHub(child);
    endDatabase(data);
    await rm(data, { recursive: true, force: true });
  };
  try {
    const url = await untilReady(child, data);
    const client = await signedIn(url, admin);
    const tokens = await setUp(url, client, plan);
    const port = Number(new URL(url).port);
    const pid = child.pid ?? 0;
    return {
      pid,
      tree: new ProcessTree(pid),
      tokens,
      endpoint: (server, token = tokens[0] ?? '') => ({ port, path: `/mcp/${server}`, token }),
      async loopDelay() {
        child.send('loop delay');
        const [delay] = await once(child, 'message', { signal: AbortSignal.timeout(readyLimitMs) });
        return delay as LoopDelay;
      },
      recorded: async () => (await client.call('getOverview', {})).lastDay.messages,
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

function launch(data: string, recording: boolean): ChildProcess {
  const own = Object.entries(process.env).filter(([name]) => !/^(MCPVAULT_|DATABASE_URL$)/.test(name));
  const env = {
    ...Object.fromEntries(own),
    MCPVAULT_DATA: data,
    MCPVAULT_PORT: '0',
    MCPVAULT_EXAMPLE: 'off',
    MCPVAULT_ADMIN_EMAIL: admin.email,
    MCPVAULT_ADMIN_PASSWORD: admin.password,
  };
  const program = fileURLToPath(new URL('../../packages/cli/bin/mcpvault.mjs', import.meta.url));
  const preloaded = recording ? ['watch-loop.ts'] : ['watch-loop.ts', 'without-record.ts'];
  const imports = preloaded.flatMap((name) => ['--import', new URL(name, import.meta.url).href]);
  // As many open files as may be; the shell becomes the hub, so that its process is the one that was started.
  const raise = 'ulimit -n "$(ulimit -Hn)"; exec "$@"';
  return spawn('/bin/sh', ['-c', raise, 'sh', process.execPath, ...imports, program, 'hub'], {
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function untilReady(child: ChildProcess, data: string): Promise<string> {
  for (const began = performance.now(); performance.now() - began < startLimitMs; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`the hub ended with ${child.exitCode}`);
    const url = await urlIn(data);
    if (url !== null && (await fetch(new URL('/readyz', url)).catch(() => null))?.status === 200) return url;
  }
  throw new Error('the hub was not ready in time');
}

async function urlIn(data: string): Promise<string | null> {
  try {
    return JSON.parse(await readFile(join(data, 'hub.json'), 'utf8')).url;
  } catch {
    return null;
  }
}

async function signedIn(baseUrl: string, who: { email: string; password: string }): Promise<Client> {
  const { accessToken } = await createClient({ baseUrl }).call('login', who);
  return createClient({ baseUrl, accessToken: () => accessToken });
}

async function setUp(url: string, client: Client, plan: HubPlan): Promise<string[]> {
  const names = [...Object.keys(plan.servers), ...(plan.stdio ? [stdioServer] : [])];
  for (const [name, target] of Object.entries(plan.servers)) {
    const transport = { type: 'streamable-http' as const, url: target };
    await client.call('createServer', { name, transport, isolation: 'per-session' });
  }
  if (plan.stdio) await addStdioServer(client);
  await client.call('createPolicy', {
    name: 'no secrets',
    reason: 'as a careful organization would have it',
    enabled: true,
    detectors: ['secrets', 'cards', 'email'],
    directions: ['call', 'result'],
    servers: null,
    action: { type: 'redact', style: 'label' },
  });
  const members = await addMembers(client, plan.members);
  const { id } = await client.call('createTeam', { name: 'bench', members: members.map((member) => member.id) });
  await Promise.all(names.map((name) => untilServerReady(client, name)));
  for (const server of names) {
    const tools = server === 'list' ? { tools: [...grantedOf(await toolsOf(client, server))] } : {};
    await client.call('createGrant', { subject: { type: 'team', id }, server, ...tools });
  }
  return makeTokens(url, members, plan.tokensPerMember);
}

async function addStdioServer(client: Client): Promise<void> {
  const echo = fileURLToPath(new URL('../upstreams/stdio-echo.ts', import.meta.url));
  const transport = { type: 'stdio' as const, command: process.execPath, args: [echo] };
  const processes = { connections: 1, callsPerConnection: 1000 };
  await client.call('createServer', { name: stdioServer, transport, isolation: 'shared', processes });
}

async function toolsOf(client: Client, id: string): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | null = null;
  do {
    const page: { items: { name: string }[]; next: string | null } = await client.call('listServerTools', {
      id,
      limit: 200,
      ...(cursor !== null && { cursor }),
    });
    names.push(...page.items.map(({ name }) => name));
    cursor = page.next;
  } while (cursor !== null);
  return names;
}

interface BenchMember {
  readonly id: `mem_${string}`;
  readonly email: string;
}

async function addMembers(client: Client, count: number): Promise<BenchMember[]> {
  const members: BenchMember[] = [];
  for (let at = 1; at <= count; at++) {
    const email = `member-${at}@example.com`;
    const { password } = admin;
    const { id } = await client.call('createMember', { email, name: `Member ${at}`, role: 'member', password });
    members.push({ id: id as BenchMember['id'], email });
  }
  return members;
}

async function makeTokens(url: string, members: readonly BenchMember[], each: number): Promise<string[]> {
  const tokens: string[] = [];
  for (const { email } of members) {
    const member = await signedIn(url, { email, password: admin.password });
    for (let at = 1; at <= each; at++) tokens.push((await member.call('createToken', { name: `bench ${at}` })).token);
  }
  return tokens;
}

async function untilServerReady(client: Client, id: string): Promise<void> {
  for (const began = performance.now(); performance.now() - began < readyLimitMs; await sleep(100)) {
    if ((await client.call('getServer', { id })).status === 'ready') return;
  }
  throw new Error(`the server ${id} was not ready in time`);
}

const endLimitMs = 30_000;

async function endHub(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit', { signal: AbortSignal.timeout(endLimitMs) });
  child.kill('SIGTERM');
  await ended.catch(() => child.kill('SIGKILL'));
}

/** A hub that had to be killed leaves its database running: by the file that says which process serves the cluster. */
function endDatabase(data: string): void {
  for (const found of globSync(join(data, 'postgres', '*', 'postmaster.pid'))) {
    const [pid] = readFileSync(found, 'utf8').split('\n');
    if (Number(pid) > 1) process.kill(Number(pid), 'SIGQUIT');
  }
}
