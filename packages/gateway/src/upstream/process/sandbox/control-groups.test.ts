// On a folder that looks like the kernel's: what is written where, and what is taken for a place of our own.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { findControlGroups } from './control-groups.ts';

const limits = { memory: 64, cpuSeconds: null, processes: 12, lifeSeconds: null, callSeconds: null };
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'control-groups-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): string {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

test('of the second version: the group above the hub’s own is used where it has no processes itself', () => {
  const self = put('self', '0::/system.slice/mcpvault.service/hub\n');
  put('system.slice/mcpvault.service/hub/cgroup.procs', '1\n2\n');
  put('system.slice/mcpvault.service/cgroup.procs', '');
  put('system.slice/mcpvault.service/cgroup.controllers', 'cpu memory pids\n');
  const found = findControlGroups('abc', root, self);
  assert.ok(found !== null);
  const ours = join(root, 'system.slice/mcpvault.service/mcpvault-abc');
  assert.equal(readFileSync(join(ours, 'cgroup.subtree_control'), 'utf8'), '+memory +pids');
  for (const file of ['memory.max', 'memory.swap.max', 'pids.max'])
    put(`${ours.slice(root.length)}/prc_1/${file}`, 'max');
  const group = found.open('prc_1', limits);
  assert.deepEqual(group.join, [join(ours, 'prc_1/cgroup.procs')]);
  const written = (file: string) => readFileSync(join(ours, 'prc_1', file), 'utf8');
  assert.equal(written('memory.max'), String(64 * 1024 * 1024));
  assert.equal(written('memory.swap.max'), '0');
  assert.equal(written('pids.max'), '12');
});

test('of the second version: a group that holds the hub itself is left alone', () => {
  const self = put('self', '0::/user.slice\n');
  put('user.slice/cgroup.procs', '1\n');
  put('user.slice/cgroup.controllers', 'memory pids\n');
  assert.equal(findControlGroups('abc', root, self), null);
  assert.ok(!existsSync(join(root, 'user.slice/mcpvault-abc')));
});

test('of the first version: each kind has a group of its own', () => {
  const self = put('self', '8:pids:/\n4:memory:/hub\n0::/\n');
  mkdirSync(join(root, 'memory/hub'), { recursive: true });
  mkdirSync(join(root, 'pids'), { recursive: true });
  const found = findControlGroups('abc', root, self);
  assert.ok(found !== null);
  put('memory/hub/mcpvault-abc/prc_1/memory.limit_in_bytes', '-1');
  put('pids/mcpvault-abc/prc_1/pids.max', 'max');
  const group = found.open('prc_1', limits);
  assert.deepEqual(group.join, [
    join(root, 'memory/hub/mcpvault-abc/prc_1/cgroup.procs'),
    join(root, 'pids/mcpvault-abc/prc_1/cgroup.procs'),
  ]);
  assert.equal(readFileSync(join(root, 'pids/mcpvault-abc/prc_1/pids.max'), 'utf8'), '12');
  const limit = readFileSync(join(root, 'memory/hub/mcpvault-abc/prc_1/memory.limit_in_bytes'), 'utf8');
  assert.equal(limit, String(64 * 1024 * 1024));
});

test('without any there are none', () => {
  assert.equal(findControlGroups('abc', root, join(root, 'nothing')), null);
});
