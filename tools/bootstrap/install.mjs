// @ts-check
// Brings node_modules in step with package-lock.json, and does nothing when it already is. No install script of any
// dependency runs: none of them is needed, and code that does not run cannot harm.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { delimiter, join, sep } from 'node:path';
import { firstMismatch, stampFor } from './lock-match.mjs';
import { whileSaying } from './progress.mjs';
import { Stop } from './stop.mjs';

const machine = { platform: process.platform, arch: process.arch };

/** @param {string} root */
export async function ensureInstalled(root) {
  if (await isInstalled(root)) return;
  const lock = join(root, '.cache', 'install.lock');
  await mkdir(join(root, '.cache'), { recursive: true });
  await takeTurn(lock);
  try {
    if (await isInstalled(root)) return;
    await whileSaying('installing the locked dependencies', 'installed the locked dependencies', () => npmCi(root));
    await writeFile(stampPath(root), stampFor(await lockText(root), machine));
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}

/**
 * Adopts an install that somebody else made (`npm ci` by hand) when npm's own record of it agrees with the lock.
 * @param {string} root
 */
async function isInstalled(root) {
  // npm removes its record first and writes it last: without it, node_modules is half done.
  const installedText = await readIfThere(join(root, 'node_modules', '.package-lock.json'));
  if (installedText === undefined) return false;
  const text = await lockText(root);
  const stamp = stampFor(text, machine);
  if ((await readIfThere(stampPath(root))) === stamp) return true;
  if (firstMismatch(text, installedText, machine) !== undefined) return false;
  await writeFile(stampPath(root), stamp);
  return true;
}

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules', '.mcpvault-install.json');

/** @param {string} root */
const lockText = (root) => readFile(join(root, 'package-lock.json'), 'utf8');

/**
 * @param {string} path
 * @returns {Promise<string | undefined>}
 */
export async function readIfThere(path) {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/**
 * Two commands started at once must not install over each other: the second waits for the first.
 * @param {string} lock
 */
async function takeTurn(lock) {
  for (let waited = false; ; waited = true) {
    try {
      await mkdir(lock);
      await writeFile(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
    }
    const owner = Number(await readIfThere(join(lock, 'pid')));
    if (owner > 0 && !isAlive(owner)) await rm(lock, { recursive: true, force: true });
    else if (!waited) process.stderr.write('  another command of this clone is installing; waiting for it\n');
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * @param {string} root
 * @returns {Promise<void>}
 */
function npmCi(root) {
  const npm = npmCommand(root);
  const flags = [
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--no-audit',
    '--no-fund',
    '--no-progress',
  ];
  return new Promise((resolve, reject) => {
    const child = spawn(npm.program, [...npm.args, ...flags], {
      cwd: root,
      env: { ...process.env, PATH: pathOutside(root), NODE_ENV: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: npm.shell,
    });
    let output = '';
    const keep = (/** @type {Buffer} */ chunk) => {
      output = (output + chunk.toString('utf8')).slice(-20_000);
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new Stop(`npm could not be started (${error.message}): is npm installed?`)));
    child.on('close', (code) => {
      if (code === 0) resolve();
      else reject(new Stop(`${output.trimEnd()}\n\nInstalling the locked dependencies failed. ${fixFor(output)}`));
    });
  });
}

/**
 * npm must not run on the Node that lies in the node_modules it is about to replace.
 * @param {string} root
 */
function npmCommand(root) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const within = (/** @type {string} */ path) => path.startsWith(join(root, 'node_modules') + sep);
  if (script !== undefined && node !== undefined && !within(node) && existsSync(script)) {
    return { program: node, args: [script], shell: false };
  }
  return process.platform === 'win32'
    ? { program: 'npm.cmd', args: [], shell: true }
    : { program: 'npm', args: [], shell: false };
}

/** @param {string} root */
function pathOutside(root) {
  const modules = join(root, 'node_modules');
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((entry) => entry !== modules && !entry.startsWith(modules + sep))
    .join(delimiter);
}

/**
 * The fix that belongs to what npm said.
 * @param {string} output
 */
export function fixFor(output) {
  const fix = fixes.find(([pattern]) => pattern.test(output));
  return fix?.[1] ?? 'What npm said is above; once that is mended, run the same command again.';
}

/** @type {readonly (readonly [RegExp, string])[]} */
const fixes = [
  [/ENOSPC/, 'The disk is full: free about 1 GB and run the same command again.'],
  [
    /EACCES|EPERM|EROFS/,
    'This folder cannot be written to: use a clone that belongs to you, and run the same command again.',
  ],
  [
    /EUSAGE|not in sync/,
    'package.json and package-lock.json disagree: take both from the same commit (git status shows what changed).',
  ],
  [
    /EINTEGRITY/,
    'A package did not match its locked checksum: run "npm cache verify" and try again; if it stays, do not trust that registry.',
  ],
  [
    /SELF_SIGNED|UNABLE_TO_GET_ISSUER|CERT_/,
    'The connection is intercepted by a certificate that Node does not know: set NODE_EXTRA_CA_CERTS to your company’s certificate file.',
  ],
  [
    /E401|E403|ENEEDAUTH/,
    'The package registry refused: check the registry and its token in your npm configuration (npm config list).',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i,
    'The package registry cannot be reached: check the network, or set a proxy with "npm config set https-proxy …".',
  ],
];
