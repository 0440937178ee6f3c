// Runs the official conformance suite's authorization leg, as its own process, against an authorization server. The suite is
// the client: it names an address for a browser to go to, and waits where the browser is sent back to.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Requirements } from './conformance-scenarios.ts';

export interface AuthorizationRun {
  readonly issuer: string;
  readonly revision: Requirements;
  /** The protected MCP server that the token is for. */
  readonly resource: string;
  /** Registers this address, and answers with the client's id. */
  register(redirect: string): Promise<string>;
  /** Goes to the address as a browser does; resolves with where the browser is sent in the end. */
  browse(address: string): Promise<URL>;
  /** Every run makes a folder of its own in here. */
  readonly outDir: string;
}

export interface AuthorizationReport {
  /** The scenarios that left a result, each with the ids of its checks by how they ended. */
  readonly scenarios: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** What the suite printed: for people, when something failed. */
  readonly output: string;
}

const suite = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/dist/index.js'));

export async function runAuthorizationLeg(run: AuthorizationRun): Promise<AuthorizationReport> {
  const results = await mkdtemp(join(run.outDir, `authorization-${run.revision}-`));
  const port = await freePort();
  const client = await run.register(`http://127.0.0.1:${port}/callback`);
  const args = ['authorization', '--url', run.issuer, '--client-id', client, '--resource', run.resource];
  const more = ['--port', String(port), '--spec-version', run.revision, '--output-dir', results];
  const child = spawn(process.execPath, [suite, ...args, ...more], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  let output = '';
  const visits: Promise<unknown>[] = [];
  const begin = `${run.issuer}/oauth/authorize?`;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const address = output
        .split('\n')
        .slice(0, -1)
        .find((line) => line.startsWith(begin));
      if (visits.length > 0 || address === undefined) return;
      const visit = run
        .browse(address)
        .then((to) => fetch(to))
        .then((answer) => answer.arrayBuffer())
        .catch((error: unknown) => {
          output += String(error);
          child.kill('SIGKILL');
        });
      visits.push(visit);
    });
  }
  await once(child, 'close');
  await Promise.all(visits);
  return { scenarios: await readScenarios(results), output };
}

/** As the suite lists them. */
export async function listAuthorizationScenarios(revision: Requirements): Promise<readonly string[]> {
  const child = spawn(process.execPath, [suite, 'list', '--authorization', '--spec-version', revision]);
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await once(child, 'close');
  return [...output.matchAll(/^ {2}- (\S+)/gm)].map(([, name]) => name ?? '');
}

async function readScenarios(folder: string): Promise<AuthorizationReport['scenarios']> {
  const scenarios: Record<string, Record<string, string[]>> = {};
  for (const entry of await readdir(folder)) {
    const scenario = /^authorization-server-(.+)-\d{4}-\d{2}-\d{2}T[\d-]+Z$/.exec(entry)?.[1];
    if (scenario === undefined) continue;
    const checks: { id: string; status: string }[] = JSON.parse(
      await readFile(join(folder, entry, 'checks.json'), 'utf8'),
    );
    const ends: Record<string, string[]> = {};
    for (const { id, status } of checks) (ends[status] ??= []).push(id);
    scenarios[scenario] = ends;
  }
  return scenarios;
}

/** One that nobody listens at now. The suite takes no port of its own choice. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
