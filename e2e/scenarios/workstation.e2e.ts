// The workstation through its real command, in a home of its own: finds clients, takes servers over and gives them back; real
// clients are started from the files it wrote. Almost everything works without a hub.
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type CommandLine, commandLine } from '../actors/command-line.ts';
import { eventually } from '../actors/eventually.ts';
import { startRudeHttp } from '../actors/rude-http.ts';
import { connectV1, connectV2, type Target } from '../actors/sdk-clients.ts';
import { admin, startHub } from '../actors/start-hub.ts';
import { verifies } from '../requirements.ts';

const everything = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));
const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';
const nowhere = 'http://127.0.0.1:9';

interface Scanned {
  readonly clients: readonly {
    readonly client: string;
    readonly path: string;
    readonly state: string;
    readonly servers: readonly {
      readonly name: string;
      readonly kind: string;
      readonly transport: string;
      readonly runs: string;
      readonly pinned: boolean | null;
    }[];
    readonly findings: readonly { readonly code: string; readonly place: string; readonly server?: string }[];
  }[];
}

interface Home extends AsyncDisposable {
  readonly line: CommandLine;
  path(name: string): string;
  write(name: string, text: string): Promise<string>;
  read(name: string): Promise<string>;
  scan(...more: string[]): Promise<Scanned>;
  /** What a client starts, with the environment it has. */
  target(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Target;
}

async function newHome(hub = nowhere): Promise<Home> {
  const line = await commandLine(hub);
  const folder = dirname(dirname(line.credentials));
  const path = (name: string): string => join(folder, name);
  return {
    line,
    path,
    write: async (name, text) => {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
      return path(name);
    },
    read: (name) => readFile(path(name), 'utf8'),
    scan: (...more) => line.json<Scanned>(['workstation', 'scan', ...more]),
    target: (command, args, env = {}) => {
      const { PATH = '' } = process.env;
      const own = { PATH, HOME: folder, XDG_CONFIG_HOME: folder, MCPVAULT_HUB: hub };
      return { command, args: [...args], env: { ...own, ...env } };
    },
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
}

const node = JSON.stringify(process.execPath);
const server = JSON.stringify(everything);

const cursor = `// mine, please keep
{
  "mcpServers": {
    "tools": {
      "command": ${node}, // this Node
      "args": [${server}],
      "env": { "API_TOKEN": "${secret}", },
      "autoApprove": ["echo"],
    },
  },
  "other": { "tools": "tools" },
}
`;
const codex = `# mine\nmodel = "m"\n\n[mcp_servers.tools]\ncommand = ${node} # this Node\nargs = [${server}]\nenabled = true\n\n[mcp_servers.tools.env]\nAPI_TOKEN = "${secret}"\n\n[profiles.a]\nx = 20_000\n`;
const goose = `# mine\nextensions:\n  tools:   # why\n    type: stdio\n    cmd: ${process.execPath}\n    args:\n      - ${everything}\n    envs: {API_TOKEN: ${secret}}\n    timeout: 300\n`;
const opencode = `{"mcp":{"tools":{"type":"local","command":[${node},${server}],"environment":{"API_TOKEN":"${secret}"},"enabled":true}},"tools":{"tools*":false}}`;

const files = {
  '.cursor/mcp.json': cursor,
  '.codex/config.toml': codex,
  'goose/config.yaml': goose,
  'opencode/opencode.json': opencode,
};

test('without a hub: found, adopted with its preview, used by real clients, and reverted to the byte', async () => {
  verifies(
    'TV-SYNC-05',
    'TV-SYNC-18',
    'TV-SYNC-33',
    'TV-SYNC-34',
    'TV-SYNC-35',
    'TV-SYNC-36',
    'TV-SYNC-37',
    'TV-SYNC-31',
    'TV-SYNC-02',
    'TV-SYNC-19',
  );
  await using home = await newHome();
  for (const [name, text] of Object.entries(files)) await home.write(name, text);
  const before = await home.scan();
  assert.deepEqual(
    before.clients
      .flatMap(({ client, servers }) => servers.map(({ name, kind }) => `${client} ${name} ${kind}`))
      .toSorted(),
    ['codex tools unmanaged', 'cursor tools unmanaged', 'goose tools unmanaged', 'opencode tools unmanaged'],
  );

  const preview = await home.line.run(['workstation', 'adopt', '--dry-run']);
  assert.equal(preview.code, 0, preview.err);
  assert.match(preview.out, /^-\s+"args": /m);
  assert.match(preview.out, /^\+\s+"args": .*"bridge", "tools"/m);
  for (const [name, text] of Object.entries(files))
    assert.equal(await home.read(name), text, 'a preview writes nothing');

  const asked = await home.line.run(['workstation', 'adopt']);
  assert.equal(asked.code, 2, 'where nobody can be asked, nothing is written');
  const adopted = await home.line.run(['workstation', 'adopt', '--yes']);
  assert.equal(adopted.code, 0, adopted.err);

  const [cursorNow, codexNow, gooseNow, opencodeNow] = await Promise.all(Object.keys(files).map(home.read));
  const isBridge = (line: string): boolean => /bridge|command|cmd|args|env|API_TOKEN|server-everything|^$/i.test(line);
  for (const [name, text] of Object.entries(files)) {
    const now = await home.read(name);
    assert.ok(!now.includes(secret), `${name} holds the secret still`);
    const kept = text.split('\n').filter((line) => !isBridge(line));
    for (const line of kept) assert.ok(now.split('\n').includes(line), `${name} lost ${line}`);
  }
  assert.match(
    cursorNow ?? '',
    /"tools": \{\n {6}"command": ".*", \/\/ this Node\n {6}"args": \[.*"bridge", "tools"\],\n {6}"autoApprove"/,
  );
  assert.match(
    codexNow ?? '',
    /\[mcp_servers\.tools\]\ncommand = ".*" # this Node\nargs = \[.*"bridge", "tools"\]\nenabled = true\n/,
  );
  assert.match(gooseNow ?? '', /cmd: .*\n {4}args: \[.*"bridge", "tools"\]\n {4}timeout: 300\n/);

  const { mcp } = JSON.parse(opencodeNow ?? '') as {
    readonly mcp: { readonly tools: { readonly command: readonly string[] } };
  };
  const [command = '', ...args] = mcp.tools.command;
  for (const connect of [connectV1, connectV2]) {
    const { client, close } = await connect(home.target(command, args, { FROM_CLIENT: 'yes' }));
    const called = await client.callTool({ name: 'get-env', arguments: {} });
    const text = JSON.stringify(called.content);
    assert.ok(text.includes(secret), 'the server has what was taken out of the file');
    assert.ok(text.includes('FROM_CLIENT'), 'and what the client gave it');
    assert.ok(!text.includes('MCPVAULT_HUB'));
    await close();
  }
  const after = await home.scan();
  assert.ok(after.clients.every(({ servers }) => servers.every(({ kind }) => kind === 'local')));
  assert.ok(after.clients.every(({ findings }) => findings.every(({ code }) => code !== 'secret-in-plain-sight')));

  const again = await home.line.json<{ readonly changes: readonly unknown[] }>(['workstation', 'adopt', '--yes']);
  assert.deepEqual(again.changes, []);
  const reverted = await home.line.run(['workstation', 'revert', '--yes']);
  assert.equal(reverted.code, 0, reverted.err);
  for (const [name, text] of Object.entries(files)) assert.equal(await home.read(name), text);
  assert.ok(!home.line.everything().includes(secret), 'no output shows the secret');
});

test('a remote server keeps working without the key in the client’s file, and nothing of MCPVault’s goes there', async () => {
  const remote = await startRudeHttp({ mode: 'echo' });
  try {
    await using home = await newHome();
    const text = `{"servers":{"far":{"type":"http","url":"${remote.url}","headers":{"X-Api-Key":"${secret}"}}},"inputs":[]}`;
    await home.write('Code/User/mcp.json', text);
    const adopted = await home.line.run(['workstation', 'adopt', '--yes']);
    assert.equal(adopted.code, 0, adopted.err);
    const now = await home.read('Code/User/mcp.json');
    assert.ok(!now.includes(secret));
    const { servers } = JSON.parse(now) as {
      servers: { far: { type: string; command: string; args: readonly string[] } };
    };
    assert.equal(servers.far.type, 'stdio');
    const { client, close } = await connectV1(
      home.target(servers.far.command, servers.far.args, { MCPVAULT_TOKEN: 'mcpv_mine' }),
    );
    const called = await client.callTool({ name: 'echo', arguments: { text: 'far away' } });
    assert.match(JSON.stringify(called.content), /far away/);
    await close();
    assert.ok(remote.requests.length > 0);
    for (const { headers } of remote.requests) {
      assert.equal(headers['x-api-key'], secret);
      assert.equal(headers.authorization, undefined);
    }
    assert.equal((await home.line.run(['workstation', 'revert', '--yes'])).code, 0);
    assert.equal(await home.read('Code/User/mcp.json'), text);
  } finally {
    await remote.close();
  }
});

test('a scan starts nothing, writes nothing, and names what strikes', async () => {
  verifies('TV-HUB-27', 'TV-HUB-43', 'TV-SYNC-03', 'TV-SYNC-04', 'TV-SYNC-17');
  await using home = await newHome();
  const marker = home.path('started');
  await home.write(
    '.cursor/mcp.json',
    JSON.stringify({
      mcpServers: {
        a: { command: 'touch', args: [marker], env: { API_TOKEN: secret } },
        b: { command: 'npx', args: ['-y', 'mcp-remote', 'https://mcp.linear.app/mcp'] },
        c: { url: 'https://c.example/sse', type: 'sse' },
        d: { command: process.execPath, args: ['/opt/mcpvault.mjs', 'bridge', 'files'] },
      },
    }),
  );
  await home.write('.gemini/settings.json', '{"mcpServers":');
  const before = await snapshot(home.path('.'));
  const { clients } = await home.scan();
  assert.deepEqual(await snapshot(home.path('.')), before);
  await assert.rejects(stat(marker));
  const found = clients.find(({ client }) => client === 'cursor');
  assert.deepEqual(
    found?.servers.map(({ name, kind, transport, runs, pinned }) => [name, kind, transport, runs, pinned]),
    [
      ['a', 'unmanaged', 'stdio', 'bare', null],
      ['b', 'unmanaged', 'stdio', 'network', false],
      ['c', 'unmanaged', 'sse', 'network', null],
      ['d', 'hosted', 'stdio', 'wrapped', null],
    ],
  );
  const codes = found?.findings.map(({ code, server: name }) => `${code} ${name}`);
  for (const code of ['secret-in-plain-sight a', 'remote-in-disguise b', 'unpinned-package b', 'unmanaged c']) {
    assert.ok(codes?.includes(code), code);
  }
  assert.equal(clients.find(({ client }) => client === 'gemini-cli')?.state, 'malformed');
  assert.equal((await home.line.run(['workstation', 'check'])).code, 20);
  assert.ok(!home.line.everything().includes(secret));
});

/** Names, contents and times of everything in a folder, but for what Node keeps of compiled code. */
async function snapshot(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder, { recursive: true });
  const all = await Promise.all(
    names.map(async (name) => {
      const found = await stat(join(folder, name));
      return found.isFile() ? `${name} ${found.mtimeMs} ${await readFile(join(folder, name), 'utf8')}` : name;
    }),
  );
  return all.filter((each) => !each.startsWith('cache')).toSorted();
}

const sqlite = (path: string): string =>
  `{\n  "mcpServers": {\n    "sqlite": { "command": "uvx", "args": ["mcp-server-sqlite", "--db-path", "${path}"], "alwaysAllow": [1.0] }\n  }\n}\n`;
const memory = (name: string): string =>
  `{\n  "mcpServers": {\n    "${name}": { "command": "npx", "args": ["-y", "server-memory"] } // ${name}\n  }\n}\n`;

test('one name for two servers, and two names for one, in the files of four projects', async () => {
  verifies(
    'TV-SYNC-39',
    'TV-SYNC-40',
    'TV-SYNC-41',
    'TV-SYNC-42',
    'TV-SYNC-43',
    'TV-SYNC-44',
    'TV-SYNC-45',
    'TV-SYNC-46',
    'CP-003',
  );
  await using home = await newHome();
  const texts = { a1: sqlite('a.db'), a2: sqlite('b.db'), b1: memory('memboryFoo'), b2: memory('memboryBar') };
  for (const [name, text] of Object.entries(texts)) await home.write(`${name}/.cursor/mcp.json`, text);
  const projects = Object.keys(texts).flatMap((name) => ['--project', home.path(name)]);
  const adopted = await home.line.run(['workstation', 'adopt', '--yes', ...projects]);
  assert.equal(adopted.code, 0, adopted.err);
  const bridged = async (name: string): Promise<readonly (readonly [string, string])[]> => {
    const text = await home.read(`${name}/.cursor/mcp.json`);
    return [...text.matchAll(/"(\w+)": \{ "command": .*"bridge", "(\w+)"\]/g)].map(([, key = '', to = '']) => [
      key,
      to,
    ]);
  };
  assert.deepEqual(await bridged('a1'), [['sqlite', 'sqlite']]);
  assert.deepEqual(await bridged('a2'), [['sqlite', 'sqlite1']]);
  assert.deepEqual(await bridged('b1'), [['memboryFoo', 'memboryfoo']]);
  assert.deepEqual(await bridged('b2'), [['memboryBar', 'memboryfoo']]);
  assert.match(await home.read('a1/.cursor/mcp.json'), /"alwaysAllow": \[1\.0\] \}\n/);
  assert.equal((await home.line.run(['workstation', 'revert', '--yes'])).code, 0);
  for (const [name, text] of Object.entries(texts)) assert.equal(await home.read(`${name}/.cursor/mcp.json`), text);
});

test('what is planned waits for a sync, is never lost without a word, and what the file says wins', async () => {
  verifies(
    'TV-SYNC-07',
    'TV-SYNC-11',
    'TV-SYNC-12',
    'TV-SYNC-13',
    'TV-SYNC-14',
    'TV-SYNC-15',
    'TV-SYNC-16',
    'TV-SYNC-01',
  );
  await using home = await newHome();
  const text = '{"mcpServers":{"a":{"command":"x"},"b":{"command":"y"}}}';
  const name = '.cursor/mcp.json';
  await home.write(name, text);
  const workstation = (...words: string[]) => home.line.run(['workstation', ...words]);
  const states = async (): Promise<readonly string[]> => {
    const { links } = await home.line.json<{ readonly links: readonly { name: string; state: string }[] }>([
      'workstation',
      'status',
    ]);
    return links.map((link) => `${link.name} ${link.state}`).toSorted();
  };
  assert.equal((await workstation('adopt', '--later')).code, 0);
  assert.deepEqual(await states(), ['a pending-adopt', 'b pending-adopt']);
  assert.equal(await home.read(name), text);

  const refused = await workstation('refresh', '--json');
  assert.equal(refused.code, 1);
  assert.match(refused.err, /a of cursor, b of cursor/);
  assert.match(refused.err, /--push-first/);
  assert.deepEqual(await states(), ['a pending-adopt', 'b pending-adopt']);

  assert.equal((await workstation('sync', 'a', '--yes')).code, 0);
  assert.deepEqual(await states(), ['a managed', 'b pending-adopt'], 'writing one leaves the other planned');
  assert.equal((await workstation('refresh', '--push-first')).code, 0);
  assert.deepEqual(await states(), ['a managed', 'b managed']);

  await workstation('revert', 'a', '--later');
  assert.equal((await workstation('refresh', '--force')).code, 0);
  assert.deepEqual(await states(), ['a managed', 'b managed'], 'the plan is gone, the file counts');

  const now = await home.read(name);
  await home.write(name, now.replace(/"a":\{[^}]*\}/, '"a":{"command":"other"}').replace(/,"b":\{[^}]*\}/, ''));
  assert.equal((await workstation('refresh')).code, 0);
  assert.deepEqual(await states(), ['a changed', 'b gone']);
  assert.equal((await workstation('revert', 'a', '--yes')).code, 1, 'what somebody else wrote is not overwritten');
  assert.equal((await workstation('revert', 'a', '--yes', '--force')).code, 0);
  assert.deepEqual(JSON.parse(await home.read(name)), { mcpServers: { a: { command: 'x' } } });
});

