import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fixFor } from './install.mjs';

const scratch = await mkdtemp(join(tmpdir(), 'mcpvault-install-'));
after(() => rm(scratch, { recursive: true, force: true }));

/** A clone with one local package, so that installing needs no registry; `npm` is the real one. */
async function makeClone(name: string): Promise<string> {
  const root = join(scratch, name);
  await mkdir(join(root, 'leaf'), { recursive: true });
  await writeFile(join(root, 'leaf', 'package.json'), JSON.stringify({ name: 'leaf', version: '1.0.0' }));
  await writeFile(
    join(root, 'package.json'),
    JSON.stringify({ name: 'clone', version: '1.0.0', workspaces: ['leaf'] }),
  );
  await writeFile(
    join(root, 'package-lock.json'),
    JSON.stringify({
      name: 'clone',
      version: '1.0.0',
      lockfileVersion: 3,
      requires: true,
      packages: {
        '': { name: 'clone', version: '1.0.0', workspaces: ['leaf'] },
        leaf: { version: '1.0.0' },
        'node_modules/leaf': { resolved: 'leaf', link: true },
      },
    }),
  );
  return root;
}

/** Installs in a process of its own and answers what it said. */
function install(root: string): Promise<{ code: number | null; said: string }> {
  const module = pathToFileURL(fileURLToPath(new URL('./install.mjs', import.meta.url))).href;
  const script = `import(${JSON.stringify(module)}).then((m) => m.ensureInstalled(${JSON.stringify(root)})).catch((e) => { console.error(e.message); process.exit(1); })`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      said += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, said }));
  });
}

test('the first run installs and says so; the second does nothing and says nothing', async () => {
  const root = await makeClone('twice');
  const first = await install(root);
  assert.equal(first.code, 0, first.said);
  assert.match(first.said, /installed the locked dependencies \(\d+ s\)/);
  assert.deepEqual(await install(root), { code: 0, said: '' });
});

test('a changed lock installs again', async () => {
  const root = await makeClone('changed');
  await install(root);
  const path = join(root, 'package-lock.json');
  await writeFile(path, `${await readFile(path, 'utf8')}\n`);
  // Same packages, other bytes: what lies there still answers to the lock, so it is adopted without npm.
  assert.deepEqual(await install(root), { code: 0, said: '' });
  const lock = JSON.parse(await readFile(path, 'utf8'));
  lock.packages['node_modules/leaf'].version = '1.0.1';
  await writeFile(path, JSON.stringify(lock));
  assert.match((await install(root)).said, /installing the locked dependencies/);
});

test('an install that was interrupted is done again', async () => {
  const root = await makeClone('interrupted');
  await install(root);
  await rm(join(root, 'node_modules', '.package-lock.json'));
  assert.match((await install(root)).said, /installed the locked dependencies/);
});

test('two commands at once install one after the other', async () => {
  const root = await makeClone('together');
  const both = await Promise.all([install(root), install(root)]);
  assert.deepEqual(
    both.map(({ code }) => code),
    [0, 0],
    both.map(({ said }) => said).join('\n'),
  );
  assert.equal(both.filter(({ said }) => said.includes('installed the locked dependencies')).length, 1);
});

test('a turn that its owner died holding is taken over', async () => {
  const root = await makeClone('dead');
  await mkdir(join(root, '.cache', 'install.lock'), { recursive: true });
  // No process has this number: it is above what any system hands out.
  await writeFile(join(root, '.cache', 'install.lock', 'pid'), '99999999');
  assert.equal((await install(root)).code, 0);
});

test('a failed install shows what npm said and the fix, and is tried again next time', async () => {
  const root = await makeClone('failing');
  const good = join(scratch, 'good.json');
  await cp(join(root, 'package.json'), good);
  await writeFile(
    join(root, 'package.json'),
    JSON.stringify({ name: 'clone', version: '1.0.0', workspaces: ['leaf'], dependencies: { zod: '4.6.7' } }),
  );
  const failed = await install(root);
  assert.equal(failed.code, 1);
  assert.match(failed.said, /package\.json and package-lock\.json disagree/);
  await cp(good, join(root, 'package.json'));
  assert.equal((await install(root)).code, 0);
});

test('what npm says is answered with its own fix', () => {
  assert.match(fixFor('npm error code ENOSPC'), /disk is full/);
  assert.match(fixFor('npm error code EACCES'), /cannot be written/);
  assert.match(fixFor('npm error code ENOTFOUND'), /registry cannot be reached/);
  assert.match(fixFor('npm error code SELF_SIGNED_CERT_IN_CHAIN'), /NODE_EXTRA_CA_CERTS/);
  assert.match(fixFor('npm error something new'), /What npm said is above/);
});
