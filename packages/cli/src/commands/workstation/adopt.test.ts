import assert from 'node:assert/strict';
import { link, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTestIo, run, withHome } from '../../testing/test-io.ts';
import { runCli } from '../../run-cli.ts';

const text = '{"mcpServers":{"a":{"command":"x","env":{"API_TOKEN":"hunter2-example"}}}}';
const adopted = '{"mcpServers":{"a":{"command":"/opt/mcpvault/bin/mcpvault","args":["bridge","a"]}}}';

async function withConfig(use: (home: string, path: string) => Promise<void>): Promise<void> {
  await withHome(async (home) => {
    await mkdir(join(home, '.cursor'));
    const path = join(home, '.cursor', 'mcp.json');
    await writeFile(path, text);
    await use(home, path);
  });
}

test('on a terminal the change is shown, then asked for, and a no changes nothing', async () => {
  await withConfig(async (home, path) => {
    for (const [answer, code, now] of [
      ['n\r', 1, text],
      ['y\r', 0, adopted],
    ] as const) {
      const io = createTestIo({ home, terminal: true });
      const done = runCli(['workstation', 'adopt', 'a'], io);
      await io.saidSoon(/Change 1 server\? .*\[y\/N\]/);
      assert.match(io.said.err, /^-.*"command":"x"/m);
      assert.ok(!io.said.err.includes('hunter2'));
      io.stdin.write(answer);
      assert.equal(await done, code);
      assert.equal(await readFile(path, 'utf8'), now);
    }
  });
});

test('programs get what changed as JSON, with what was left alone and why', async () => {
  await withConfig(async (home, path) => {
    const { code, out } = await run(['workstation', 'adopt', '--yes', '--json'], { home });
    assert.equal(code, 0);
    const said = JSON.parse(out) as {
      applied: boolean;
      changes: { path: string; preview: string; servers: unknown[] }[];
    };
    assert.equal(said.applied, true);
    assert.deepEqual(
      said.changes.map((change) => [change.path, change.servers]),
      [[path, [{ client: 'cursor', name: 'a', server: 'a', state: 'managed' }]]],
    );
    assert.ok(!out.includes('hunter2'));
    assert.equal((await stat(join(home, 'mcpvault', 'workstation.json'))).mode & 0o777, 0o600);
    const status = await run(['workstation', 'status'], { home });
    assert.match(status.out, /a +cursor +managed +local a/);
  });
});

test('a file that cannot be replaced is left alone with its reason, and nothing stays planned', async () => {
  await withConfig(async (home, path) => {
    await link(path, join(home, 'second-name'));
    const { code, out } = await run(['workstation', 'adopt', '--yes'], { home });
    assert.equal(code, 1);
    assert.match(out, /Left alone: a of cursor: .*several names/);
    assert.match((await run(['workstation', 'status'], { home })).out, /Nothing is adopted yet/);
    assert.equal(await readFile(path, 'utf8'), text);
  });
});

test('one file is adopted as its client reads it, wherever it lies, and the hub’s server stands behind one name only', async () => {
  await withHome(async (home) => {
    const path = join(home, 'backup', 'codex', 'config.toml');
    await mkdir(join(home, 'backup', 'codex'), { recursive: true });
    await writeFile(path, '[mcp_servers.a]\ncommand = "x"\n');
    const only = ['--file', path, '--client', 'codex', '--yes'];
    assert.equal((await run(['workstation', 'adopt', '--to', 'files', ...only], { home })).code, 2);
    assert.equal((await run(['workstation', 'adopt', 'a', '--to', 'files', ...only], { home })).code, 0);
    const bridge = 'command = "/opt/mcpvault/bin/mcpvault"\nargs = ["bridge", "files"]\n';
    assert.equal(await readFile(path, 'utf8'), `[mcp_servers.a]\n${bridge}`);
    assert.equal((await run(['workstation', 'revert', '--file', path, '--yes'], { home })).code, 0);
    assert.equal(await readFile(path, 'utf8'), '[mcp_servers.a]\ncommand = "x"\n');
  });
});

test('what is planned can be dropped', async () => {
  await withConfig(async (home, path) => {
    assert.match((await run(['workstation', 'adopt', '--later'], { home })).out, /1 change planned/);
    assert.match((await run(['workstation', 'sync', '--dry-run'], { home })).out, /^\+.*bridge/m);
    assert.match((await run(['workstation', 'sync', '--discard'], { home })).out, /1 planned change dropped/);
    assert.match((await run(['workstation', 'sync', '--yes'], { home })).out, /nothing to change/);
    assert.equal(await readFile(path, 'utf8'), text);
  });
});

test('rules of a client that would refuse the new command are told before', async () => {
  await withHome(async (home) => {
    await mkdir(join(home, 'amp'));
    await writeFile(
      join(home, 'amp', 'settings.json'),
      '{"amp.mcpServers":{"a":{"command":"x"}},"amp.mcpPermissions":[]}',
    );
    const { code, err } = await run(['workstation', 'adopt', '--yes'], { home });
    assert.equal(code, 0, err);
    assert.match(err, /Warning: .*settings\.json has rules/);
  });
});