test('through a hub: the entry keeps its key, holds nothing of the server, and a real client reaches it', async () => {
  verifies('TV-HUB-10', 'TV-HUB-12', 'CP-003');
  await using hub = await startHub({ example: true });
  await using home = await newHome(hub.url);
  const login = ['login', '--email', admin.email, '--password-stdin'];
  assert.equal((await home.line.run(login, { input: admin.password })).code, 0);
  const ready = async (): Promise<boolean> => {
    const { items } = await home.line.json<{ items: { name: string; status: string }[] }>(['servers', 'list']);
    return items.some(({ name, status }) => name === 'everything' && status === 'ready');
  };
  await eventually(ready, 'the example server to be ready');
  const text = `{"mcpServers":{"my tools":{"command":"npx","args":["-y","some-mcp","--key","${secret}"],"disabled":false}}}`;
  await home.write('.cursor/mcp.json', text);
  const adopted = await home.line.run(['workstation', 'adopt', 'my tools', '--to', 'everything', '--yes']);
  assert.equal(adopted.code, 0, adopted.err);
  const now = JSON.parse(await home.read('.cursor/mcp.json')) as {
    readonly mcpServers: Readonly<Record<string, { readonly command: string; readonly args: readonly string[] }>>;
  };
  const entry = now.mcpServers['my tools'];
  assert.ok(entry);
  assert.deepEqual(Object.keys(entry), ['command', 'args', 'disabled']);
  assert.deepEqual(entry.args.slice(-2), ['bridge', 'everything']);
  const { client, close } = await connectV1(home.target(entry.command, entry.args));
  const called = await client.callTool({ name: 'echo', arguments: { message: 'through the hub' } });
  assert.match(JSON.stringify(called.content), /through the hub/);
  await close();
  const [config] = (await home.scan()).clients;
  assert.deepEqual(
    config?.servers.map(({ kind }) => kind),
    ['hosted'],
  );
  assert.equal((await home.line.run(['workstation', 'revert', '--yes'])).code, 0);
  assert.equal(await home.read('.cursor/mcp.json'), text);
});
