import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { TaskOwners } from './task-owners.ts';

const answer = (result: string) =>
  parseMessage(Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${result}}`), { maxDepth: 50, check: 'structure' });
const ann = { member: 'mem_ann', conversation: 'con_1', place: 'one' };
const bob = { member: 'mem_bob', conversation: 'con_2', place: 'two' };

test('task hijack: a task belongs to whose call made it, in either dialect, and nobody can take it over', () => {
  const tasks = new TaskOwners<string>();
  tasks.note(answer('{"task":{"taskId":"a"}}'), ann, 0);
  tasks.note(answer('{"resultType":"task","taskId":"b"}'), bob, 0);
  tasks.note(answer('{"task":{"taskId":"a"}}'), bob, 0);
  assert.equal(tasks.get('a', 0)?.member, 'mem_ann');
  assert.equal(tasks.get('b', 0)?.member, 'mem_bob');
  assert.equal(tasks.get('c', 0), null);
  assert.equal(tasks.get(null, 0), null);
  assert.deepEqual([...tasks.placesOf('mem_ann')], ['one']);
});

test('other answers make none', () => {
  const tasks = new TaskOwners<string>();
  for (const result of [
    '{}',
    '{"content":[{"text":"taskId"}]}',
    '{"task":{"taskId":7}}',
    '{"taskId":"a","taskId":"b"}',
  ]) {
    tasks.note(answer(result), ann, 0);
  }
  assert.equal(tasks.placesOf('mem_ann').size, 0);
});

test('a place counts as busy for as long as its tasks are asked for, and forgets them when it ends', () => {
  const hour = 3_600_000;
  const tasks = new TaskOwners<string>();
  tasks.note(answer('{"task":{"taskId":"a"}}'), ann, 0);
  assert.equal(tasks.runsAt('one', hour - 1), true);
  tasks.get('a', hour - 1);
  assert.equal(tasks.runsAt('one', hour + 1), true);
  assert.equal(tasks.runsAt('one', 3 * hour), false);
  assert.equal(tasks.runsAt('two', 0), false);
  tasks.forget('one');
  assert.equal(tasks.get('a', 0), null);
});
