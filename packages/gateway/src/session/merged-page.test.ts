import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import fc from 'fast-check';
import { Share } from './merged-lists.ts';
import { pageOf, wholeOf } from './merged-page.ts';

const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { maxLength: 12 });
const catalogue = fc
  .uniqueArray(fc.record({ server: fc.stringMatching(/^[a-z]{1,4}$/), names }), {
    selector: ({ server }) => server,
    maxLength: 6,
  })
  .map((servers) => servers.toSorted((a, b) => (a.server < b.server ? -1 : 1)));

function sharesOf(servers: readonly { readonly server: string; readonly names: readonly string[] }[]): Share[] {
  return servers
    .filter(({ names }) => names.length > 0)
    .map(
      ({ server, names }) =>
        new Share(
          server,
          names.map((key) => ({
            key,
            shown: `${server}__${key}`,
            bytes: Buffer.from(JSON.stringify({ name: `${server}__${key}` })),
          })),
          new Set(),
        ),
    );
}

function namesIn(bytes: Buffer): string[] {
  return (JSON.parse(`[${bytes}]`) as { name: string }[]).map(({ name }) => name);
}

test('pages together are the whole list, each entry once and in order, and none is longer than it may be', () => {
  fc.assert(
    fc.property(catalogue, fc.integer({ min: 1, max: 200 }), (servers, most) => {
      const shares = sharesOf(servers);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = pageOf(shares, cursor, most);
        const listed = namesIn(page.bytes);
        assert.ok(page.bytes.length <= most || listed.length === 1);
        seen.push(...listed);
        cursor = page.nextCursor;
      } while (cursor !== null);
      assert.deepEqual(seen, namesIn(wholeOf(shares)));
    }),
  );
});

test('what stays while others come and go between two pages is listed all the same', () => {
  fc.assert(
    fc.property(catalogue, catalogue, fc.integer({ min: 1, max: 120 }), (before, after, most) => {
      const first = pageOf(sharesOf(before), null, most);
      const listed = new Set(namesIn(first.bytes));
      if (first.nextCursor === null) return;
      let cursor: string | null = first.nextCursor;
      while (cursor !== null) {
        const page: { bytes: Buffer; nextCursor: string | null } = pageOf(sharesOf(after), cursor, most);
        for (const name of namesIn(page.bytes)) listed.add(name);
        cursor = page.nextCursor;
      }
      const was = namesIn(wholeOf(sharesOf(before)));
      // A server whose entries moved around each other may list one of them twice, but never leaves one out.
      const same = before.filter((one) => after.some((other) => JSON.stringify(one) === JSON.stringify(other)));
      for (const { server, names } of same)
        for (const name of names) assert.ok(listed.has(`${server}__${name}`), `${server}__${name} of ${was}`);
    }),
  );
});

test('a cursor that is none is refused', () => {
  for (const cursor of ['', 'x', Buffer.from('[1]').toString('base64url'), Buffer.from('{}').toString('base64url')])
    assert.throws(() => pageOf([], cursor, 10), Failure);
});
