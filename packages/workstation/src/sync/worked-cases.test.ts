// The cases that the rules for rewriting were made for, with real files in real folders.
import assert from 'node:assert/strict';
import { chmod, link, lstat, mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { realHome } from '../testing/real-home.ts';
import { afterLooking, lookAt } from './look-again.ts';
import { planFiles, pushFile } from './push-links.ts';

const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';

test('two projects that call different servers the same keep the name, and get two servers', async () => {
  await using home = await realHome();
  const a1 =
    '{\n  "mcpServers": {\n    "sqlite": { "command": "uvx", "args": ["mcp-server-sqlite", "--db-path", "a.db"] }\n  }\n}\n';
  await home.write('a1/.cursor/mcp.json', a1);
  await home.write('a2/.cursor/mcp.json', a1.replace('a.db', 'b.db'));
  await home.adopt([], { projects: ['a1', 'a2'] });
  const { servers } = await home.store.read();
  assert.deepEqual(
    servers.map((server) => [server.name, 'args' in server ? server.args.at(-1) : undefined]),
    [
      ['sqlite', 'a.db'],
      ['sqlite1', 'b.db'],
    ],
  );
  const adopted = (name: string): string =>
    `{\n  "mcpServers": {\n    "sqlite": { "command": "/opt/mcpvault", "args": ["bridge", "${name}"] }\n  }\n}\n`;
  assert.equal(await home.read('a1/.cursor/mcp.json'), adopted('sqlite'));
  assert.equal(await home.read('a2/.cursor/mcp.json'), adopted('sqlite1'));
  await home.revert();
  assert.equal(await home.read('a1/.cursor/mcp.json'), a1);
  assert.deepEqual(await home.store.read(), { version: 1, servers: [], links: [] });
});

test('two projects that call the same server differently keep their names, and share one server', async () => {
  await using home = await realHome();
  const config = (name: string): string =>
    `{"mcpServers":{"${name}":{"command":"npx","args":["memory"],"env":{"A":"1"}}}}`;
  await home.write('b1/.cursor/mcp.json', config('memboryFoo'));
  await home.write('b2/.cursor/mcp.json', config('memboryBar'));
  await home.adopt([], { projects: ['b1', 'b2'] });
  const { servers, links } = await home.store.read();
  assert.deepEqual(
    servers.map(({ name }) => name),
    ['memboryfoo'],
  );
  assert.equal(links.length, 2);
  assert.equal(
    await home.read('b1/.cursor/mcp.json'),
    '{"mcpServers":{"memboryFoo":{"command":"/opt/mcpvault","args":["bridge","memboryfoo"]}}}',
  );
  assert.equal(
    await home.read('b2/.cursor/mcp.json'),
    '{"mcpServers":{"memboryBar":{"command":"/opt/mcpvault","args":["bridge","memboryfoo"]}}}',
  );
});

test('a file does not get the same server under two names', async () => {
  await using home = await realHome();
  await home.write('.cursor/mcp.json', '{"mcpServers":{"a":{"command":"x"},"b":{"command":"x"}}}');
  const { refused } = await home.adopt();
  assert.deepEqual(
    refused.map(({ server }) => server),
    ['b'],
  );
});

test('what is taken out of a client’s file is kept for its owner only, and no preview shows a secret', async () => {
  await using home = await realHome();
  const text = `{"mcpServers":{"a":{"command":"x","args":["--token","${secret}"],"env":{"B":"${secret}","C":"\${input:c}"}}}}`;
  await home.write('.cursor/mcp.json', text);
  await home.adopt();
  const now = await home.read('.cursor/mcp.json');
  assert.ok(!now.includes(secret));
  assert.match(now, /"env":\{"C":"\$\{input:c\}"\}/);
  assert.equal((await stat(home.store.path)).mode & 0o777, 0o600);
  const { links } = await home.store.read();
  const back = await planFiles(
    links.map((each) => ({ ...each, state: 'pending-revert' })),
    home.files,
    0,
  );
  const preview = back[0]?.preview ?? '';
  assert.ok(preview.includes('[hidden]'));
  assert.ok(!preview.includes(secret));
  await home.revert();
  assert.equal(await home.read('.cursor/mcp.json'), text);
});

test('mode and links of a file stay, and nothing is left beside it', async () => {
  await using home = await realHome();
  const real = await home.write('dotfiles/mcp.json', '{"mcpServers":{"a":{"command":"x"}}}');
  await chmod(real, 0o640);
  await mkdir(home.path('.cursor'));
  await symlink(real, home.path('.cursor/mcp.json'));
  await home.adopt();
  assert.ok((await lstat(home.path('.cursor/mcp.json'))).isSymbolicLink());
  assert.equal((await stat(real)).mode & 0o777, 0o640);
  assert.match(await readFile(real, 'utf8'), /bridge/);
  assert.deepEqual(await readdir(home.path('dotfiles')), ['mcp.json']);
});

test('a file with several names is left alone, for replacing it would part them', async () => {
  await using home = await realHome();
  const path = await home.write('.cursor/mcp.json', '{"mcpServers":{"a":{"command":"x"}}}');
  await link(path, home.path('other.json'));
  await assert.rejects(home.adopt(), /several names/);
  assert.equal(await readFile(path, 'utf8'), '{"mcpServers":{"a":{"command":"x"}}}');
});

test('what a client writes between planning and writing is kept, and the entry is adopted nevertheless', async () => {
  await using home = await realHome();
  const path = await home.write('.cursor/mcp.json', '{"mcpServers":{"a":{"command":"x"}}}');
  let raced = 0;
  const racing = {
    ...home,
    writer: {
      replace: async (...args: Parameters<typeof home.writer.replace>) => {
        raced += 1;
        if (raced === 1) await writeFile(path, '{"new":1,"mcpServers":{"a":{"command":"x","disabled":true}}}');
        return home.writer.replace(...args);
      },
    },
  };
  await home.adopt(['nothing']);
  const { planAdoption } = await import('./plan-adoption.ts');
  const plan = await planAdoption(
    await home.look(),
    { names: [], bridge: ['/opt/mcpvault'] },
    await home.store.read(),
    home.files,
    0,
  );
  const [change] = await planFiles(plan.links, home.files, 0);
  assert.ok(change);
  await pushFile(change, racing);
  assert.equal(raced, 2);
  assert.equal(
    await readFile(path, 'utf8'),
    '{"new":1,"mcpServers":{"a":{"command":"/opt/mcpvault","args":["bridge","a"],"disabled":true}}}',
  );
  await home.revert();
  assert.equal(await readFile(path, 'utf8'), '{"new":1,"mcpServers":{"a":{"command":"x","disabled":true}}}');
});

test('what a client changed elsewhere and inside since stays when an entry is reverted', async () => {
  await using home = await realHome();
  await home.write(
    '.codex/config.toml',
    '# mine\n[mcp_servers.a]\ncommand = "x" # why\nenv = { K = "v" }\n\n[other]\nn = 1\n',
  );
  await home.adopt();
  const adopted = await home.read('.codex/config.toml');
  await home.write(
    '.codex/config.toml',
    adopted.replace('n = 1', 'n = 2').replace('[other]', 'startup_timeout_sec = 5\n\n[other]'),
  );
  await home.revert();
  const reverted = await home.read('.codex/config.toml');
  assert.match(reverted, /^# mine\n\[mcp_servers\.a\]\ncommand = "x" # why\n/);
  assert.match(reverted, /env = \{ K = "v" \}/);
  assert.match(reverted, /startup_timeout_sec = 5/);
  assert.match(reverted, /n = 2/);
});

test('an entry that somebody else has changed is not reverted unless forced, and looking says so', async () => {
  await using home = await realHome();
  const text = '{"mcpServers":{"a":{"command":"x"}}}';
  await home.write('.cursor/mcp.json', text);
  await home.adopt();
  await home.write('.cursor/mcp.json', '{"mcpServers":{"a":{"command":"theirs"}}}');
  const [adopted] = (await home.store.read()).links;
  assert.ok(adopted);
  assert.equal(await lookAt(adopted, home.files), 'found-other');
  assert.equal(afterLooking(adopted, 'found-other', 0).state, 'changed');
  const [change] = await home.revert();
  assert.match(change?.refused[0]?.reason ?? '', /changed by someone else/);
  assert.equal(await home.read('.cursor/mcp.json'), '{"mcpServers":{"a":{"command":"theirs"}}}');
  await home.revert([], { force: true });
  assert.deepEqual(JSON.parse(await home.read('.cursor/mcp.json')), JSON.parse(text));
});

test('files that hide or repeat something are left alone, each with its reason', async () => {
  const table: readonly (readonly [string | Uint8Array, RegExp])[] = [
    ['{"mcpServers":{"a":{"command":"x"},"a":{"command":"y"}}}', /written twice/],
    [Buffer.from('\ufeff{"mcpServers":{"a":{"command":"x"}}}', 'utf16le'), /not UTF-8/],
  ];
  for (const [text, why] of table) {
    await using home = await realHome();
    const path = await home.write('.cursor/mcp.json', text);
    const before = await readFile(path);
    const { refused, links } = await home.adopt();
    const reasons = [...refused, ...(await planFiles(links, home.files, 0)).flatMap((change) => change.refused)];
    assert.match(reasons[0]?.reason ?? '', why);
    assert.deepEqual(await readFile(path), before);
  }
});

test('an alias or a merge of YAML is never edited through its target', async () => {
  await using home = await realHome();
  const text = 'base: &b\n  command: x\nmcp_servers:\n  a: *b\n  c:\n    <<: *b\n    args: [1]\n  d:\n    command: z\n';
  await home.write('.hermes/config.yaml', text);
  const { links } = await home.adopt();
  assert.deepEqual(
    links.map(({ address }) => address.name),
    ['a', 'c', 'd'],
  );
  const now = await home.read('.hermes/config.yaml');
  assert.equal(now, text.replace('    command: z\n', '    command: "/opt/mcpvault"\n    args: ["bridge", "d"]\n'));
});

test('what refers to the open folder is left to the client, and a server that the client signs in to is left to a hub', async () => {
  await using home = await realHome();
  await home.write(
    '.cursor/mcp.json',
    '{"mcpServers":{"a":{"command":"x","args":["${workspaceFolder}"]},"b":{"url":"https://b.example/mcp"},"c":{"url":"https://c.example/mcp","headers":{"X-Api-Key":"k1"}}}}',
  );
  const local = await home.adopt();
  assert.deepEqual(
    local.refused.map(({ reason }) => /open folder|remote/.exec(reason)?.[0]),
    ['open folder', 'remote'],
  );
  assert.deepEqual((await home.store.read()).servers, [
    { name: 'c', url: 'https://c.example/mcp', headers: { 'X-Api-Key': 'k1' } },
  ]);
  assert.match(await home.read('.cursor/mcp.json'), /"c":\{"command":"\/opt\/mcpvault","args":\["bridge","c"\]\}/);
  const remote = await home.adopt(['b'], { to: 'files' });
  assert.deepEqual(remote.refused, []);
  assert.match(await home.read('.cursor/mcp.json'), /"b":\{"command":"\/opt\/mcpvault","args":\["bridge","files"\]\}/);
});

test('a remote server that the client signs in to in ways of its own is left to it', async () => {
  await using home = await realHome();
  const text =
    '[mcp_servers.a]\nurl = "https://a.example/mcp"\nbearer_token_env_var = "T"\nhttp_headers = { "X-Api-Key" = "k" }\n' +
    '\n[mcp_servers.b]\nurl = "https://b.example/mcp"\nhttp_headers = { "X-Region" = "eu" }\n';
  await home.write('.codex/config.toml', text);
  const { refused } = await home.adopt();
  assert.deepEqual(
    refused.map(({ server, reason }) => [server, /sign in/.test(reason)]),
    [
      ['a', true],
      ['b', true],
    ],
  );
  assert.equal(await home.read('.codex/config.toml'), text);
});

test('adopting again changes nothing', async () => {
  await using home = await realHome();
  await home.write('.cursor/mcp.json', '{"mcpServers":{"a":{"command":"x"}}}');
  await home.adopt();
  const once = await home.read('.cursor/mcp.json');
  assert.deepEqual((await home.adopt()).links, []);
  assert.equal(await home.read('.cursor/mcp.json'), once);
});

test('a lock that a client holds is waited for, one that was left behind is not', async () => {
  await using home = await realHome();
  const path = await home.write('.cursor/mcp.json', '{"mcpServers":{"a":{"command":"x"}}}');
  await mkdir(`${path}.lock`);
  const adopting = home.adopt();
  const first = await Promise.race([
    adopting.then(() => 'adopted'),
    new Promise((resolve) => setImmediate(() => resolve('waits'))),
  ]);
  assert.equal(first, 'waits');
  const { rmdir, utimes } = await import('node:fs/promises');
  await rmdir(`${path}.lock`);
  await adopting;
  await mkdir(`${path}.lock`);
  await utimes(`${path}.lock`, 1, 1);
  await home.revert();
  assert.equal(await readFile(path, 'utf8'), '{"mcpServers":{"a":{"command":"x"}}}');
});
