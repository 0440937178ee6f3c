import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { connect as dial, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createServer as createTlsServer } from 'node:tls';
import { Failure } from '@mcpvault/domain/failure';
import { sql } from 'kysely';
import { connect } from './connect.ts';
import { fakePostgres, listening } from './testing/fake-postgres.ts';
import { openTestDatabase, openTestEngine, silent, testDirectory } from './testing/test-database.ts';

const database = await openTestDatabase();

/** An engine that asks for passwords, and a port that leads to its socket. */
let door: Server;
let port: number;

before(async () => {
  const rules = join(await testDirectory('rules'), 'pg_hba.conf');
  await writeFile(rules, 'local all mcpvault trust\nlocal all guest scram-sha-256\nlocal all stranger reject\n', {
    mode: 0o644,
  });
  const guarded = await openTestEngine(await testDirectory('guarded'), { settings: { hba_file: rules, fsync: 'off' } });
  const owner = await connect({ connection: guarded.connection, log: silent });
  await owner.pool.query(`create role guest login password 'open sesame'`);
  await owner.pool.query('create database guests owner guest');
  await owner.close();
  const socket = join(String(guarded.connection.host), '.s.PGSQL.5432');
  door = createServer((client) => {
    const server = dial(socket);
    client.pipe(server).pipe(client);
    client.on('error', () => server.destroy());
    server.on('error', () => client.destroy());
  });
  port = await listening(door);
});

after(() => door.close());

async function refused(databaseUrl: string): Promise<string> {
  try {
    await (await connect({ databaseUrl, log: silent })).close();
  } catch (error) {
    assert.ok(error instanceof Failure, `not a failure: ${String(error)}`);
    assert.equal(error.code, 'database_unavailable');
    assert.doesNotMatch(JSON.stringify([error.message, error.details]), /sesame|secret/);
    return error.message;
  }
  assert.fail('it connected');
}

test('a DATABASE_URL that is right connects, and says where to without the password', async () => {
  const connected = await connect({
    databaseUrl: `postgres://guest:open%20sesame@127.0.0.1:${port}/guests`,
    log: silent,
  });
  assert.equal(connected.place, `127.0.0.1:${port}/guests`);
  await connected.ping();
  await connected.close();
});

test('a wrong password is named, the password is not', async () => {
  const message = await refused(`postgres://guest:secret@127.0.0.1:${port}/guests`);
  assert.match(message, new RegExp(`127\\.0\\.0\\.1:${port}/guests refused the password`));
});

test('a missing password is named', async () => {
  assert.match(await refused(`postgres://guest@127.0.0.1:${port}/guests`), /asks for a password/);
});

test('a user whom the server does not let in is named', async () => {
  assert.match(await refused(`postgres://stranger:secret@127.0.0.1:${port}/guests`), /does not let this user in/);
});

test('a database that does not exist is named with the way to make it', async () => {
  const message = await refused(`postgres://guest:open%20sesame@127.0.0.1:${port}/nowhere`);
  assert.match(message, /\/nowhere has no database of that name\. Create it/);
});

test('a server that does not speak TLS is named when TLS is asked for', async () => {
  const message = await refused(`postgres://guest:open%20sesame@127.0.0.1:${port}/guests?sslmode=require`);
  assert.match(message, /does not speak TLS/);
});

test('a port where nothing listens is named', async () => {
  const closed = createServer();
  const free = await listening(closed);
  await new Promise((resolve) => closed.close(resolve));
  assert.match(await refused(`postgres://guest:secret@127.0.0.1:${free}/guests`), /refuses connections/);
});

test('a host that does not exist is named', async () => {
  assert.match(
    await refused('postgres://guest:secret@nowhere.invalid/guests'),
    /nowhere\.invalid:5432\/guests cannot be found/,
  );
});

test('something else than PostgreSQL is named as such', async (t) => {
  const other = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  t.after(() => other.close());
  const otherPort = await listening(other);
  const message = await refused(`postgres://guest:secret@127.0.0.1:${otherPort}/guests`);
  assert.match(message, /did not answer in the PostgreSQL protocol|broke the connection/);
});

test('what is no URL of PostgreSQL is refused with an example of one', async () => {
  for (const url of [
    'secret',
    'postgres://guest:sec#ret@host/db',
    'mysql://guest:secret@host/db',
    'host=x password=secret',
  ]) {
    assert.match(await refused(url), /It looks like postgres:\/\/user:password@host:5432\/database/);
  }
});

test('a PostgreSQL older than 15 is refused', async (t) => {
  const old = await fakePostgres(140_011, '14.11');
  t.after(() => old.close());
  assert.match(
    await refused(`postgres://guest@127.0.0.1:${old.port}/guests`),
    /is PostgreSQL 14\.11; MCPVault needs 15 or newer/,
  );
});

test('a certificate nobody vouches for is refused with the ways out', async (t) => {
  const directory = await testDirectory('certificate');
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
      '-keyout',
      key,
      '-out',
      cert,
    ],
    { stdio: 'ignore' },
  );
  const secure = createTlsServer({ key: await readFile(key), cert: await readFile(cert) });
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write('S');
      secure.emit('connection', socket);
    });
  });
  t.after(() => server.close());
  const tlsPort = await listening(server);
  const message = await refused(`postgres://guest:secret@localhost:${tlsPort}/guests?sslmode=verify-full`);
  assert.match(message, /shows a certificate that is self-signed.*sslrootcert/);
});

test('a server that never answers is given up on', async (t) => {
  const mute = createServer((socket) => socket.on('error', () => {}));
  t.after(() => mute.close());
  const mutePort = await listening(mute);
  assert.match(await refused(`postgres://guest:secret@127.0.0.1:${mutePort}/guests`), /does not answer/);
});

test('counts and big integers arrive as numbers, times as dates', async () => {
  const { rows } = await sql`select count(*) as count, 1763712000000::bigint as at, now() as now`.execute(
    database.kysely,
  );
  const [row] = rows as { count: unknown; at: unknown; now: unknown }[];
  assert.equal(row?.count, 1);
  assert.equal(row?.at, 1_763_712_000_000);
  assert.ok(row?.now instanceof Date);
});

test('a connection that is cut is a failure for whoever uses it, and the next one works', async () => {
  const cut = database.kysely.transaction().execute(async (transaction) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(transaction);
    await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
    await sql`select pg_sleep(1)`.execute(transaction);
  });
  await assert.rejects(cut, (error) => error instanceof Failure && error.code === 'database_unavailable');
  await database.ping();
});

test('a statement that takes too long is a failure, not a bug', async () => {
  const slow = database.kysely.transaction().execute(async (transaction) => {
    await sql`set local statement_timeout = 20`.execute(transaction);
    await sql`select pg_sleep(5)`.execute(transaction);
  });
  await assert.rejects(slow, (error) => error instanceof Failure && /took longer than it may/.test(error.message));
});

test('a statement that is wrong stays a bug', async () => {
  await assert.rejects(sql`select nonsense`.execute(database.kysely), (error) => !(error instanceof Failure));
});
