// Starting, stopping, and everything that can be wrong at the start: one clear sentence with its fix, and a non-zero exit.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startDebianPostgres } from '../actors/debian-postgres.ts';
import { eventually, patienceMs } from '../actors/eventually.ts';
import { sendResult, startScriptedHttp } from '../actors/scripted-http.ts';
import { startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const program = fileURLToPath(new URL('../../packages/cli/bin/mcpvault.mjs', import.meta.url));
const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcpvault-start-'));
});
after(() => rm(folder, { recursive: true, force: true }));

/** Runs a hub that is expected to end by itself. */
async function ends(
  env: Record<string, string>,
  args: readonly string[] = [],
): Promise<{ code: number | null; said: string }> {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(MCPVAULT_|DATABASE_URL$|NODE_TEST)/.test(name)),
  );
  const child = spawn(process.execPath, [program, 'hub', ...args], {
    env: { ...inherited, MCPVAULT_PORT: '0', MCPVAULT_EXAMPLE: 'off', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
  const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(timer);
  assert.doesNotMatch(said, /\n {4}at /, 'no stack trace');
  return { code, said };
}

test('a port that is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, said } = await ends({ MCPVAULT_DATA: join(folder, 'port'), MCPVAULT_PORT: String(port) });
  other.close();
  assert.equal(code, 1);
  assert.match(said, new RegExp(`${port}`));
  assert.match(said, /MCPVAULT_PORT/);
});

test('a wrong DATABASE_URL', async () => {
  verifies('MV-README-052');
  const data = join(folder, 'url');
  for (const url of ['postgres://nobody:hunter2secret@127.0.0.1:1/none', 'mysql://127.0.0.1/none', 'not a url']) {
    const { code, said } = await ends({ MCPVAULT_DATA: data, DATABASE_URL: url });
    assert.ok(code === 1 || code === 2, `${url} ended with ${code}`);
    assert.match(said, /DATABASE_URL/);
    assert.ok(!said.includes('hunter2secret'), 'the password is not repeated');
  }
});

test('a data directory that cannot be written', async (context) => {
  const data = join(folder, 'file-in-the-way');
  await writeFile(data, 'not a directory');
  const { code, said } = await ends({ MCPVAULT_DATA: data });
  assert.ok(code === 1 || code === 2);
  assert.match(said, /MCPVAULT_DATA|data directory/);
  if (process.getuid?.() === 0)
    return context.diagnostic('root may write anywhere: the read-only case is not shown here');
  const readOnly = join(folder, 'read-only');
  await mkdir(readOnly);
  await chmod(readOnly, 0o500);
  assert.equal((await ends({ MCPVAULT_DATA: readOnly })).code, 1);
});

test('a data directory that another hub is using', async () => {
  await using hub = await startHub();
  const { code, said } = await ends({ MCPVAULT_DATA: hub.data });
  assert.equal(code, 1);
  assert.match(said, /Another MCPVault/);
  assert.equal((await fetch(`${hub.url}/readyz`)).status, 200, 'the first hub is untouched');
});

test('a setting that does not exist, and one with a bad value', async () => {
  const unknown = await ends({ MCPVAULT_DATA: join(folder, 's'), MCPVAULT_PROT: '7717' });
  assert.equal(unknown.code, 2);
  assert.match(unknown.said, /MCPVAULT_PROT/);
  const bad = await ends({ MCPVAULT_DATA: join(folder, 's'), MCPVAULT_PORT: 'many' });
  assert.equal(bad.code, 2);
  assert.match(bad.said, /MCPVAULT_PORT/);
});

test('another master key than the database was sealed with', async () => {
  const hub = await startHub();
  await hub.api('POST', '/api/v1/mcp/servers', {
    name: 'x',
    transport: { type: 'stdio', command: process.execPath, args: [rude, 'echo'] },
  });
  await hub.stop();
  const { code, said } = await ends({
    MCPVAULT_DATA: hub.data,
    MCPVAULT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
  });
  assert.equal(code, 1);
  assert.match(said, /master key/i);
  await hub[Symbol.asyncDispose]();
});

test('the database is prepared beforehand, twice, and the hub starts on it', async () => {
  verifies('MV-README-050');
  const data = join(folder, 'prepared');
  for (let run = 0; run < 2; run++) {
    const { code, said } = await ends({ MCPVAULT_DATA: data }, ['--prepare']);
    assert.equal(code, 0);
    assert.match(said, /database is ready/);
  }
  await using hub = await startHub({ data });
  assert.equal((await fetch(`${hub.url}/readyz`)).status, 200);
});

test('SIGTERM lets a call under way finish, and readiness flips first', async (context) => {
  await using hub = await startHub();
  const server = await startScriptedHttp();
  context.after(server.close);
  const transport = { type: 'streamable-http', url: server.url };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'slow', transport });
  const asked = Promise.withResolvers<() => void>();
  const content = [{ type: 'text', text: 'let me finish' }];
  server.onCall = (message, response) => asked.resolve(() => sendResult(response, message, { content }));
  const { token } = await hub.createToken();
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  };
  const send = (body: object): Promise<Response> =>
    fetch(hub.mcp('slow'), { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  const clientInfo = { name: 'e2e', version: '1' };
  const opened = await send({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
  });
  await opened.text();
  headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
  const call = send({ id: 1, method: 'tools/call', params: { name: 'allowed', arguments: {} } });
  const answerIt = await asked.promise;
  const stopped = hub.stop();
  await eventually(async () => {
    const readiness = await fetch(`${hub.url}/readyz`).then(
      (reply) => reply.status,
      () => 'closed',
    );
    return readiness !== 200;
  }, 'the end of readiness');
  answerIt();
  const answer = await call;
  assert.equal(answer.status, 200);
  assert.match(await answer.text(), /let me finish/);
  assert.equal(await stopped, 0);
});

