import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { poolDeps, stdioServer } from './fixtures/pool-deps.ts';
import { exitOf, isRunning, nextLines, until } from './fixtures/watching.ts';
import { createProcessPool, type ProcessPool } from './process-pool.ts';

const family = fileURLToPath(new URL('./fixtures/family.mjs', import.meta.url));
const stubborn = fileURLToPath(new URL('./fixtures/stubborn.mjs', import.meta.url));

describe('a server process', () => {
  let folder: string;
  let pool: ProcessPool;
  let keys = 0;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'server-process-'));
    pool = createProcessPool(
      poolDeps({
        settings: {
          maxMessageBytes: 2 * 1024 * 1024,
          processHome: folder,
          maxProcesses: 50,
          maxProcessesPerServer: 50,
        },
        environment: {
          ...process.env,
          DATABASE_URL: 'postgres://x',
          MCPVAULT_MASTER_KEY: 'x',
          NODE_OPTIONS: '',
          LC_ALL: 'C',
        },
      }),
    );
  });
  after(async () => {
    await pool.stopAll(500);
    rmSync(folder, { recursive: true });
  });

  /** Each with a version of its own, so that no crash holds up the next start. */
  const start = (command: string, args: readonly string[] = [], env: Record<string, string> = {}, cwd?: string) =>
    pool.acquire(
      stdioServer(command, args, {
        id: `srv_${++keys}`,
        transport: { type: 'stdio', command, args, env, cwd },
      }),
      'only',
    );

  test('takes messages in parts and answers line by line', async () => {
    const cat = start('cat');
    const lines = nextLines(cat, 3);
    cat.send([Buffer.from('{"id":'), Buffer.from('1'), Buffer.from('}')]);
    cat.send([Buffer.from('{"id":2}')]);
    cat.send([Buffer.from('"ü🙂"')]);
    assert.deepEqual((await lines).map(String), ['{"id":1}', '{"id":2}', '"ü🙂"']);
  });

  test('gets one line for one message, whatever line breaks it holds', async () => {
    const cat = start('cat');
    const lines = nextLines(cat, 2);
    const pretty = Buffer.from('{\r\n  "id": 1\n}');
    cat.send([pretty]);
    cat.send([Buffer.from('2')]);
    assert.deepEqual((await lines).map(String), ['{    "id": 1 }', '2']);
    assert.equal(pretty.toString(), '{\r\n  "id": 1\n}');
  });

  test('carries a line of a megabyte unharmed in both directions', async () => {
    const cat = start('cat');
    const lines = nextLines(cat, 2);
    const large = Buffer.from(JSON.stringify('åb'.repeat(350_000)));
    cat.send([large]);
    cat.send([Buffer.from('small')]);
    const [first, second] = await lines;
    assert.ok(first?.equals(large));
    assert.equal(String(second), 'small');
  });

  test('carries ten thousand messages in their order', async () => {
    const cat = start('cat');
    const lines = nextLines(cat, 10_000);
    for (let i = 0; i < 10_000; i++) cat.send([Buffer.from(`{"id":${i}}`)]);
    assert.deepEqual(
      (await lines).map(String),
      Array.from({ length: 10_000 }, (_, i) => `{"id":${i}}`),
    );
  });

  test('sees the allowed variables and its own, and nothing else of the hub', async () => {
    const env = start('env', [], { TOKEN: 'its own', MCPVAULT_PROCESS: 'forged' });
    const lines: string[] = [];
    env.onLine = (line) => lines.push(line.toString());
    await exitOf(env);
    const names = lines.map((line) => line.split('=')[0]);
    const expected = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR'].filter(
      (name) => process.env[name] !== undefined,
    );
    const locale = Object.keys({ ...process.env, LC_ALL: 'C' }).filter((name) => name.startsWith('LC_'));
    assert.deepEqual(
      names.toSorted(),
      [...expected, ...locale, 'TOKEN', 'MCPVAULT_PROCESS', 'MCPVAULT_PROCESS_ID'].toSorted(),
    );
    assert.ok(lines.includes('TOKEN=its own'));
    assert.ok(lines.includes(`MCPVAULT_PROCESS=test-${process.pid}`));
  });

  test('gets its arguments as they are: no shell reads them', async () => {
    const echo = start('echo', ['$HOME;', '`id`', '&&', '*']);
    assert.deepEqual((await nextLines(echo, 1)).map(String), ['$HOME; `id` && *']);
  });

  test('runs in a home of its server, or in the folder it names', async () => {
    const one = start('pwd');
    assert.equal(String((await nextLines(one, 1))[0]), join(folder, one.server.id, 'shared'));
    assert.equal(String((await nextLines(start('pwd', [], {}, '/'), 1))[0]), '/');
  });

  test('is ended when it writes a line that is too long', async () => {
    const babbler = start('sh', ['-c', 'echo ok; head -c 3000000 /dev/zero | tr "\\0" x; sleep 600']);
    const lines = nextLines(babbler, 1);
    const exit = await exitOf(babbler);
    assert.match(exit.reason, /longer than \d+ bytes/);
    assert.equal(exit.requested, false);
    assert.deepEqual((await lines).map(String), ['ok']);
  });

  test('is ended when it closes its output or its input and lives on', async () => {
    assert.match((await exitOf(start('sh', ['-c', 'exec >&-; exec sleep 600']))).reason, /closed its output/);
    const deaf = start('sh', ['-c', 'exec <&-; echo deaf; exec sleep 600']);
    await nextLines(deaf, 1);
    deaf.send([Buffer.from('hello?')]);
    assert.match((await exitOf(deaf)).reason, /closed its input/);
  });

  test('says how it ended, exactly once, after its last line', async () => {
    const heard: string[] = [];
    const brief = start('sh', ['-c', 'echo last; exit 3']);
    brief.onLine = (line) => heard.push(line.toString());
    brief.onExit((exit) => heard.push(exit.reason));
    const exit = await exitOf(brief);
    assert.equal(exit.code, 3);
    assert.deepEqual(heard, ['last', 'it ended with exit code 3']);
    assert.equal(await exitOf(brief), exit);
    assert.throws(() => brief.send([Buffer.from('x')]), { code: 'upstream_unavailable', message: /exit code 3/ });
  });

  test('shows what it wrote to stderr, and how it began and ended', async () => {
    const talker = start('sh', ['-c', 'echo one >&2; printf two >&2; exit 1']);
    await exitOf(talker);
    const texts = pool.logs(talker.server.id).map((line) => line.text);
    assert.deepEqual(texts, [`started as process ${talker.pid}`, 'one', 'two', 'ended: it ended with exit code 1']);
    assert.ok(pool.logs(talker.server.id).every((line) => line.process === talker.id));
  });

  test('that cannot be started says why, and what to do', async () => {
    const notExecutable = join(folder, 'plain.txt');
    writeFileSync(notExecutable, 'hello', { mode: 0o600 });
    const reasons = [
      [start('no-such-command-here'), /command "no-such-command-here" was not found on the hub's PATH\. Install/],
      [start('/no/such/file'), /"\/no\/such\/file" does not exist.*Correct/],
      [start('cat', [], {}, join(folder, 'absent')), /the folder ".*absent" does not exist\. Create it/],
      [start(notExecutable), /may not be executed by the hub's account\. Make it executable/],
      [start('cat', ['secret\0']), /hold a NUL character/],
    ] as const;
    for (const [failed, reason] of reasons) {
      assert.equal(failed.pid, null);
      const exit = await exitOf(failed);
      assert.match(exit.reason, reason);
      assert.doesNotMatch(exit.reason, /secret/);
      assert.throws(() => failed.send([Buffer.from('x')]), { code: 'upstream_unavailable' });
      await failed.stop({ grace: 10 });
    }
  });

  test('that reads nothing is given a bounded number of messages', async () => {
    const sleeper = start('sleep', ['600']);
    const message = Buffer.alloc(1024 * 1024, 'x');
    let accepted = 0;
    assert.throws(
      () => {
        for (; accepted < 100; accepted++) sleeper.send([message]);
      },
      { code: 'busy' },
    );
    assert.ok(accepted >= 2 && accepted <= 8, `${accepted} megabytes were accepted`);
  });

  test('ends with its whole family when it is stopped', async () => {
    const parent = start(process.execPath, [family]);
    const pids: number[] = JSON.parse(String((await nextLines(parent, 1))[0]));
    assert.deepEqual(pids.map(isRunning), [true, true, true]);
    const exit = exitOf(parent);
    await parent.stop({ grace: 2_000, why: 'the test is over' });
    assert.equal((await exit).requested, true);
    assert.equal((await exit).reason, 'the test is over');
    assert.deepEqual(pids.slice(0, 2).map(isRunning), [false, false]);
    assert.ok(await until(() => !pids.some(isRunning)), 'the descendant outside the group is found by its mark');
  });

  test('takes its family along when it crashes', async () => {
    const parent = start(process.execPath, [family]);
    const pids: number[] = JSON.parse(String((await nextLines(parent, 1))[0]));
    process.kill(pids[0] ?? 0, 'SIGKILL');
    assert.match((await exitOf(parent)).reason, /killed \(SIGKILL\)/);
    assert.ok(await until(() => !pids.some(isRunning)));
  });

  test('that ignores SIGTERM is killed', async () => {
    const deaf = start(process.execPath, [stubborn]);
    await nextLines(deaf, 1);
    const exit = exitOf(deaf);
    await deaf.stop({ grace: 200 });
    assert.equal((await exit).signal, 'SIGKILL');
    assert.ok(pool.logs(deaf.server.id).some((line) => line.text === 'SIGTERM ignored'));
    assert.equal(isRunning(deaf.pid ?? 0), false);
  });
});
