import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from '@mcpvault/domain/failure';
import pg from 'pg';
import { openTestEngine, testBinaries, testDirectory } from '../testing/test-database.ts';
import type { EmbeddedDatabase } from './open-embedded.ts';
import { isAlive } from './process-state.ts';

const isRoot = process.getuid?.() === 0;
const settings = { fsync: 'off' };

async function query(database: EmbeddedDatabase, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(database.connection);
  await client.connect();
  try {
    return (await client.query(statement)).rows;
  } finally {
    await client.end();
  }
}

/** A hub of its own that opens the database and then stays until it is killed. */
async function otherHub(t: TestContext, dataDir: string): Promise<ChildProcess> {
  const script = `
    import { openEmbedded } from ${JSON.stringify(new URL('./open-embedded.ts', import.meta.url).href)};
    const log = { info() {}, warn() {}, error() {} };
    await openEmbedded(${JSON.stringify({ dataDir, binDir: testBinaries(), settings }).slice(0, -1).concat(', log }')});
    process.stdout.write('open');
    setInterval(() => {}, 1000);`;
  const hub = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  t.after(() => hub.kill('SIGKILL'));
  await once(hub.stdout ?? hub, 'data');
  return hub;
}

async function kill(hub: ChildProcess): Promise<void> {
  hub.kill('SIGKILL');
  if (hub.exitCode === null && hub.signalCode === null) await once(hub, 'exit');
}

async function pidOf(dataDir: string): Promise<number> {
  return Number.parseInt(await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8'), 10);
}

/** A small file system of its own, mounted for this test; null where that may not be done. */
async function mountSmall(t: TestContext, dataDir: string, options: string): Promise<boolean> {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', dataDir], { stdio: 'ignore' });
  } catch {
    return false;
  }
  t.after(() => execFileSync('umount', ['-l', dataDir]));
  return true;
}

function failsWith(...words: RegExp[]) {
  return (error: unknown) => {
    assert.ok(error instanceof Failure, `not a failure: ${String(error)}`);
    assert.equal(error.code, 'database_unavailable');
    for (const word of words) assert.match(error.message, word);
    return true;
  };
}

test('what was stored is there after a stop and a second start, and nothing keeps running', async () => {
  const dataDir = await testDirectory('twice');
  const first = await openTestEngine(dataDir);
  assert.equal(first.adopted, false);
  await query(first, 'create table kept as select 42 as answer');
  const pid = await pidOf(dataDir);
  await first.stop();
  assert.equal(isAlive(pid), false);
  const second = await openTestEngine(dataDir);
  assert.equal(second.adopted, false);
  assert.deepEqual(await query(second, 'select answer from kept'), [{ answer: 42 }]);
  await second.stop();
});

test('it sorts texts by code point and speaks UTF-8, whatever the system’s language', async () => {
  const database = await openTestEngine(await testDirectory('language'));
  const [row] = await query(
    database,
    `select 'a' < 'B' as human, lower('ÄÖ') as lower, 'é' < 'z' as accents,
    current_setting('server_encoding') as encoding, current_setting('listen_addresses') as addresses`,
  );
  assert.deepEqual(row, { human: false, lower: 'äö', accents: false, encoding: 'UTF8', addresses: '' });
  await database.stop();
});

test('after kill -9 of the hub the next one goes on with the running server', async (t) => {
  const dataDir = await testDirectory('adopt');
  const hub = await otherHub(t, dataDir);
  const pid = await pidOf(dataDir);
  await kill(hub);
  assert.equal(isAlive(pid), true);
  const database = await openTestEngine(dataDir);
  assert.equal(database.adopted, true);
  assert.equal(await pidOf(dataDir), pid);
  assert.deepEqual(await query(database, 'select 1 as one'), [{ one: 1 }]);
  await database.stop();
  assert.equal(isAlive(pid), false);
});

