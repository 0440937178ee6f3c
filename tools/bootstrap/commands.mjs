// @ts-check
// What each npm command does once this Node is known to carry it. Dependency-free: it runs before anything is installed.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureConsoleBuilt } from './console-build.mjs';
import { currentNode } from './current-node.mjs';
import { follow } from './follow.mjs';
import { ensureInstalled } from './install.mjs';
import { Stop } from './stop.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * @param {readonly string[]} args for `mcpvault hub`
 * @returns {Promise<number>} the exit code, as for every command here
 */
export async function start(args) {
  const node = await ready();
  await ensureConsoleBuilt(root, node);
  return run(node, 'packages/cli/bin/mcpvault.mjs', ['hub', ...args], { MCPVAULT_PARENT: 'ipc' });
}

/** @param {readonly string[]} args */
export async function check(args) {
  return run(await ready(), 'tools/check/main.ts', args);
}

/** @param {readonly string[]} args */
export async function test(args) {
  return run(await ready(), 'tools/test/main.ts', args);
}

/** @param {readonly string[]} args */
export async function detection(args) {
  const other = ['flow', 'anomaly'].find((name) => args.includes(`--${name}`));
  return run(await ready(), other === undefined ? 'tools/training/main.ts' : `tools/${other}/measure.ts`, args);
}

/** @param {readonly string[]} args */
export async function bench(args) {
  return run(await ready(), 'bench/main.ts', args);
}

/** @param {readonly string[]} args */
export async function compatibility(args) {
  return run(await ready(), 'e2e/compatibility/main.ts', args);
}

async function ready() {
  await ensureInstalled(root);
  return currentNode(root);
}

/**
 * @param {string} node
 * @param {string} script relative to the root
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] added to this process's own
 */
function run(node, script, args, env) {
  const path = join(root, script);
  if (!existsSync(path)) throw new Stop(`${script} is missing from this clone: "git status" shows what was removed.`);
  // Programs that start with "#!/usr/bin/env node" must find the same Node.
  const PATH = [dirname(node), join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter);
  return follow(node, [path, ...args], { cwd: root, env: { ...process.env, PATH, ...env } });
}
