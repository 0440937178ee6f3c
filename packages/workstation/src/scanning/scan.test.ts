import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { clients } from '../catalogue/clients.ts';
import { platforms } from '../catalogue/client.ts';
import { locateConfigs } from '../catalogue/locate-configs.ts';
import { createNodeFiles } from '../machine/node-files.ts';
import { memoryMachine } from '../testing/memory-machine.ts';
import { scan } from './scan.ts';
import { nothingManaged } from './server-kind.ts';

const one = '{"mcpServers":{"a":{"command":"x"}}}';
const managed = nothingManaged;

test('every location of the catalogue is found on each of its platforms, and read with its servers', async () => {
  let seen = 0;
  for (const platform of platforms) {
    const root = platform === 'windows' ? 'C:\\srv\\shop' : '/srv/shop';
    for (const client of clients) {
      for (const location of client.locations) {
        if (location.format === 'opaque' || location.pointer === undefined) continue;
        const sample = sampleOf(location.format, location.pointer, location.dialect ?? 'mcpServers-basic');
        for (const pattern of await locateConfigs(location, tolerant(platform), [root])) {
          const path = pattern.path.replaceAll('**', 'x').replaceAll('*', 'x');
          const machine = memoryMachine(platform, { [path]: sample });
          const found = await scan({ machine, managed, projects: [root], clients: [client.id] });
          const names = found.clients.flatMap(({ servers }) => servers.map(({ name }) => name));
          assert.deepEqual([...new Set(names)], ['a'], `${platform} ${client.id} ${location.scope} ${path}`);
          seen += 1;
        }
      }
    }
  }
  assert.ok(seen > 300, `${seen} places`);
});

/** Lists nothing and calls every path existing, so that patterns come back as they are. */
function tolerant(platform: (typeof platforms)[number]) {
  const machine = memoryMachine(platform, {});
  const star = async (): Promise<readonly string[]> => ['x'];
  const dotted = async (path: string): Promise<readonly string[]> => [
    ...(await star()),
    ...['x.json', 'x.yaml', 'x.yml', 'x.config.toml', 'x.code-workspace'].filter(() => path !== ''),
  ];
  return { ...machine, files: { ...machine.files, list: dotted, exists: async () => true } };
}

function sampleOf(format: string, pointer: readonly string[], dialect: string): string {
  const isList = dialect === 'continue-yaml' || dialect === 'vibe' || dialect === 'claude-desktop-managed';
  const entry = dialect === 'goose' ? { cmd: 'x', type: 'stdio' } : { command: dialect === 'opencode' ? ['x'] : 'x' };
  if (format === 'toml')
    return isList ? '[[mcp_servers]]\nname = "a"\ncommand = "x"\n' : '[mcp_servers.a]\ncommand = "x"\n';
  const servers = isList ? [{ name: 'a', ...entry }] : { a: entry };
  const whole = pointer.toReversed().reduce<unknown>((inner, key) => ({ [key === '*' ? '/p' : key]: inner }), servers);
  return JSON.stringify(whole);
}

test('states of files are told apart', async () => {
  const at = (content: Parameters<typeof memoryMachine>[1][string]) =>
    scan({ machine: memoryMachine('macos', { '/Users/ana/.cursor/mcp.json': content }), managed, clients: ['cursor'] });
  const table = [
    [one, 'ok'],
    ['', 'empty'],
    ['{}', 'no-servers'],
    ['{"mcpServers":{}}', 'no-servers'],
    ['{"mcpServers":', 'malformed'],
    ['{"mcpServers":3}', 'wrong-container'],
    ['{"mcpServers":{"a":{"command":"x"},"a":{"command":"y"}}}', 'duplicate-keys'],
    [Buffer.from([0xff, 0xfe, 0x7b, 0, 0x7d, 0]), 'unsupported-encoding'],
    [Buffer.from([0x7b, 0xc3, 0x28, 0x7d]), 'unsupported-encoding'],
    ['no-permission', 'no-permission'],
    ['privacy-denied', 'privacy-denied'],
    ['too-large', 'too-large'],
    ['not-a-file', 'not-a-file'],
    [`${'['.repeat(5000)}`, 'malformed'],
  ] as const;
  for (const [content, state] of table) {
    assert.deepEqual(
      (await at(content)).clients.map((config) => config.state),
      [state],
    );
  }
});

test('a file that several clients read is told once, with all of them', async () => {
  const machine = memoryMachine('linux', { '/srv/.mcp.json': one, '/home/ana/.copilot/x': '' });
  const found = await scan({ machine, managed, projects: ['/srv'] });
  const [config, ...more] = found.clients;
  assert.equal(more.length, 0);
  assert.equal(config?.client, 'copilot-cli');
  assert.ok(config?.alsoReadBy.includes('claude-code'));
});

