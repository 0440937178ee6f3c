// @ts-check
// Builds the web console into packages/console/dist, once per state of its sources.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readIfThere } from './install.mjs';
import { whileSaying } from './progress.mjs';
import { Stop } from './stop.mjs';

// Everything the bundle is made of; the lock stands for what comes from node_modules.
const sources = ['packages/console', 'packages/contract', 'packages/domain', 'packages/protocol', 'package-lock.json'];
const leftOut = new Set(['dist', 'node_modules', 'README.md']);

/**
 * @param {string} root
 * @param {string} node a current Node
 */
export async function ensureConsoleBuilt(root, node) {
  const room = join(root, 'packages', 'console');
  if (!existsSync(join(room, 'src', 'main.tsx'))) {
    process.stderr.write(
      '  this clone has no console sources (packages/console/src/main.tsx): starting without the console\n',
    );
    return;
  }
  const stamp = join(root, '.cache', 'console-sources');
  const hash = await hashOf(root, sources);
  if ((await readIfThere(stamp)) === hash && existsSync(join(room, 'dist', 'index.html'))) return;
  await whileSaying('building the console', 'built the console', () => viteBuild(root, room, node));
  await mkdir(join(root, '.cache'), { recursive: true });
  await writeFile(stamp, hash);
}

/**
 * @param {string} root
 * @param {readonly string[]} paths
 */
export async function hashOf(root, paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await filesUnder(join(root, path))) {
      hash
        .update(`${relative(root, file)}\0`)
        .update(await readFile(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}

/**
 * @param {string} path a file or a folder
 * @returns {Promise<string[]>} sorted
 */
async function filesUnder(path) {
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === 'ENOTDIR') return [path];
    if (code === 'ENOENT') return [];
    throw error;
  }
  const nested = entries
    .filter((entry) => !leftOut.has(entry.name) && !entry.name.endsWith('.test.ts'))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((entry) => filesUnder(join(path, entry.name)));
  return (await Promise.all(nested)).flat();
}

/**
 * @param {string} root
 * @param {string} room
 * @param {string} node
 * @returns {Promise<void>}
 */
function viteBuild(root, room, node) {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  return new Promise((resolve, reject) => {
    const child = spawn(node, [vite, 'build', '--outDir', 'dist', '--emptyOutDir'], {
      cwd: room,
      env: { ...process.env, NODE_ENV: 'production' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Stop(`${output.trimEnd()}\n\nBuilding the console failed: what the builder said is above.`));
    });
  });
}
