// @ts-check
// Does what lies in node_modules answer to package-lock.json on this machine? Pure: texts in, verdict out.
import { createHash } from 'node:crypto';

/** @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, os?: string | string[], cpu?: string | string[], libc?: string | string[] }} LockEntry */
/** @typedef {{ platform: string, arch: string }} Machine */

/**
 * What the stamp file in node_modules holds after an install that came from exactly this lock on this kind of machine.
 * @param {string} lockText
 * @param {Machine} machine
 */
export function stampFor(lockText, machine) {
  const lock = createHash('sha256').update(lockText).digest('hex');
  return `${JSON.stringify({ lock, platform: machine.platform, arch: machine.arch })}\n`;
}

/**
 * The first package that the lock asks for here and npm's own record of node_modules lacks or has in another version;
 * undefined when nothing is missing. Optional packages of other platforms are not asked for.
 * @param {string} lockText package-lock.json
 * @param {string} installedText node_modules/.package-lock.json, which npm writes last
 * @param {Machine} machine
 * @returns {string | undefined}
 */
export function firstMismatch(lockText, installedText, machine) {
  const wanted = entriesOf(lockText);
  const installed = entriesOf(installedText);
  for (const [path, entry] of Object.entries(wanted)) {
    if (!path.includes('node_modules/') || (entry.optional && !isFor(entry, machine))) continue;
    const found = installed[path];
    if (found === undefined && mayBeAbsent(entry)) continue;
    if (found === undefined || found.version !== entry.version || found.integrity !== entry.integrity) return path;
  }
  return undefined;
}

/**
 * @param {string} text
 * @returns {Record<string, LockEntry>}
 */
function entriesOf(text) {
  return JSON.parse(text).packages ?? {};
}

/**
 * What only packages of other platforms need is optional too, without saying for which; and which C library this is takes
 * a child process to find out. npm judged both when it installed.
 * @param {LockEntry} entry
 */
function mayBeAbsent(entry) {
  return entry.optional === true && ((entry.os === undefined && entry.cpu === undefined) || entry.libc !== undefined);
}

/**
 * @param {LockEntry} entry
 * @param {Machine} machine
 */
function isFor(entry, machine) {
  return allows(entry.os, machine.platform) && allows(entry.cpu, machine.arch);
}

/**
 * npm's own rule: a list of names, or of names to exclude (`!win32`).
 * @param {string | string[] | undefined} list
 * @param {string} name
 */
function allows(list, name) {
  if (list === undefined) return true;
  const names = Array.isArray(list) ? list : [list];
  if (names.includes(`!${name}`)) return false;
  const positive = names.filter((each) => !each.startsWith('!'));
  return positive.length === 0 || positive.includes(name) || positive.includes('any');
}
