import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import fc from 'fast-check';
import { createStores } from './stores.ts';
import { openTestDatabase, testAmbient } from './testing/test-database.ts';

const database = await openTestDatabase();
const { members, organizations } = createStores(database.kysely);
const { ids } = testAmbient();

async function organization(): Promise<OrganizationId> {
  const id = ids.next('org');
  await organizations.create({ id, name: 'paged', createdAt: 1 });
  return id;
}

async function add(owner: OrganizationId, createdAt: number): Promise<MemberId> {
  const id = ids.next('mem');
  const person = { id, organization: owner, name: 'N', role: 'member' as const, passwordHash: null, createdAt };
  await members.create({ ...person, email: `${id}@example.test` });
  return id;
}

test('pages of any size show every row once, newest first, although rows are added between them', async () => {
  const times = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 15 });
  await fc.assert(
    fc.asyncProperty(times, fc.integer({ min: 1, max: 6 }), async (ages, limit) => {
      const owner = await organization();
      const rows = await Promise.all(ages.map(async (at) => ({ at, id: await add(owner, at * 1000) })));
      const expected = rows.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1)).map(({ id }) => id);
      const shown: MemberId[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await members.list(owner, { limit, cursor });
        assert.ok(page.items.length <= limit);
        shown.push(...page.items.map(({ id }) => id));
        cursor = page.next;
        await add(owner, 10_000);
      }
      assert.deepEqual(shown, expected);
    }),
    { numRuns: 25 },
  );
});

test('the last page says so, even when it is full', async () => {
  const owner = await organization();
  await add(owner, 1);
  await add(owner, 2);
  assert.equal((await members.list(owner, { limit: 2 })).next, null);
  assert.notEqual((await members.list(owner, { limit: 1 })).next, null);
});

test('a page that loses its last row before the next is asked for goes on behind it', async () => {
  const owner = await organization();
  const [oldest, middle] = [await add(owner, 1), await add(owner, 2)];
  await add(owner, 3);
  const { next } = await members.list(owner, { limit: 2 });
  await members.remove(owner, middle, 9);
  assert.deepEqual(
    (await members.list(owner, { cursor: next })).items.map(({ id }) => id),
    [oldest],
  );
});

test('a cursor that is not ours and a limit out of range are refused', async () => {
  const owner = await organization();
  const invalid = (error: unknown) => error instanceof Failure && error.code === 'invalid_params';
  const foreign = ['', 'x', '!!', 'null', Buffer.from("1:mem_1'; drop table members").toString('base64url')];
  for (const cursor of foreign) await assert.rejects(members.list(owner, { cursor }), invalid, cursor);
  for (const limit of [0, -1, 201, 1.5, Number.NaN])
    await assert.rejects(members.list(owner, { limit }), invalid, String(limit));
});
