import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import { loadMasterKey } from './master-key.ts';

const home = await mkdtemp(join(tmpdir(), 'mcpvault-key-'));
after(() => rm(home, { recursive: true, force: true }));
const random = { bytes: (length: number) => randomBytes(length) };
const key = randomBytes(32);

function fails(code: string, message: RegExp) {
  return (error: unknown) => error instanceof Failure && error.code === code && message.test(error.message);
}

test('a key is made once, for this user’s eyes only, and found again', async () => {
  const dataDir = join(home, 'fresh', 'data');
  const first = await loadMasterKey({ dataDir, random });
  assert.equal(first.generated, true);
  assert.equal(first.key.length, 32);
  assert.equal((await stat(join(dataDir, 'master.key'))).mode & 0o777, 0o600);
  assert.deepEqual(await loadMasterKey({ dataDir, random }), { ...first, generated: false });
  assert.deepEqual(await readdir(dataDir), ['master.key']);
});

test('hubs that start together end up with the same key', async () => {
  const dataDir = join(home, 'together');
  const loaded = await Promise.all(Array.from({ length: 5 }, () => loadMasterKey({ dataDir, random })));
  assert.equal(new Set(loaded.map((one) => one.key.toString('hex'))).size, 1);
  assert.equal(loaded.filter((one) => one.generated).length, 1);
});

test('a key is read as base64, as base64url and as hexadecimal digits, with space around it', async () => {
  for (const text of [
    key.toString('base64'),
    key.toString('base64url'),
    key.toString('hex'),
    key.toString('hex').toUpperCase(),
  ]) {
    const loaded = await loadMasterKey({ value: ` ${text}\n`, dataDir: join(home, 'none'), random });
    assert.deepEqual(loaded, { key, generated: false, source: 'MCPVAULT_MASTER_KEY' });
  }
});

test('a setting comes before a file, a file before the data directory', async () => {
  const [file, dataDir] = [join(home, 'given.key'), join(home, 'own')];
  const other = randomBytes(32);
  await writeFile(file, other.toString('hex'));
  assert.deepEqual((await loadMasterKey({ value: key.toString('hex'), file, dataDir, random })).key, key);
  assert.deepEqual((await loadMasterKey({ file, dataDir, random })).key, other);
  await assert.rejects(stat(dataDir));
});

test('what is no key is refused without repeating it', async () => {
  for (const value of [
    'short',
    key.subarray(1).toString('base64'),
    `${key.toString('hex')}00`,
    'not base64 at all!!',
  ]) {
    await assert.rejects(loadMasterKey({ value, dataDir: home, random }), (error: Error) => {
      assert.ok(fails('record_unavailable', /MCPVAULT_MASTER_KEY must be 32 bytes.*openssl rand -base64 32/)(error));
      assert.ok(!error.message.includes(value));
      return true;
    });
  }
});

test('a key file that is missing, closed or damaged is named', async () => {
  const file = join(home, 'missing.key');
  await assert.rejects(
    loadMasterKey({ file, dataDir: home, random }),
    fails('record_unavailable', /missing\.key does not exist/),
  );
  await assert.rejects(
    loadMasterKey({ file: home, dataDir: home, random }),
    fails('record_unavailable', /cannot be read/),
  );
  const dataDir = join(home, 'damaged');
  await loadMasterKey({ dataDir, random });
  await writeFile(join(dataDir, 'master.key'), 'half a k');
  await assert.rejects(loadMasterKey({ dataDir, random }), fails('record_unavailable', /master\.key must be 32 bytes/));
  assert.equal(await readFile(join(dataDir, 'master.key'), 'utf8'), 'half a k');
});

test('a data directory that cannot be written to is refused', async () => {
  const dataDir = '/proc/mcpvault';
  await assert.rejects(loadMasterKey({ dataDir, random }), fails('database_unavailable', /cannot be written to/));
});

test('a data directory whose path leads through a file is refused', async () => {
  const file = join(home, 'file');
  await writeFile(file, '');
  await assert.rejects(
    loadMasterKey({ dataDir: join(file, 'data'), random }),
    fails('database_unavailable', /part of its path is a file/),
  );
});