test('health says which part is away when the database is', async (context) => {
  verifies('MV-README-136');
  const postgres = await startDebianPostgres();
  if (postgres === null) return context.skip('PostgreSQL of the distribution is not installed');
  await using hub = await startHub({ env: { DATABASE_URL: postgres.url } });
  assert.equal((await fetch(`${hub.url}/readyz`)).status, 200);
  await postgres.stop();
  let status = 200;
  let text = '';
  await eventually(async () => {
    const answer = await fetch(`${hub.url}/readyz`);
    status = answer.status;
    text = await answer.text();
    return status !== 200;
  }, 'the end of readiness');
  assert.equal(status, 503);
  assert.match(text, /database/);
  assert.equal((await fetch(`${hub.url}/livez`)).status, 200, 'the process itself is well');
});

test('what is printed at the first start is enough to begin, and is not printed again', async () => {
  const data = join(folder, 'first');
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(MCPVAULT_|DATABASE_URL$|NODE_TEST)/.test(name)),
  );
  const start = async (): Promise<string> => {
    const child = spawn(process.execPath, [program, 'hub'], {
      env: { ...inherited, MCPVAULT_DATA: data, MCPVAULT_PORT: '0', MCPVAULT_EXAMPLE: 'off' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (said += text.toString()));
    // Its last line says how to stop it.
    await eventually(() => said.includes('Ctrl-C'), 'the greeting');
    child.kill('SIGTERM');
    await once(child, 'exit');
    return said;
  };
  const first = await start();
  assert.match(first, /http:\/\/127\.0\.0\.1:\d+\/setup#link=/);
  assert.match(first, /\/mcp/);
  assert.match(first, /mcpv_[A-Za-z0-9]{20,}/);
  const second = await start();
  assert.doesNotMatch(second, /mcpv_[A-Za-z0-9]{20,}/);
  assert.match(second, /\/setup#link=/, 'until somebody has set it up, a fresh link is shown');
});
