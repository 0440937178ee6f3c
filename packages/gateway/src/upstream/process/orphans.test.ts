import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { poolDeps, stdioServer } from './fixtures/pool-deps.ts';
import { isRunning, nextLines, until } from './fixtures/watching.ts';
import { createProcessPool } from './process-pool.ts';
import { sweep } from './sweep.ts';

const family = fileURLToPath(new URL('./fixtures/family.mjs', import.meta.url));
const stubborn = fileURLToPath(new URL('./fixtures/stubborn.mjs', import.meta.url));
const host = fileURLToPath(new URL('./fixtures/host.ts', import.meta.url));
const onLinux = { skip: process.platform !== 'linux' && 'needs /proc' };

let instances = 0;
const newInstance = () => `orphans-${process.pid}-${++instances}`;

function reaperOf(instance: string): string | undefined {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
        return words.some((word) => word.endsWith('reaper.ts')) && words.includes(instance);
      } catch {
        return false;
      }
    });
}

/** True once a process has a handler for a signal. */
function catches(pid: number, signal: keyof typeof constants.signals): boolean {
  const caught = /^SigCgt:\s+([0-9a-f]+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return ((BigInt(`0x${caught}`) >> BigInt(constants.signals[signal] - 1)) & 1n) === 1n;
}

/** Starts a stand-in for the hub that runs one server; resolves to it and the first line the server wrote. */
async function startHost(
  t: TestContext,
  instance: string,
  server: string,
): Promise<{ hub: ChildProcess; line: string }> {
  const hub = spawn(process.execPath, [host, instance, server], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => hub.kill('SIGKILL'));
  assert.ok(hub.stdout);
  const [line] = await once(createInterface(hub.stdout), 'line');
  return { hub, line };
}

describe('when the hub is killed', onLinux, () => {
  test('its processes end, with their children and those that left their group', async (t) => {
    const instance = newInstance();
    const { hub, line } = await startHost(t, instance, family);
    const pids: number[] = JSON.parse(line);
    assert.deepEqual(pids.map(isRunning), [true, true, true]);
    hub.kill('SIGKILL');
    assert.ok(await until(() => !pids.some(isRunning)), `still running: ${pids.filter(isRunning)}`);
    assert.ok(await until(() => reaperOf(instance) === undefined), 'the reaper ends too');
    assert.equal(await sweep(instance), 0);
  });

  test('a process that ignores SIGTERM and the end of its input ends too', async (t) => {
    const instance = newInstance();
    const { hub } = await startHost(t, instance, stubborn);
    hub.kill('SIGKILL');
    assert.ok(await until(() => reaperOf(instance) === undefined));
    assert.equal(await sweep(instance), 0);
  });

  test('with its reaper, the next start finds what is left and ends it', async (t) => {
    const instance = newInstance();
    const { hub } = await startHost(t, instance, stubborn);
    const reaper = reaperOf(instance);
    assert.ok(reaper !== undefined);
    process.kill(Number(reaper), 'SIGKILL');
    hub.kill('SIGKILL');
    await once(hub, 'exit');
    await pause(100);
    assert.equal(await sweep(`${instance}0`), 0, 'what belongs to another data directory is left alone');
    assert.equal(await sweep(instance), 1);
    assert.equal(await sweep(instance), 0);
  });
});

describe('the reaper', onLinux, () => {
  test('is not impressed by signals, is started again when killed, and still knows all groups', async (t) => {
    const instance = newInstance();
    const { hub, line } = await startHost(t, instance, family);
    const pids: number[] = JSON.parse(line);
    const first = Number(reaperOf(instance));
    // Node itself catches SIGINT and SIGTERM from the beginning, SIGHUP only when asked to.
    assert.ok(await until(() => catches(first, 'SIGHUP')));
    process.kill(first, 'SIGTERM');
    process.kill(first, 'SIGINT');
    await pause(100);
    assert.ok(isRunning(first));
    process.kill(first, 'SIGKILL');
    const restarted = () => {
      const now = reaperOf(instance);
      return now !== undefined && Number(now) !== first;
    };
    assert.ok(await until(restarted));
    hub.kill('SIGKILL');
    assert.ok(await until(() => !pids.some(isRunning)));
    assert.ok(await until(() => reaperOf(instance) === undefined));
  });

  test('starts with the first process and ends with the pool', async () => {
    const instance = newInstance();
    const pool = createProcessPool(poolDeps({ instance }));
    assert.equal(reaperOf(instance), undefined);
    const cat = pool.acquire(stdioServer('cat'), 'a');
    const lines = nextLines(cat, 1);
    cat.send([Buffer.from('x')]);
    await lines;
    assert.notEqual(reaperOf(instance), undefined);
    await pool.stopAll(500);
    assert.equal(reaperOf(instance), undefined);
  });
});
