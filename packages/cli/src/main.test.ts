import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { withHome } from './testing/test-io.ts';
import { withSignedIn } from './testing/signed-in.ts';

const bin = fileURLToPath(new URL('../bin/mcpvault.mjs', import.meta.url));

/** Tells on stderr of every module that is loaded. */
const witness = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  registerHooks({ load: (url, context, next) => (process.stderr.write('loaded ' + url + '\\n'), next(url, context)) });
`)}`;

async function start(home: string, args: readonly string[], flags: readonly string[] = []) {
  const { PATH } = process.env;
  const env = { PATH, HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home };
  const child = spawn(process.execPath, [...flags, bin, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: code as number | null, out, err };
}

test('the hub is loaded by its own command only, and what speaks to it only where it is needed', async () => {
  await withSignedIn(async ({ home }) => {
    const loaded = async (...args: string[]): Promise<string> => (await start(home, args, ['--import', witness])).err;
    const [version, whoami] = await Promise.all([loaded('version'), loaded('whoami')]);
    for (const said of [version, whoami]) {
      assert.match(said, /loaded file:\S+\/run-cli\.ts/);
      assert.doesNotMatch(said, /\/hub\/src\//);
    }
    assert.doesNotMatch(version, /\/contract\/src\//);
    assert.match(whoami, /\/contract\/src\/client\.ts/);
  });
});

test('a reader that goes away early is no failure', async () => {
  await withHome(async (home) => {
    const child = spawn(process.execPath, [bin, '--help'], { env: { HOME: home, XDG_CACHE_HOME: home } });
    child.stdout.destroy();
    const [code] = (await once(child, 'exit')) as [number | null];
    assert.equal(code, 0);
  });
});

test('the exit code is the process’s own, and results and errors go their ways', async () => {
  await withHome(async (home) => {
    const { code, out, err } = await start(home, ['whoami', '--json']);
    assert.deepEqual([code, out], [3, '']);
    assert.equal((JSON.parse(err) as { error: { code: string } }).error.code, 'not_signed_in');
  });
});
