// Servers that are dead, hang, babble, lie, crash or never stop: every call is answered with a clear error within bounds, and
// nothing of them is left behind. Each row says what a call of a tool gets.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { type BareClient, createBareClient } from '../actors/bare-client.ts';
import { eventually, patienceMs, textOf } from '../actors/eventually.ts';
import { actor, type MemoryGateway, overHttp, overStdio, startMemoryGateway } from '../actors/memory-gateway.ts';
import { endsWithin } from '../actors/process-state.ts';
import { type RudeHttp, type RudeHttpMode, startRudeHttp } from '../actors/rude-http.ts';
import { verifies } from '../requirements.ts';

const mebibyte = 1024 * 1024;
const invalid = 5020;
const unavailable = 5030;
const late = 5040;

interface Row {
  readonly tool?: string;
  /** The code of the error; null when the call succeeds. */
  readonly code: number | null;
  readonly says?: RegExp;
  /** True when the session is over as well. */
  readonly ends?: true;
}

const overHttpModes: Readonly<Partial<Record<RudeHttpMode, Row>>> = {
  echo: { code: null },
  'garbage-events': { code: invalid, says: /no message/ },
  hang: { code: late, says: /gave no sign of life for 2 seconds|did not answer in time/ },
  'hang-on-stream': { code: late, says: /no sign of life/ },
  'slow-headers': { code: late, says: /did not answer in time|no sign of life/ },
  status: { code: unavailable, says: /HTTP 500/ },
  'wrong-type': { code: invalid, says: /content type "text\/html"/ },
  'no-type': { code: invalid, says: /content type ""/ },
  'garbage-json': { code: invalid, says: /no message/ },
  'truncated-stream': { code: unavailable, says: /broke off its stream/ },
  'empty-stream': { code: unavailable, says: /ended its stream without an answer/ },
  'truncated-json': { code: unavailable, says: /broke off its answer/ },
  'cut-off': { code: unavailable, says: /closed the connection/ },
  huge: { code: invalid, says: /more than 4194304 bytes/ },
  deep: { code: invalid, says: /deeper than 200/ },
  redirect: { code: invalid, says: /HTTP 307/ },
};

const overStdioModes: Readonly<Record<string, Row>> = {
  echo: { code: null },
  'hang-on-call': { code: late, says: /no sign of life for 2 seconds/ },
  babble: { code: null },
  garbage: { code: null },
  twice: { code: null },
  huge: { tool: 'huge', code: unavailable, says: /line longer than/, ends: true },
  'endless-line': { code: unavailable, says: /line longer than/, ends: true },
  deep: { tool: 'deep', code: invalid, says: /deeper than 200/ },
  'crash-on-call': { tool: 'crash', code: unavailable, says: /ended: .*7/, ends: true },
  'ignore-sigterm': { code: null },
  leaky: { code: null },
};

/** Cannot even be opened. */
const neverOpen: Readonly<Record<string, RegExp>> = {
  dead: /ended.*3/,
  hang: /no sign of life|did not answer/,
};

const http = new Map<string, RudeHttp>();
let gateway: MemoryGateway;

before(async () => {
  for (const mode of Object.keys(overHttpModes) as RudeHttpMode[]) http.set(mode, await startRudeHttp({ mode }));
  const processes = [...Object.keys(overStdioModes), ...Object.keys(neverOpen)];
  gateway = await startMemoryGateway({
    settings: { maxMessageBytes: 4 * mebibyte, callTimeout: 2_000, connectTimeout: 3_000 },
    servers: [
      ...[...http].map(([mode, { url }]) => overHttp(`http-${mode}`, url)),
      ...processes.map((mode) => overStdio(`own-${mode}`, [actor('rude-server.ts'), mode])),
      ...processes.map((mode) => overStdio(`shared-${mode}`, [actor('rude-server.ts'), mode], 'shared')),
      overHttp('http-refused', 'http://127.0.0.1:9/mcp'),
      overHttp('http-unknown-host', 'http://does-not-exist.invalid/mcp'),
      { name: 'own-missing', transport: { type: 'stdio', command: '/no/such/program', args: [], env: {} } },
    ],
  });
});

after(async () => {
  await gateway?.[Symbol.asyncDispose]();
  for (const server of http.values()) await server.close();
});

async function open(server: string): Promise<BareClient> {
  const client = createBareClient(gateway.mcp(server), gateway.token);
  await client.open();
  return client;
}

async function end(client: BareClient): Promise<void> {
  await client.send({ method: 'DELETE' });
  client.close();
}

