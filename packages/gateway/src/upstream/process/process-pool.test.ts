import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { fakeAmbient, fakeClock, poolDeps, stdioServer, version } from './fixtures/pool-deps.ts';
import { exitOf, isRunning, nextLines, until } from './fixtures/watching.ts';
import { createProcessPool, type ProcessPool, type ProcessPoolDeps } from './process-pool.ts';

describe('the process pool', () => {
  const pools: ProcessPool[] = [];
  afterEach(async () => {
    await Promise.all(pools.splice(0).map((pool) => pool.stopAll(500)));
  });

  function open(own: Parameters<typeof poolDeps>[0] = {}): ProcessPool {
    const deps: ProcessPoolDeps = poolDeps(own);
    const pool = createProcessPool(deps);
    pools.push(pool);
    return pool;
  }

  test('shares a process between those with the same key, and starts another for another key', () => {
    const pool = open();
    const cat = stdioServer('cat');
    const one = pool.acquire(cat, 'a');
    assert.equal(pool.acquire(cat, 'a'), one);
    assert.notEqual(pool.acquire(cat, 'b'), one);
    assert.notEqual(pool.acquire(stdioServer('cat', [], { id: 'srv_2' }), 'a'), one);
    assert.equal(pool.count('srv_1'), 2);
    assert.equal(pool.count('srv_2'), 1);
    assert.equal(pool.count('srv_3'), 0);
  });

  test('starts nothing for a server that is switched off, or that is no process', () => {
    const pool = open();
    assert.throws(() => pool.acquire(stdioServer('cat', [], { enabled: false }), 'a'), {
      code: 'upstream_unavailable',
      message: /switched off/,
    });
    const transport = { type: 'streamable-http', url: 'http://127.0.0.1:1/', headers: {} } as const;
    assert.throws(() => pool.acquire(stdioServer('cat', [], { transport }), 'a'));
    assert.equal(pool.count('srv_1'), 0);
  });

  test('ends a process that nobody uses any more, but not while somebody does', async () => {
    const pool = open({ settings: { processIdle: 50 } });
    const cat = stdioServer('cat');
    const process = pool.acquire(cat, 'a');
    pool.acquire(cat, 'a');
    pool.release(process);
    assert.equal(await until(() => process.exit !== null, 200), false);
    pool.release(process);
    assert.equal(pool.acquire(cat, 'a'), process, 'one who comes in time still gets it');
    assert.equal(await until(() => process.exit !== null, 200), false);
    pool.release(process);
    assert.equal((await exitOf(process)).reason, 'nobody used it any more');
    assert.notEqual(pool.acquire(cat, 'a'), process);
  });

  test('starts a new version beside the old one, which ends with its last user', async () => {
    const pool = open();
    const old = pool.acquire(stdioServer('cat', [], { version: version(1) }), 'a');
    const idle = pool.acquire(stdioServer('cat', [], { version: version(1) }), 'b');
    pool.release(idle);
    const next = pool.acquire(stdioServer('cat', [], { version: version(2) }), 'a');
    assert.notEqual(next, old);
    assert.match((await exitOf(idle)).reason, /newer version/);
    assert.equal(old.exit, null);
    pool.release(old);
    assert.match((await exitOf(old)).reason, /newer version/);
    assert.equal(next.exit, null);
  });

  test('waits longer after every crash of a start, says so, and in the end gives up', async () => {
    const clock = fakeClock();
    const pool = open({ ambient: fakeAmbient(clock) });
    const broken = stdioServer('sh', ['-c', 'exit 7']);
    const waits: number[] = [];
    for (let crash = 1; crash <= 8; crash++) {
      await exitOf(pool.acquire(broken, `key ${crash}`));
      try {
        pool.acquire(broken, 'another key');
        assert.fail('it was started at once');
      } catch (error) {
        const { code, message, details } = error as {
          code: string;
          message: string;
          details: { retryAfterMs: number };
        };
        assert.equal(code, 'upstream_unavailable');
        assert.match(message, /"example" is not running: it ended with exit code 7\./);
        assert.match(message, crash < 8 ? /tries again in \d+ s/ : /8 times.*correct its definition, or restart it/);
        waits.push(details.retryAfterMs);
        clock.forward(details.retryAfterMs ?? 3_600_000);
      }
    }
    assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, null]);
    await exitOf(pool.acquire(stdioServer('sh', ['-c', 'exit 0'], { version: version(2) }), 'a'));
    await pool.closeServer('srv_1', 'restarted');
    await exitOf(pool.acquire(broken, 'a'));
  });

  test('holds crashes after the first word against that key alone', async () => {
    const pool = open();
    const fragile = stdioServer('sh', ['-c', 'echo hello; read line; exit 1']);
    for (let crash = 1; crash <= 2; crash++) {
      const mine = pool.acquire(fragile, 'mine');
      await nextLines(mine, 1);
      mine.send([Buffer.from('poison')]);
      await exitOf(mine);
    }
    assert.throws(() => pool.acquire(fragile, 'mine'), { code: 'upstream_unavailable' });
    assert.equal((await nextLines(pool.acquire(fragile, 'theirs'), 1)).length, 1);
  });

  test('starts a process that worked again at once after a crash', async () => {
    const pool = open();
    const cat = stdioServer('cat');
    const first = pool.acquire(cat, 'a');
    const answer = nextLines(first, 1);
    first.send([Buffer.from('hello')]);
    await answer;
    process.kill(first.pid ?? 0, 'SIGKILL');
    await exitOf(first);
    const second = pool.acquire(cat, 'a');
    const lines = nextLines(second, 1);
    second.send([Buffer.from('still here')]);
    assert.deepEqual((await lines).map(String), ['still here']);
  });

  test('does not hold an end against a server that was idle and ended properly', async () => {
    const pool = open();
    const brief = stdioServer('sh', ['-c', 'echo hello; read line']);
    const first = pool.acquire(brief, 'a');
    await nextLines(first, 1);
    pool.release(first);
    first.send([Buffer.from('bye')]);
    assert.equal((await exitOf(first)).code, 0);
    assert.notEqual(pool.acquire(brief, 'a'), first);
  });

  test('keeps to its limits, and gives the place of an idle process to one that is needed', async () => {
    const pool = open({ settings: { maxProcesses: 3, maxProcessesPerServer: 2 } });
    const cat = stdioServer('cat');
    const idle = pool.acquire(cat, 'a');
    pool.acquire(cat, 'b');
    assert.throws(() => pool.acquire(cat, 'c'), {
      code: 'busy',
      message: /All 2 processes that server "example" may have/,
    });
    pool.release(idle);
    pool.acquire(cat, 'c');
    assert.match((await exitOf(idle)).reason, /place was needed/);
    const other = stdioServer('cat', [], { id: 'srv_2' });
    pool.acquire(other, 'a');
    assert.throws(() => pool.acquire(other, 'b'), { code: 'busy', message: /All 3 processes that MCPVault may run/ });
  });

  test('ends all processes of a server that is closed, and leaves the others', async () => {
    const pool = open();
    const closing = [pool.acquire(stdioServer('cat'), 'a'), pool.acquire(stdioServer('cat'), 'b')];
    const other = pool.acquire(stdioServer('cat', [], { id: 'srv_2' }), 'a');
    await pool.closeServer('srv_1', 'the server was retired');
    assert.deepEqual(
      closing.map((process) => process.exit?.reason),
      ['the server was retired', 'the server was retired'],
    );
    assert.equal(pool.count('srv_1'), 0);
    assert.equal(other.exit, null);
    for (const process of closing) pool.release(process);
  });

  test('gives nobody a process that is on its way out', async () => {
    const pool = open();
    const cat = stdioServer('cat');
    const leaving = pool.acquire(cat, 'a');
    const gone = leaving.stop({ grace: 500, why: 'its session ended' });
    const next = pool.acquire(cat, 'a');
    assert.notEqual(next, leaving);
    await gone;
    assert.equal(pool.acquire(cat, 'a'), next);
  });

  test('keeps the lines of processes that have ended', async () => {
    const pool = open();
    await exitOf(pool.acquire(stdioServer('sh', ['-c', 'echo why >&2; exit 1']), 'a'));
    await exitOf(pool.acquire(stdioServer('sh', ['-c', 'echo again >&2; exit 1'], { version: version(2) }), 'a'));
    const texts = pool.logs('srv_1').map((line) => line.text);
    assert.deepEqual(
      texts.filter((text) => !text.startsWith('started')),
      ['why', 'ended: it ended with exit code 1', 'again', 'ended: it ended with exit code 1'],
    );
    assert.deepEqual(pool.logs('srv_2'), []);
  });

  test('ends everything when it is stopped, and starts nothing more', async () => {
    const pool = open();
    const pids = ['a', 'b', 'c'].map(
      (key) => pool.acquire(stdioServer('sh', ['-c', 'trap "" TERM; sleep 600']), key).pid,
    );
    await pool.stopAll(100);
    assert.deepEqual(
      pids.map((pid) => isRunning(pid ?? 0)),
      [false, false, false],
    );
    assert.throws(() => pool.acquire(stdioServer('cat'), 'a'), { code: 'shutting_down' });
  });
});
