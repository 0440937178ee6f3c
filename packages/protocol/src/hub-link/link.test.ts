// Workstations are updated at other times than hubs. Whoever changes a message of the link sees it here, and decides whether
// the other side of before still understands it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { link, linkVersion } from './link.ts';
import { bundle } from './policy-bundle.ts';

const shapes = {
  ...link,
  bundleText: { method: 'GET', path: '', credential: 'none', largest: 0, asks: bundle, answers: bundle },
};

/** Of all messages, by `linkVersion`: a version that was released is never changed. */
const known: Readonly<Record<number, string>> = { 1: 'ab3f663d1ec0badfaa449b4213e28c66' };

test('the messages of the link are those that this version stands for', async () => {
  const text = JSON.stringify(
    Object.entries(shapes).map(([name, { method, path, credential, largest, asks, answers }]) => [
      name,
      { method, path, credential, largest },
      z.toJSONSchema(asks, { io: 'input' }),
      z.toJSONSchema(answers, { io: 'input' }),
    ]),
  );
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  const hash = Buffer.from(digest).toString('hex').slice(0, 32);
  assert.equal(hash, known[linkVersion], 'raise linkVersion if the other side of before would misread what changed');
});

test('every request has a route of its own, and path parameters are part of what it asks', () => {
  const routes = Object.values(link).map(({ method, path }) => `${method} ${path}`);
  assert.equal(new Set(routes).size, routes.length);
  for (const { path, asks } of Object.values(link)) {
    for (const [, name = ''] of path.matchAll(/\{(\w+)\}/g)) assert.ok(name in asks.shape, path);
  }
});

test('a report that a later agent wrote is read without what this hub does not know', () => {
  const report = {
    ...{ id: 'r0000001', takenAt: 5, agentVersion: '9.9.9', why: 'rules', job: null, rules: 3 },
    clients: [],
    news: 'from the future',
  };
  assert.deepEqual(Object.keys(link.report.asks.parse(report)), [
    'id',
    'takenAt',
    'agentVersion',
    'why',
    'job',
    'rules',
    'clients',
  ]);
});
