import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { withSignedIn } from '../testing/signed-in.ts';
import { run, withHome } from '../testing/test-io.ts';
import { scripts, shells } from './scripts.ts';

const bin = fileURLToPath(new URL('../../bin/mcpvault.mjs', import.meta.url));
const values = (out: string): string[] =>
  out.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']));

async function offered(...words: string[]): Promise<string[]> {
  return values((await run(['__complete', '--', ...words], { home: '/nowhere' })).out);
}

test('commands, their options and the options of all commands are offered', async () => {
  assert.deepEqual(await offered('servers', 're'), ['restart', 'remove']);
  assert.ok((await offered('')).includes('login'));
  assert.ok(!(await offered('')).includes('__complete'));
  const options = await offered('servers', 'add', '--');
  assert.ok(options.includes('--isolation') && options.includes('--json'));
});

test('values that are known are offered where they belong', async () => {
  assert.deepEqual(await offered('servers', 'add', 'x', '--isolation', 'per-s'), ['per-session']);
  assert.deepEqual(await offered('--output', ''), ['table', 'json']);
  assert.deepEqual(await offered('completion', ''), shells);
  assert.deepEqual(await offered('whoami', '--timeout', ''), []);
});

test('nothing is offered after --, nor without a hub for what only a hub knows', async () => {
  assert.deepEqual(await offered('servers', 'add', 'x', '--', '-'), []);
  assert.deepEqual(await offered('servers', 'show', ''), []);
});

test('names of servers and tools come from the hub', async () => {
  await withSignedIn(async ({ mcpvault }) => {
    const ask = async (...words: string[]): Promise<string[]> =>
      values((await mcpvault(['__complete', '--', ...words])).out);
    assert.deepEqual(await ask('servers', 'show', ''), ['everything', 'files']);
    assert.deepEqual(await ask('messages', 'tail', '--server', 'f'), ['files']);
    assert.deepEqual(await ask('tools', 'call', 'everything', ''), ['echo', 'add']);
  });
});

test('bash completes a line with the script', async () => {
  await withHome(async (home) => {
    await mkdir(join(home, 'bin'));
    await writeFile(join(home, 'bin', 'mcpvault'), `#!/bin/sh\nexec "${process.execPath}" "${bin}" "$@"\n`);
    await chmod(join(home, 'bin', 'mcpvault'), 0o755);
    await writeFile(
      join(home, 'try.bash'),
      `${scripts.bash}\nCOMP_WORDS=(mcpvault config client c); COMP_CWORD=3; _mcpvault; printf '%s\\n' "\${COMPREPLY[@]}"\n`,
    );
    const env = {
      HOME: home,
      PATH: `${join(home, 'bin')}:${process.env['PATH']}`,
      XDG_CONFIG_HOME: home,
      XDG_CACHE_HOME: home,
    };
    const { stdout } = await promisify(execFile)('bash', ['--norc', join(home, 'try.bash')], { env });
    assert.equal(stdout, 'claude-code\ncursor\n');
  });
});