test('the content decides which dialect a file speaks, not its name', async () => {
  const machine = memoryMachine('linux', {
    '/srv/.mcp.json': '{"servers":{"a":{"url":"https://a.example/mcp"}}}',
  });
  const found = await scan({ machine, managed, projects: ['/srv'], clients: ['claude-code'] });
  assert.deepEqual(
    found.clients[0]?.servers.map(({ name, transport }) => [name, transport]),
    [['a', 'http']],
  );
});

test('projects that clients remember are looked into, with their parents, on every platform', async () => {
  const remembered: readonly (readonly [Parameters<typeof memoryMachine>[0], Record<string, string>])[] = [
    ['linux', { '/home/ana/.claude.json': '{"projects":{"/home/ana/src/shop":{}}}', '/home/ana/src/.mcp.json': one }],
    ['linux', { '/home/ana/.codex/config.toml': '[projects."/srv/shop"]\n', '/srv/shop/.cursor/mcp.json': one }],
    [
      'macos',
      {
        '/Users/ana/Library/Application Support/Code/User/workspaceStorage/0a/workspace.json':
          '{"folder":"file:///Users/ana/my%20shop"}',
        '/Users/ana/my shop/.vscode/mcp.json': '{"servers":{"a":{"command":"x"}}}',
      },
    ],
    [
      'windows',
      {
        'C:\\Users\\ana\\AppData\\Roaming\\Code\\User\\workspaceStorage\\0a\\workspace.json':
          '{"folder":"file:///c%3A/srv/shop"}',
        'c:\\srv\\shop\\.cursor\\mcp.json': one,
      },
    ],
  ];
  for (const [platform, files] of remembered) {
    const found = await scan({ machine: memoryMachine(platform, files), managed });
    const names = found.clients.flatMap(({ servers }) => servers.map(({ name }) => name));
    assert.deepEqual(names, ['a'], platform);
  }
});

test('variables that move a client’s folder are followed', async () => {
  const machine = memoryMachine(
    'linux',
    { '/etc/ana/codex/config.toml': '[mcp_servers.a]\ncommand="x"\n' },
    { env: { CODEX_HOME: '/etc/ana/codex' } },
  );
  const found = await scan({ machine, managed, clients: ['codex'] });
  assert.equal(found.clients[0]?.path, '/etc/ana/codex/config.toml');
});

test('one server under two names, and one name for two servers, are told', async () => {
  const machine = memoryMachine('linux', {
    '/home/ana/.cursor/mcp.json': '{"mcpServers":{"a":{"command":"x"},"b":{"command":"x"},"c":{"command":"y"}}}',
    '/srv/.cursor/mcp.json': '{"mcpServers":{"c":{"command":"z"}}}',
  });
  const found = await scan({ machine, managed, projects: ['/srv'], clients: ['cursor'] });
  const said = found.clients
    .flatMap(({ findings }) => findings)
    .filter(({ code }) => /duplicate-server|same-name/.test(code));
  assert.deepEqual(
    said.map(({ code, server }) => [code, server]),
    [
      ['duplicate-server', 'b'],
      ['same-name-twice', 'c'],
    ],
  );
});

test('clients that are there without a file are told when asked, and those that show nothing are said not to', async () => {
  const machine = memoryMachine('linux', { '/home/ana/.cursor/x': '', '/home/ana/.config/CherryStudio/db': '' });
  const found = await scan({ machine, managed, withAbsent: true });
  assert.ok(found.clients.some(({ client, state }) => client === 'cursor' && state === 'absent'));
  assert.ok(found.clients.some(({ client, state }) => client === 'cherry-studio' && state === 'opaque'));
});

test('links are followed, and folders and pipes are told apart without waiting for them', async () => {
  const home = await mkdtemp(join(tmpdir(), 'mcpvault-scan-'));
  try {
    await mkdir(join(home, '.cursor'));
    await writeFile(join(home, 'real.json'), one);
    await symlink(join(home, 'real.json'), join(home, '.cursor', 'mcp.json'));
    await mkdir(join(home, '.kiro', 'settings', 'mcp.json'), { recursive: true });
    await mkdir(join(home, '.junie', 'mcp'), { recursive: true });
    execFileSync('mkfifo', [join(home, '.junie', 'mcp', 'mcp.json')]);
    const machine = { platform: 'linux', home, env: {}, files: createNodeFiles('linux') } as const;
    const found = await scan({ machine, managed, clients: ['cursor', 'kiro', 'junie'] });
    assert.deepEqual(
      found.clients.map(({ client, state }) => [client, state]),
      [
        ['cursor', 'ok'],
        ['kiro', 'not-a-file'],
        ['junie', 'not-a-file'],
      ],
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
});
