// @ts-check
// Runs one program in the foreground on somebody's behalf: signals go in, the exit code comes out.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';

/**
 * @typedef {object} Following
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} env
 */

// One key press reaches this process several times: from the terminal and again from npm.
const echoMs = 500;

/** @type {readonly NodeJS.Signals[]} */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Following} options
 * @returns {Promise<number>} the program's exit code, or 128 plus the signal that ended it
 */
export function follow(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], {
      cwd: options.cwd,
      env: options.env,
      // Nothing is said on the IPC channel: its end tells the program that this process is gone, however it went.
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      // A group of its own: the terminal's Ctrl-C then reaches the program through us, once.
      detached: process.platform !== 'win32',
    });
    let last = -Infinity;
    /** @param {NodeJS.Signals} signal */
    const pass = (signal) => {
      const now = performance.now();
      if (now - last < echoMs) return;
      last = now;
      child.kill(signal);
    };
    for (const signal of passedOn) process.on(signal, pass);
    const watch = watchNpm(() => pass('SIGTERM'));
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
}

/**
 * npm, and the shell it uses, may be killed without a word to us; a changed line of parents is how that shows.
 * @param {() => void} onGone
 */
function watchNpm(onGone) {
  if (process.env['npm_lifecycle_event'] === undefined) return undefined;
  const parents = lineage();
  const watch = setInterval(() => {
    if (lineage() === parents) return;
    clearInterval(watch);
    onGone();
  }, 1000);
  return watch;
}

/** The parent and, where the system tells it in a file, the parent's parent. */
function lineage() {
  const parent = process.ppid;
  try {
    const stat = readFileSync(`/proc/${parent}/stat`, 'utf8');
    // "pid (name) state ppid …", where the name may hold anything.
    return `${parent} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]}`;
  } catch {
    return `${parent}`;
  }
}
