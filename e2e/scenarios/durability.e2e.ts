// The record survives: kill -9 under load, on both database engines, and every answered call is there exactly once.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { startDebianPostgres } from '../actors/debian-postgres.ts';
import { eventually, patienceMs } from '../actors/eventually.ts';
import { type Hub, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';
import type { MessageLine } from './recorded.ts';

const rude = fileURLToPath(new URL('../actors/rude-server.ts', import.meta.url));
const lanes = 8;
const kills = Number(process.env['MCPVAULT_TEST_KILLS'] ?? 20);

test(`the embedded database: after ${kills} kills under load every answered call is in the record exactly once`, async () => {
  verifies('TV-HUB-38', 'MV-REQ-046');
  await using hub = await startHub();
  await killUnderLoad(hub);
});

test(`PostgreSQL of the distribution: after ${kills} kills under load every answered call is in the record exactly once`, async (context) => {
  const postgres = await startDebianPostgres();
  if (postgres === null) return context.skip('PostgreSQL of the distribution is not installed');
  try {
    await using hub = await startHub({ env: { DATABASE_URL: postgres.url } });
    await killUnderLoad(hub);
  } finally {
    await postgres.stop();
  }
});

async function killUnderLoad(hub: Hub): Promise<void> {
  const { token } = await hub.createToken();
  const transport = { type: 'stdio', command: process.execPath, args: [rude, 'echo'] };
  await hub.api('POST', '/api/v1/mcp/servers', { name: 'echo', transport, isolation: 'shared' });
  const answered: string[] = [];
  for (let kill = 0; kill < kills; kill++) {
    const load = Array.from({ length: lanes }, (_, lane) => callUntilDead(hub, token, `k${kill}l${lane}`, answered));
    const before = answered.length;
    await eventually(() => answered.length >= before + lanes, 'the load');
    await setTimeout(Math.random() * 400);
    const processes = processesOf();
    await hub.kill();
    await Promise.all(load);
    await gone(processes);
    await hub.restart();
  }
  assert.ok(answered.length >= kills * lanes, `${answered.length} calls were answered`);
  const counts = await countRecorded(hub, new Set(answered));
  const missing = answered.filter((nonce) => !counts.has(nonce));
  const twice = [...counts].filter(([, count]) => count !== 1);
  assert.deepEqual({ missing, twice }, { missing: [], twice: [] });
}

/** Calls one after another until the hub is gone; notes every nonce whose answer arrived. */
async function callUntilDead(hub: Hub, token: string, lane: string, answered: string[]): Promise<void> {
  const headers: Record<string, string> = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    authorization: `Bearer ${token}`,
  };
  const send = async (body: object): Promise<Response> =>
    fetch(hub.mcp('echo'), { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', ...body }) });
  try {
    const clientInfo = { name: 'e2e', version: '1' };
    const opened = await send({
      id: 0,
      method: 'initialize',
      params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo },
    });
    await opened.text();
    headers['mcp-session-id'] = opened.headers.get('mcp-session-id') ?? '';
    for (let n = 1; ; n++) {
      const nonce = `${lane}n${n}.`;
      const answer = await send({ id: n, method: 'tools/call', params: { name: 'echo', arguments: { text: nonce } } });
      const text = await answer.text();
      if (text.includes(nonce) && answer.status === 200) answered.push(nonce);
      await setTimeout(15);
    }
  } catch {
    return;
  }
}

async function countRecorded(hub: Hub, wanted: Set<string>): Promise<Map<string, number>> {
  for (const began = performance.now(); ; ) {
    const counts = new Map<string, number>();
    let cursor: string | null = null;
    do {
      const query: string = `?tool=echo&outcome=answered&limit=200${cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
      const page: { items: MessageLine[]; next: string | null } = await hub.api('GET', `/api/v1/messages${query}`);
      const details = await Promise.all(
        page.items.map((item) => hub.api<{ request: { original: string } }>('GET', `/api/v1/messages/${item.id}`)),
      );
      for (const { request } of details) {
        const nonce = /k\d+l\d+n\d+\./.exec(request.original)?.[0];
        if (nonce !== undefined) counts.set(nonce, (counts.get(nonce) ?? 0) + 1);
      }
      cursor = page.next;
    } while (cursor !== null);
    const late = performance.now() - began > patienceMs;
    if (late || [...wanted].every((nonce) => counts.has(nonce))) return counts;
    await setTimeout(250);
  }
}

/** Server processes that this hub started, by the script they run. */
function processesOf(): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandOf(pid).includes(rude));
}

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

async function gone(pids: readonly number[]): Promise<void> {
  for (const began = performance.now(); performance.now() - began < patienceMs; await setTimeout(100)) {
    if (pids.every((pid) => !commandOf(pid).includes(rude))) return;
  }
  assert.fail(`processes outlived the hub: ${pids.filter((pid) => commandOf(pid).includes(rude)).join(', ')}`);
}