function check(server: string, row: Row): void {
  test(`${server}: ${row.code === null ? 'a call succeeds all the same' : `a call fails with ${row.says}`}`, async () => {
    const client = await open(server);
    const reply = await client.call(
      'tools/call',
      { name: row.tool ?? 'echo', arguments: { text: 'over here' } },
      'mine',
    );
    assert.equal(reply.status, 200);
    assert.equal(reply.message?.id, 'mine');
    assert.equal(reply.message?.error?.code ?? null, row.code, reply.body.toString().slice(0, 500));
    if (row.code === null) assert.equal(textOf(reply.message?.result ?? {}), 'over here');
    else {
      assert.match(reply.message?.error?.message ?? '', row.says ?? /./);
      assert.match(reply.message?.error?.message ?? '', new RegExp(`server "${server}"`), 'it says which server');
    }
    const next = await client.call('tools/list');
    assert.equal(next.status, row.ends === true && !server.startsWith('shared') ? 404 : 200);
    await end(client);
  });
}

describe('servers over HTTP', () => {
  for (const [mode, row] of Object.entries(overHttpModes)) check(`http-${mode}`, row);
});

for (const kind of ['own', 'shared'])
  describe(`processes, ${kind === 'own' ? 'one for each session' : 'one for all sessions'}`, () => {
    for (const [mode, row] of Object.entries(overStdioModes)) check(`${kind}-${mode}`, row);
    for (const [mode, says] of Object.entries(neverOpen))
      test(`${kind}-${mode}: initialize is answered with the reason, and no session is left`, async () => {
        const before = (await gateway.load()).sessions;
        const client = createBareClient(gateway.mcp(`${kind}-${mode}`), gateway.token);
        const reply = await client.call('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
        assert.equal(reply.headers['mcp-session-id'], undefined);
        assert.ok([unavailable, late].includes(reply.message?.error?.code ?? 0), reply.body.toString());
        assert.match(reply.message?.error?.message ?? '', says);
        client.close();
        assert.equal((await gateway.load()).sessions, before);
      });
  });

test('what cannot be reached at all is told apart', async () => {
  for (const [server, says] of [
    ['http-refused', /nothing listens at its address/],
    ['http-unknown-host', /its host name/],
    ['own-missing', /could not be started: .*no\/such\/program/],
  ] as const) {
    const client = createBareClient(gateway.mcp(server), gateway.token);
    const reply = await client.call('initialize', { protocolVersion: '2025-11-25', capabilities: {} });
    assert.equal(reply.message?.error?.code, unavailable, reply.body.toString());
    assert.match(reply.message?.error?.message ?? '', says);
    client.close();
  }
});

test('a server that babbles while it is called does not drown its client, nor keep a call alive for ever', async () => {
  const client = await open('own-babble');
  const stream = await client.stream({
    body: '{"jsonrpc":"2.0","id":"b","method":"tools/call","params":{"name":"echo","arguments":{"text":"heard"}}}',
  });
  const reply = await stream.done;
  assert.equal(textOf(reply.message?.result ?? {}), 'heard');
  assert.ok(
    reply.events.every(({ data }) => !data.includes('unknown')),
    'progress of nobody’s call reaches nobody',
  );
  await end(client);
});

test('a crash ends the calls of every session on that process, and the next call finds a new one', async () => {
  verifies('CP-081');
  const [one, two] = await Promise.all([open('shared-crash-on-call'), open('shared-crash-on-call')]);
  const crashed = await one.call('tools/call', { name: 'crash', arguments: {} });
  assert.equal(crashed.message?.error?.code, unavailable);
  await eventually(async () => {
    const again = await two.call('tools/call', { name: 'echo', arguments: { text: 'still here' } });
    return textOf(again.message?.result ?? {}) === 'still here';
  }, 'a new process');
  await Promise.all([end(one), end(two)]);
});

test('when the sessions are over nothing is left: no calls, no links, no processes but those that are shared', async () => {
  await eventually(async () => {
    const { calls, waiting, sessions, links } = await gateway.load();
    return calls === 0 && waiting === 0 && sessions === 0 && links === 0;
  }, 'the end of all conversations');
  await eventually(
    () => ofGateway().every((command) => /rude-server/.test(command) && isShared(command)),
    'the end of processes',
  );
  const wrong = (await gateway.log()).filter(({ level }) => level === 'error');
  assert.deepEqual(wrong, []);
});

test('when the gateway ends, every process has ended with it', async () => {
  verifies('CP-081');
  const pids = children().map(([pid]) => pid);
  assert.ok(pids.length > 0);
  await gateway[Symbol.asyncDispose]();
  for (const pid of pids) assert.ok(await endsWithin(pid, patienceMs), `process ${pid} is still there`);
});

/** Pid and command line of each process that the gateway started. */
function children(): [number, string][] {
  const listed = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' });
  const rows = listed.split('\n').map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line));
  return rows.flatMap((row) =>
    row !== null && Number(row[2]) === gateway.pid ? [[Number(row[1]), row[3] ?? '']] : [],
  );
}

function ofGateway(): string[] {
  return children()
    .map(([, command]) => command)
    .filter((command) => command.includes('rude-server'));
}

/** Shared processes wait for the next session for a while; there is at most one for each server. */
function isShared(command: string): boolean {
  return ofGateway().filter((each) => each === command).length <= 1;
}
