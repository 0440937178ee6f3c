import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWaiting } from './waiting.ts';

const change = { organization: 'org_1', area: 'agent-jobs', id: 'job_1' } as const;
const long = 60_000;

test('who waits is woken by what concerns them, and by nothing else', async () => {
  const waiting = createWaiting();
  const woken: string[] = [];
  const wait = (id: string) => waiting.until((told) => told.id === id, long).then(() => woken.push(id));
  const all = [wait('job_1'), wait('job_2')];
  void waiting.changed([change]);
  await all[0];
  assert.deepEqual(woken, ['job_1']);
  void waiting.missed();
  await Promise.all(all);
  assert.deepEqual(woken, ['job_1', 'job_2']);
});

test('who goes away does not wait on', async () => {
  const waiting = createWaiting();
  const gone = new AbortController();
  const waited = waiting.until(() => false, long, gone.signal);
  gone.abort();
  await waited;
  await waiting.until(() => false, long, gone.signal);
});

test('when the hub stops, nobody waits any more', async () => {
  const waiting = createWaiting();
  const waited = waiting.until(() => false, long);
  waiting.stop();
  await waited;
  await waiting.until(() => false, long);
});
