import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Grant, unconditional } from './access.ts';
import type { Attempt } from './condition.ts';
import { grantsOfScope, type KeyScope, namesOperation } from './key-scope.ts';
import { reachOf } from './reach.ts';

const attempt: Attempt = {
  caller: { member: 'mem_1', email: 'a@b.c', role: 'member', teams: [] },
  server: { id: 'srv_1', name: 'files', transport: { type: 'streamable-http', url: 'http://x.test', headers: {} } },
  kind: 'tool',
  name: 'read',
  now: 0,
  address: null,
  client: null,
  arguments: () => ({}),
};
const grant: Grant = { ...unconditional, id: 'grt_1', subject: { type: 'member', id: 'mem_1' }, server: 'srv_1' };

/** What is left of grants through a scope: the tools by name, null for all, false for nothing at all. */
function through(grants: readonly Grant[], servers: KeyScope['servers']) {
  const own = reachOf(false, grants);
  const named = grantsOfScope({ operations: null, servers }, 'srv_1');
  if (own === null) return { tools: false as const, reach: null };
  if (named === null) return { tools: own.extent().tools, reach: own };
  const key = reachOf(false, named);
  if (key === null) return { tools: false as const, reach: null };
  const reach = own.narrowedTo([{ reach: key, caller: null, because: 'the key was not made for this' }]);
  return { tools: reach.extent().tools, reach };
}

test('an operation is named by itself or by its area', () => {
  assert.equal(namesOperation(['servers.list'], 'servers.list'), true);
  assert.equal(namesOperation(['servers.*'], 'servers.list'), true);
  assert.equal(namesOperation(['servers.*', 'servers.get'], 'servers-more.list'), false);
  assert.equal(namesOperation(['*'], 'servers.list'), false);
  assert.equal(namesOperation([], 'servers.list'), false);
});

test('a scope takes servers and tools away, and adds none', () => {
  const some: Grant = { ...grant, tools: ['read', 'write'] };
  const scope = [{ server: 'srv_1', tools: ['read', 'delete'] }] as const;
  assert.deepEqual(through([grant], scope).tools, ['read', 'delete']);
  assert.deepEqual(through([some], scope).tools, ['read']);
  assert.deepEqual(through([some], [{ server: 'srv_1', tools: null }]).tools, ['read', 'write']);
  assert.equal(through([grant], null).tools, null);
  assert.equal(through([grant], []).tools, false);
  assert.equal(through([grant], [{ server: 'srv_2', tools: null }]).tools, false);
  assert.equal(through([], scope).tools, false);
});

test('through a scope of tools nothing else of the server is open, nor what a deny takes', () => {
  const deny: Grant = { ...grant, id: 'grt_2', effect: 'deny', tools: ['delete'] };
  const { reach } = through([grant, deny], [{ server: 'srv_1', tools: ['read', 'delete'] }]);
  assert.ok(reach);
  const may = (kind: Attempt['kind'], name: string) => reach.decide({ ...attempt, kind, name }).allowed;
  assert.deepEqual([may('tool', 'read'), may('tool', 'delete'), may('tool', 'write')], [true, false, false]);
  assert.deepEqual([may('prompt', 'read'), may('resource', 'file:///x'), may(null, '')], [false, false, false]);
  assert.deepEqual([reach.lists(attempt), reach.lists({ ...attempt, name: 'write' })], [true, false]);
  assert.deepEqual([reach.opens(attempt).allowed, reach.isWhole], [true, false]);
});
