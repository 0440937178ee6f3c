// The servers of the compatibility matrix, one column each: what is started, how the hub reaches it, and one call whose
// answer shows that it was really that server.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startConformanceServer } from '../actors/conformance-server.ts';
import { startDuplexServer } from '../actors/duplex-server.ts';
import { programOf, versionOf } from './peers.ts';

export interface ServerPeer {
  /** How the hub calls it. */
  readonly name: string;
  /** For people, with its version and how it is reached. */
  readonly title: string;
  readonly tool: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** What the answer's text has to hold. */
  readonly says: RegExp;
  start(): Promise<StartedServer>;
}

export interface StartedServer {
  /** As the API takes it. */
  readonly transport: object;
  stop(): Promise<void>;
}

const everything = '@modelcontextprotocol/server-everything';
const filesystem = '@modelcontextprotocol/server-filesystem';
const memory = '@modelcontextprotocol/server-memory';
const thinking = '@modelcontextprotocol/server-sequential-thinking';
const echo = { tool: 'echo', args: { message: 'through' }, says: /Echo: through/ };
const simple = { tool: 'test_simple_text', args: {}, says: /simple text/ };

export const serverPeers: readonly ServerPeer[] = [
  {
    name: 'everything-stdio',
    title: `everything ${versionOf(everything)}, stdio`,
    ...echo,
    start: async () => process_(programOf(everything), []),
  },
  {
    name: 'everything-http',
    title: `everything ${versionOf(everything)}, Streamable HTTP`,
    ...echo,
    start: () => listening('streamableHttp', '/mcp', 'streamable-http'),
  },
  {
    name: 'everything-sse',
    title: `everything ${versionOf(everything)}, HTTP+SSE`,
    ...echo,
    start: () => listening('sse', '/sse', 'sse'),
  },
  {
    name: 'filesystem',
    title: `filesystem ${versionOf(filesystem)}, stdio`,
    tool: 'list_allowed_directories',
    args: {},
    says: /mcpvault-compatibility/,
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'mcpvault-compatibility-'));
      await writeFile(join(folder, 'hello.txt'), 'hello\n');
      return process_(programOf(filesystem), [folder], {}, folder);
    },
  },
  {
    name: 'memory',
    title: `memory ${versionOf(memory)}, stdio`,
    tool: 'read_graph',
    args: {},
    says: /entities/,
    async start() {
      const folder = await mkdtemp(join(tmpdir(), 'mcpvault-compatibility-'));
      return process_(programOf(memory), [], { MEMORY_FILE_PATH: join(folder, 'memory.json') }, folder);
    },
  },
  {
    name: 'sequential-thinking',
    title: `sequential-thinking ${versionOf(thinking)}, stdio`,
    tool: 'sequentialthinking',
    args: { thought: 'one', nextThoughtNeeded: false, thoughtNumber: 1, totalThoughts: 1 },
    says: /thoughtNumber/,
    start: async () => process_(programOf(thinking), []),
  },
  {
    name: 'modern-http',
    title: `SDK ${versionOf('@modelcontextprotocol/server')} fixture, 2026-07-28 only, Streamable HTTP`,
    ...simple,
    async start() {
      const server = await startConformanceServer({ era: 'modern' });
      return { transport: { type: 'streamable-http', url: server.url }, stop: () => server.close() };
    },
  },
  {
    name: 'socket',
    title: `SDK ${versionOf('@modelcontextprotocol/server')} fixture, WebSocket`,
    ...simple,
    async start() {
      const server = await startDuplexServer();
      return { transport: { type: 'websocket', url: server.webSocketUrl }, stop: () => server.close() };
    },
  },
];

/** A process that the hub itself starts. */
function process_(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  folder?: string,
): StartedServer {
  return {
    transport: { type: 'stdio', command: process.execPath, args: [program, ...args], env },
    stop: async () => {
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

async function listening(mode: string, path: string, type: string): Promise<StartedServer> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port) };
  const child = spawn(process.execPath, [programOf(everything), mode], { env, stdio: 'ignore' });
  await answers(port, child);
  return {
    transport: { type, url: `http://127.0.0.1:${port}${path}` },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** It reads its port from the environment, and takes no other word for "any". */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600; tries++) {
    if (child.exitCode !== null) throw new Error(`The server ended with ${child.exitCode}.`);
    const reached = await fetch(`http://127.0.0.1:${port}/nowhere`).then(
      () => true,
      () => false,
    );
    if (reached) return;
    await setTimeout(100);
  }
  throw new Error('The server did not listen within a minute.');
}
