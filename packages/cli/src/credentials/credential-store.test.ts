import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, readdir, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { createTestIo, withHome } from '../testing/test-io.ts';
import { createCredentialStore, type Credential } from './credential-store.ts';

const token = (value: string): Credential => ({ kind: 'token', token: value });

test('what is set is found again, per hub, and removing one leaves the others', async () => {
  await withHome(async (home) => {
    const store = createCredentialStore(createTestIo({ home }));
    assert.equal(await store.get('http://a'), undefined);
    await store.set('http://a', token('1'));
    await store.set('http://b', token('2'));
    assert.equal(await store.current(), 'http://b');
    assert.deepEqual(await store.remove('http://b'), token('2'));
    assert.equal(await store.current(), null);
    assert.deepEqual(await store.get('http://a'), token('1'));
    assert.deepEqual(await readdir(join(home, 'mcpvault')), ['credentials.json']);
  });
});

test('updates of many at once all arrive', async () => {
  await withHome(async (home) => {
    const store = createCredentialStore(createTestIo({ home }));
    await store.set('http://a', token(''));
    const append = (letter: string) =>
      store.update('http://a', async (stored) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        return token((stored?.kind === 'token' ? stored.token : '') + letter);
      });
    await Promise.all(Array.from('abcdefgh', append));
    const stored = await store.get('http://a');
    assert.equal(stored?.kind === 'token' && Array.from(stored.token).sort().join(''), 'abcdefgh');
  });
});

test('an update that fails changes nothing and frees the lock', async () => {
  await withHome(async (home) => {
    const store = createCredentialStore(createTestIo({ home }));
    await store.set('http://a', token('1'));
    await assert.rejects(
      store.update('http://a', () => Promise.reject(new Error('no'))),
      /no/,
    );
    await store.set('http://a', token('2'));
    assert.deepEqual(await store.get('http://a'), token('2'));
  });
});

test('a lock whose holder died is taken over', async () => {
  await withHome(async (home) => {
    const io = createTestIo({ home });
    await mkdir(join(home, 'mcpvault'));
    const lock = join(home, 'mcpvault', 'credentials.json.lock');
    await writeFile(lock, '999999 1 1');
    await createCredentialStore(io).set('http://a', token('1'));
    await writeFile(lock, `${process.pid} from another machine`);
    await utimes(lock, 0, 0);
    await createCredentialStore(io).set('http://a', token('2'));
    assert.deepEqual(await readdir(join(home, 'mcpvault')), ['credentials.json']);
  });
});

test('a file that others could read is written for its owner only', async () => {
  await withHome(async (home) => {
    const store = createCredentialStore(createTestIo({ home }));
    await store.set('http://a', token('1'));
    await chmod(store.path, 0o644);
    await store.set('http://a', token('2'));
    assert.equal((await stat(store.path)).mode & 0o777, 0o600);
  });
});

test('a symbolic link stays one, and what it points to is written', async () => {
  await withHome(async (home) => {
    const store = createCredentialStore(createTestIo({ home }));
    await mkdir(join(home, 'mcpvault'));
    await writeFile(join(home, 'elsewhere.json'), '{"version":1,"current":null,"hubs":{}}');
    await symlink(join(home, 'elsewhere.json'), store.path);
    await store.set('http://a', token('1'));
    assert.match(await readFile(join(home, 'elsewhere.json'), 'utf8'), /http:\/\/a/);
  });
});

test('a file of another kind is left alone, and its fix is said', async () => {
  await withHome(async (home) => {
    const store = createCredentialStore(createTestIo({ home }));
    await mkdir(join(home, 'mcpvault'));
    for (const content of [
      '',
      '{',
      '[]',
      '{"version":2}',
      '{"version":1,"current":null,"hubs":{"http://a":{"kind":"token"}}}',
    ]) {
      await writeFile(store.path, content);
      await assert.rejects(store.set('http://a', token('1')), { code: 'credentials_unreadable' });
      assert.equal(await readFile(store.path, 'utf8'), content);
    }
  });
});