test('a second hub on the same directory is turned away, and the first is not disturbed', async (t) => {
  const dataDir = await testDirectory('second');
  const hub = await otherHub(t, dataDir);
  await assert.rejects(
    openTestEngine(dataDir),
    failsWith(/Another MCPVault \(process \d+\)/, new RegExp(`${hub.pid}`), /MCPVAULT_DATA/),
  );
  await kill(hub);
  const database = await openTestEngine(dataDir);
  assert.equal(database.adopted, true);
  await database.stop();
});

test('a server and a hub that were both killed come back with everything committed', async (t) => {
  const dataDir = await testDirectory('both-killed');
  const first = await openTestEngine(dataDir);
  await query(first, 'create table kept as select 42 as answer');
  await first.stop();
  const hub = await otherHub(t, dataDir);
  process.kill(await pidOf(dataDir), 'SIGKILL');
  await kill(hub);
  const database = await openTestEngine(dataDir);
  assert.deepEqual(await query(database, 'select answer from kept'), [{ answer: 42 }]);
  await database.stop();
});

test('a server that ends by itself is started again at the same place', async () => {
  const dataDir = await testDirectory('returns');
  const database = await openTestEngine(dataDir);
  const pid = await pidOf(dataDir);
  process.kill(pid, 'SIGKILL');
  for (;;) {
    const [row] = await query(database, 'select 1 as one').catch(() => []);
    if (row) break;
    await sleep(50);
  }
  assert.notEqual(await pidOf(dataDir), pid);
  await database.stop();
});

test('a pid file whose number another program has by now does not keep it from starting', async () => {
  const dataDir = await testDirectory('reused-pid');
  await (await openTestEngine(dataDir)).stop();
  const cluster = join(dataDir, 'postgres', 'cluster');
  await writeFile(join(cluster, 'postmaster.pid'), `${process.pid}\n${cluster}\n1\n5432\n/nowhere\n\n1 1\nready   \n`);
  const database = await openTestEngine(dataDir);
  assert.equal(database.adopted, false);
  await database.stop();
});

test('what an interrupted first start left behind is cleared away', async () => {
  const dataDir = await testDirectory('interrupted');
  await mkdir(join(dataDir, 'postgres', 'cluster.new-1234', 'base'), { recursive: true });
  const database = await openTestEngine(dataDir);
  await database.stop();
  assert.deepEqual((await readdir(join(dataDir, 'postgres'))).toSorted(), ['cluster', 'hub.lock', 'postgres.log']);
});

test('a path too long for a socket works, and leaves no directory behind', async () => {
  const dataDir = join(await testDirectory('long'), 'x'.repeat(120));
  const database = await openTestEngine(dataDir);
  const place = String(database.connection.host);
  assert.ok(place.length < 100);
  assert.equal((await stat(place)).mode & 0o777, 0o700);
  assert.deepEqual(await query(database, 'select 1 as one'), [{ one: 1 }]);
  await database.stop();
  await assert.rejects(stat(place));
});

test('only this user may enter the directory and the socket', async () => {
  const dataDir = join(await testDirectory('modes'), 'data');
  const database = await openTestEngine(dataDir);
  for (const path of ['', 'postgres', 'postgres/cluster', 'postgres/socket']) {
    assert.equal((await stat(join(dataDir, path))).mode & 0o077, 0, path);
  }
  assert.equal((await stat(join(dataDir, 'postgres', 'postgres.log'))).mode & 0o077, 0);
  await database.stop();
});

test('the data directory may be named by a link', async (t) => {
  const real = await testDirectory('real');
  const named = join(await testDirectory('links'), 'named');
  await symlink(real, named);
  const hub = await otherHub(t, named);
  await kill(hub);
  const database = await openTestEngine(real);
  assert.equal(database.adopted, true);
  await database.stop();
});

