import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fingerprintOf } from '@mcpvault/domain/catalog/fingerprint';
import { createSample } from './testing/sample.ts';
import { openStoresUnderTest } from './testing/stores-under-test.ts';

const { database, stores, unique } = await openStoresUnderTest();
const tool = (name: string, description: string) => ({ name, definition: { name, description } });

async function listed() {
  const { organization, server, version, member } = await createSample(stores, unique('definitions'));
  let at = 4_000_000_000_000;
  return {
    member,
    list: (...tools: ReturnType<typeof tool>[]) =>
      stores.servers.replaceTools(organization, server, { version, listedAt: ++at, tools }),
    reviews: async () =>
      (await stores.toolDefinitions.reviews(organization, server)).map(({ name, review, approved }) => [
        name,
        review,
        approved?.['description'] ?? null,
      ]),
    review: (one: ReturnType<typeof tool>, review: 'approved' | 'rejected') =>
      stores.toolDefinitions.review(
        organization,
        server,
        { name: one.name, fingerprint: fingerprintOf(one.definition), review },
        member,
        ++at,
      ),
  };
}

test('what changes after the first listing waits, beside what was approved, until somebody decides', async () => {
  const { list, reviews, review } = await listed();
  await list(tool('read', 'Reads.'), tool('late', 'Comes later.'));
  await review(tool('read', 'Reads.'), 'approved');
  await list(tool('read', 'Reads, and sends.'), tool('fresh', 'Is new.'));
  assert.deepEqual(await reviews(), [
    ['read', null, 'Reads.'],
    ['fresh', null, null],
  ]);
  assert.equal(await review(tool('read', 'Reads, and sends.'), 'rejected'), true);
  assert.equal(await review(tool('fresh', 'Is new.'), 'approved'), true);
  assert.equal(await review(tool('fresh', 'Never said.'), 'approved'), false);
  assert.deepEqual(await reviews(), [
    ['read', 'rejected', 'Reads.'],
    ['fresh', 'approved', null],
  ]);
});

test('what was approved is approved when it comes back, and what was rejected stays rejected', async () => {
  const { list, reviews, review } = await listed();
  assert.ok(
    (await reviews()).every(([, state]) => state === 'approved'),
    'the first listing of a server is',
  );
  await list(tool('read', 'Reads.'));
  await review(tool('read', 'Reads.'), 'approved');
  await list(tool('read', 'Sends.'));
  await review(tool('read', 'Sends.'), 'rejected');
  await list(tool('read', 'Reads.'));
  assert.deepEqual(await reviews(), [['read', 'approved', null]]);
  await list(tool('read', 'Sends.'));
  assert.deepEqual(await reviews(), [['read', 'rejected', 'Reads.']]);
});

test('a server that says something else each time fills no table', async () => {
  const { list, reviews } = await listed();
  for (let at = 0; at < 40; at++) await list(tool('odd', `Version ${at}.`));
  const { rows } = await database.pool.query(`select count(*)::int as kept from tool_definitions where name = 'odd'`);
  assert.ok(rows[0].kept <= 22, `${rows[0].kept}`);
  assert.equal((await reviews()).length, 1);
});
