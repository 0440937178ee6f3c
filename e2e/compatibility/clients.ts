// The clients of the compatibility matrix, one row each: how each of them reaches an endpoint, lists its tools and calls one.

import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bridgeCommand } from '../actors/bridge-process.ts';
import { connectOverSse, connectOverWebSocket } from '../actors/duplex-clients.ts';
import { textOf } from '../actors/eventually.ts';
import { connectV1, connectV2 } from '../actors/sdk-clients.ts';
import { programOf, versionOf } from './peers.ts';

export interface ClientPeer {
  /** For people, with its version and its transport. */
  readonly title: string;
  visit(visit: Visit): Promise<Visited>;
}

export interface Visit {
  /** Of the endpoint, `…/mcp/{server}`. */
  readonly url: string;
  readonly token: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
}

export interface Visited {
  readonly tools: readonly string[];
  /** Of the call's answer. */
  readonly text: string;
}

const sdk1 = `SDK ${versionOf('@modelcontextprotocol/sdk')}`;
const sdk2 = `SDK ${versionOf('@modelcontextprotocol/client')}`;
const inspector = `Inspector ${versionOf('@modelcontextprotocol/inspector')} CLI`;
const remote = `mcp-remote ${versionOf('mcp-remote')}`;
const run = promisify(execFile);

/** What both lines of the SDK have of a client. */
interface Talking {
  listTools(): Promise<{ readonly tools: readonly { readonly name: string }[] }>;
  callTool(call: { name: string; arguments: Record<string, unknown> }): Promise<object>;
}

export const clientPeers: readonly ClientPeer[] = [
  {
    title: `${sdk1}, Streamable HTTP`,
    visit: (visit) => through(visit, () => connectV1(visit.url, visit)),
  },
  {
    title: `${sdk1}, HTTP+SSE`,
    visit: (visit) => through(visit, () => connectOverSse(`${visit.url}/sse`, visit.token)),
  },
  {
    title: `${sdk1}, WebSocket`,
    visit: (visit) => through(visit, () => connectOverWebSocket(visit.url, visit.token)),
  },
  { title: `${sdk1}, stdio, mcpvault bridge`, visit: (visit) => overBridge(visit, (command) => connectV1(command)) },
  {
    title: `${sdk2}, Streamable HTTP, 2025-11-25`,
    visit: (visit) => through(visit, () => connectV2(visit.url, { token: visit.token, era: 'legacy' })),
  },
  {
    title: `${sdk2}, Streamable HTTP, 2026-07-28`,
    visit: (visit) => through(visit, () => connectV2(visit.url, { token: visit.token, era: 'modern' })),
  },
  {
    title: `${sdk2}, stdio, mcpvault bridge, 2026-07-28`,
    visit: (visit) => overBridge(visit, (command) => connectV2(command, { era: 'modern' })),
  },
  { title: `${inspector}, Streamable HTTP`, visit: (visit) => inspected(visit, visit.url, 'http') },
  { title: `${inspector}, HTTP+SSE`, visit: (visit) => inspected(visit, `${visit.url}/sse`, 'sse') },
  { title: `${remote}, Streamable HTTP`, visit: (visit) => overRemote(visit, visit.url, 'http-only') },
  { title: `${remote}, HTTP+SSE`, visit: (visit) => overRemote(visit, `${visit.url}/sse`, 'sse-only') },
];

interface Connected {
  readonly client: Talking;
  close(): Promise<void>;
}

async function through({ tool, args }: Visit, connect: () => Promise<Connected>): Promise<Visited> {
  const { client, close } = await connect();
  try {
    const { tools } = await client.listTools();
    const answer = await client.callTool({ name: tool, arguments: { ...args } });
    return { tools: tools.map(({ name }) => name), text: textOf(answer) };
  } finally {
    await close();
  }
}

interface Command {
  readonly command: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

async function overBridge(visit: Visit, connect: (command: Command) => Promise<Connected>): Promise<Visited> {
  const command = await bridgeCommand([visit.url], { MCPVAULT_TOKEN: visit.token });
  try {
    return await through(visit, () => connect(command));
  } finally {
    await command.remove();
  }
}

async function overRemote(visit: Visit, url: string, transport: string): Promise<Visited> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpvault-compatibility-'));
  const args = [
    programOf('mcp-remote'),
    url,
    '--transport',
    transport,
    '--header',
    `Authorization: Bearer ${visit.token}`,
  ];
  const env = { ...environment(folder), MCP_REMOTE_CONFIG_DIR: folder };
  try {
    return await through(visit, () => connectV1({ command: process.execPath, args, env }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function inspected({ token, tool, args }: Visit, url: string, transport: string): Promise<Visited> {
  const folder = await mkdtemp(join(tmpdir(), 'mcpvault-compatibility-'));
  const common = ['--cli', '--server-url', url, '--transport', transport, '--header', `Authorization: Bearer ${token}`];
  const ask = async (method: readonly string[]): Promise<object> => {
    const words = [programOf('@modelcontextprotocol/inspector'), ...common, '--format', 'json', ...method];
    const { stdout } = await run(process.execPath, words, { env: environment(folder), maxBuffer: 64 * 1024 * 1024 });
    return (JSON.parse(stdout) as { readonly result: object }).result;
  };
  try {
    const listed = (await ask(['--method', 'tools/list'])) as { readonly tools: readonly { readonly name: string }[] };
    const given = Object.entries(args).flatMap(([name, value]) => ['--tool-arg', `${name}=${String(value)}`]);
    const answer = await ask(['--method', 'tools/call', '--tool-name', tool, ...given]);
    return { tools: listed.tools.map(({ name }) => name), text: textOf(answer) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Nothing of what people keep in their home. */
function environment(home: string): Record<string, string> {
  const { PATH = '' } = process.env;
  return { PATH, HOME: home, XDG_CONFIG_HOME: home };
}