test('root can also run it as nobody, and go back', { skip: !isRoot && 'needs root' }, async () => {
  const dataDir = await testDirectory('nobody');
  const asNobody = await openTestEngine(dataDir, { asRoot: ['account'] });
  await query(asNobody, 'create table kept as select 42 as answer');
  const { uid } = await stat(`/proc/${await pidOf(dataDir)}`);
  assert.notEqual(uid, 0);
  await asNobody.stop();
  const inNamespace = await openTestEngine(dataDir, { asRoot: ['user-namespace'] });
  assert.deepEqual(await query(inNamespace, 'select answer from kept'), [{ answer: 42 }]);
  await inNamespace.stop();
});

test('root is told what to do where neither way is open', { skip: !isRoot && 'needs root' }, async () => {
  const dataDir = await testDirectory('no-way');
  await assert.rejects(
    openTestEngine(dataDir, { asRoot: [] }),
    failsWith(/does not run as root/, /ordinary user/, /DATABASE_URL/),
  );
});

test('binaries that do not run here are named as the reason', async () => {
  const binDir = await testDirectory('broken-bin');
  await writeFile(join(binDir, 'postgres'), '#!/nonexistent\n', { mode: 0o755 });
  await assert.rejects(
    openTestEngine(await testDirectory('broken'), { binDir }),
    failsWith(/does not run on this system/, /DATABASE_URL/),
  );
});

test('a cluster of another major version is refused, and left as it is', async () => {
  const dataDir = await testDirectory('major');
  await (await openTestEngine(dataDir)).stop();
  const version = join(dataDir, 'postgres', 'cluster', 'PG_VERSION');
  const held = await readFile(version, 'utf8');
  await writeFile(version, '12\n');
  await assert.rejects(openTestEngine(dataDir), failsWith(/made by PostgreSQL 12/, /pg_upgrade/));
  await writeFile(version, held);
  await (await openTestEngine(dataDir)).stop();
});

test('a damaged cluster is refused with the reason and where to read more', async () => {
  const dataDir = await testDirectory('damaged');
  await (await openTestEngine(dataDir)).stop();
  await rm(join(dataDir, 'postgres', 'cluster', 'global', 'pg_control'));
  await assert.rejects(openTestEngine(dataDir), failsWith(/does not start: .*pg_control/, /postgres\.log/, /backup/));
  await rm(join(dataDir, 'postgres', 'cluster', 'PG_VERSION'));
  await assert.rejects(openTestEngine(dataDir), failsWith(/does not hold a whole database/, /backup/));
});

test('a data directory whose path leads through a file is refused', async () => {
  const file = join(await testDirectory('through'), 'file');
  await writeFile(file, '');
  await assert.rejects(openTestEngine(join(file, 'data')), failsWith(/a part of its path is a file/, /MCPVAULT_DATA/));
});

test('a data directory that cannot be written to is refused', async (t) => {
  const refusal = failsWith(/cannot be written to/, /MCPVAULT_DATA/);
  await assert.rejects(openTestEngine('/proc/mcpvault'), refusal);
  const dataDir = await testDirectory('read-only');
  if (!isRoot) await chmod(dataDir, 0o500);
  else if (!(await mountSmall(t, dataDir, 'ro'))) return;
  await assert.rejects(openTestEngine(dataDir), refusal);
});

test('a full disk is named, at the first start and at a later one', { skip: !isRoot && 'needs root' }, async (t) => {
  const dataDir = await testDirectory('full');
  if (!(await mountSmall(t, dataDir, 'size=20m'))) return t.skip('may not mount a file system here');
  await assert.rejects(openTestEngine(dataDir), failsWith(/is full/, /MCPVAULT_DATA/));
  assert.deepEqual(
    (await readdir(join(dataDir, 'postgres'))).filter((name) => name.startsWith('cluster')),
    [],
  );
  execFileSync('mount', ['-o', 'remount,size=200m', dataDir]);
  await (await openTestEngine(dataDir)).stop();
  await writeFile(join(dataDir, 'filler'), Buffer.alloc(300 * 1024 * 1024)).catch(() => {});
  await assert.rejects(openTestEngine(dataDir), failsWith(/is full/, /MCPVAULT_DATA/));
  await rm(join(dataDir, 'filler'));
  await (await openTestEngine(dataDir)).stop();
});
