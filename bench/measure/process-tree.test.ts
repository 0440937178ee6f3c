import assert from 'node:assert/strict';
import test from 'node:test';
import { partOf, ProcessTree } from './process-tree.ts';

test('the parts of a hub are told apart by their command lines', () => {
  assert.equal(partOf('/opt/pg/bin/postgres -D /data/cluster'), 'database');
  assert.equal(partOf('postgres: mcpvault mcpvault [local] idle'), 'database');
  assert.equal(partOf('/usr/bin/node /clone/bench/upstreams/stdio-echo.ts'), 'upstream');
  assert.equal(partOf('/usr/bin/node /clone/reaper.ts /clone/bench/upstreams/stdio-echo.ts'), 'helpers');
});

test('this process has used time and memory', () => {
  const tree = new ProcessTree(process.pid);
  assert.ok(tree.usage().main.cpu > 0);
  assert.equal(tree.usage().main.processes, 1);
  assert.ok(tree.memory().main > 10_000);
});
