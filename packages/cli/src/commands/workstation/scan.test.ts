import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, withHome } from '../../testing/test-io.ts';

const secret = 'ghp_EXAMPLEexampleEXAMPLEexample0123456789';
const config = JSON.stringify({
  mcpServers: {
    github: { command: 'npx', args: ['-y', 'github-mcp'], env: { GITHUB_TOKEN: secret } },
    files: { command: 'mcpvault', args: ['bridge', 'files'] },
  },
});

async function withCursor<T>(text: string, use: (home: string, path: string) => Promise<T>): Promise<T> {
  return withHome(async (home) => {
    await mkdir(join(home, '.cursor'));
    const path = join(home, '.cursor', 'mcp.json');
    await writeFile(path, text);
    return use(home, path);
  });
}

interface Scanned {
  readonly clients: readonly {
    readonly client: string;
    readonly scope: string;
    readonly path: string;
    readonly state: string;
    readonly servers: readonly { readonly name: string; readonly kind: string; readonly transport: string }[];
    readonly findings: readonly { readonly code: string; readonly kind?: string; readonly place: string }[];
  }[];
}

test('a scan lists servers with their kinds, names secrets by kind and place, and writes nothing', async () => {
  await withCursor(config, async (home, path) => {
    const { code, out, err } = await run(['workstation', 'scan', '--json'], { home });
    assert.equal(code, 0, err);
    const { clients } = JSON.parse(out) as Scanned;
    const [cursor] = clients;
    assert.deepEqual([cursor?.client, cursor?.scope, cursor?.path, cursor?.state], ['cursor', 'user', path, 'ok']);
    assert.deepEqual(
      cursor?.servers.map(({ name, kind, transport }) => [name, kind, transport]),
      [
        ['github', 'unmanaged', 'stdio'],
        ['files', 'hosted', 'stdio'],
      ],
    );
    const found = cursor?.findings.find((each) => each.code === 'secret-in-plain-sight');
    assert.deepEqual([found?.kind, found?.place], ['github-token', '/mcpServers/github/env/GITHUB_TOKEN']);
    assert.ok(!out.includes(secret));
    assert.equal(await readFile(path, 'utf8'), config);
  });
});

test('for people a scan shows what strikes and what to do, and without clients what to try', async () => {
  await withCursor(config, async (home) => {
    const { out } = await run(['workstation', 'scan'], { home });
    assert.match(out, /github +unmanaged +stdio +bare +no/);
    assert.match(out, /error +“github” has a secret in plain sight\. \(github-token\)/);
    assert.match(out, /mcpvault workstation adopt/);
    assert.ok(!out.includes(secret));
  });
  await withHome(async (home) => {
    assert.match((await run(['workstation', 'scan'], { home })).out, /No AI client with servers was found/);
  });
});

test('one file is read as the named client reads it', async () => {
  await withHome(async (home) => {
    const path = join(home, 'other.toml');
    await writeFile(path, '[mcp_servers.a]\nurl = "https://a.example/mcp"\n');
    const { out } = await run(['workstation', 'scan', '--file', path, '--client', 'codex', '--json'], { home });
    assert.deepEqual(
      (JSON.parse(out) as Scanned).clients[0]?.servers.map(({ transport }) => transport),
      ['http'],
    );
    assert.equal((await run(['workstation', 'scan', '--file', path], { home })).code, 2);
    assert.equal((await run(['workstation', 'scan', '--file', path, '--client', 'nope'], { home })).code, 2);
  });
});

test('a check ends with 0, 20 or 21, so that device management can tell', async () => {
  const check = (home: string, ...more: string[]) => run(['workstation', 'check', ...more], { home });
  await withCursor(config, async (home) => assert.equal((await check(home)).code, 20));
  await withCursor('{"mcpServers":{"a":{"command":"a"}}}', async (home) => {
    assert.equal((await check(home)).code, 0);
    assert.equal((await check(home, '--managed')).code, 20);
  });
  await withCursor('{"mcpServers":', async (home) => assert.equal((await check(home)).code, 21));
});

test('the known clients are listed with their places and sources', async () => {
  await withHome(async (home) => {
    const { out } = await run(['workstation', 'clients', '--json'], { home });
    const { items } = JSON.parse(out) as {
      readonly items: readonly { readonly id: string; readonly sources: unknown[] }[];
    };
    assert.equal(new Set(items.map(({ id }) => id)).size, 55);
    assert.match(
      (await run(['workstation', 'clients'], { home })).out,
      /cursor +user +jsonc +high +~\/\.cursor\/mcp\.json/,
    );
  });
});
