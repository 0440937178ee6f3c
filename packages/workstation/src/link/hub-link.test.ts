import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAskHub } from './hub-link.ts';

test('what is asked again is not spelled out again', async () => {
  const bodies: unknown[] = [];
  let isAway = true;
  const ask = createAskHub({
    hub: 'https://hub.example',
    patience: 10_000,
    fetch: async (_url, init) => {
      bodies.push(init?.body);
      if (isAway) throw new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } });
      return Response.json({ stored: 0, taken: 1, rejected: 0 });
    },
  });
  const lost = () => ({ type: 'lost', at: 1, items: 2, why: 'full' }) as const;
  const batch = { journal: 'journal-1', items: [{ sequence: 0, item: lost() }] };
  await assert.rejects(ask('records', batch), /cannot be reached/);
  isAway = false;
  assert.deepEqual(await ask('records', batch), { stored: 0, taken: 1, rejected: 0 });
  await ask('records', { ...batch });
  assert.equal(bodies[1], bodies[0]);
  assert.notEqual(bodies[2], bodies[0]);
  assert.deepEqual(
    bodies.map((body) => JSON.parse(String(body))),
    [batch, batch, batch],
  );
});
