import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { ServerVersionId } from '@mcpvault/domain/ids';
import fc from 'fast-check';
import { ListShelf, type Shelved } from './list-shelf.ts';
import { Share, toolsKind } from './merged-lists.ts';

function shelfOf(mostBytes: number) {
  let now = 1_000;
  const shelf = new ListShelf({ now: () => now, micros: () => now * 1000 }, mostBytes);
  return { shelf, wait: (milliseconds: number) => void (now += milliseconds), at: () => now };
}

function server(version: ServerVersionId): ServerEntry {
  const transport = { type: 'streamable-http', url: 'http://127.0.0.1/mcp', headers: {} } as const;
  const isolation = 'per-session';
  return {
    id: 'srv_1',
    organization: 'org_1',
    name: 's',
    version,
    transport,
    isolation,
    enabled: true,
  } as unknown as ServerEntry;
}

function listed(bytes: number, until: number, changes = 0): Shelved {
  return { pages: [Buffer.alloc(bytes)], until, changes, made: null };
}

test('a list holds until its time is over, or the server says that it has changed', () => {
  const { shelf, wait, at } = shelfOf(10_000);
  const shelved = listed(10, at() + 100);
  assert.ok(shelf.isFresh(shelved, 'ver_1', toolsKind));
  wait(99);
  assert.ok(shelf.isFresh(shelved, 'ver_1', toolsKind));
  wait(1);
  assert.ok(!shelf.isFresh(shelved, 'ver_1', toolsKind));
  const next = listed(10, at() + 100);
  shelf.changed(server('ver_1'), 'prompts');
  shelf.changed(server('ver_2'), 'tools');
  assert.ok(shelf.isFresh(next, 'ver_1', toolsKind));
  shelf.changed(server('ver_1'), 'tools');
  assert.ok(!shelf.isFresh(next, 'ver_1', toolsKind));
  assert.ok(shelf.isFresh(listed(10, at() + 1, shelf.changes('ver_1', toolsKind)), 'ver_1', toolsKind));
});

test('watchers hear of a change until they leave, and not of each one of very many', () => {
  const { shelf } = shelfOf(1_000);
  const heard: string[] = [];
  const leave = shelf.watch(({ version }, capability) => void heard.push(`${version} ${capability}`));
  for (let times = 0; times < 100; times++) shelf.changed(server('ver_1'), 'tools');
  shelf.changed(server('ver_1'), 'prompts');
  assert.deepEqual(heard, ['ver_1 tools', 'ver_1 prompts']);
  leave();
  shelf.changed(server('ver_2'), 'tools');
  assert.equal(heard.length, 2);
});

test('what is on one board is on no other', () => {
  const { shelf, at } = shelfOf(10_000);
  shelf.board('ann').put('ver_1', toolsKind, listed(10, at() + 100));
  assert.ok(shelf.board('ann').find('ver_1', toolsKind));
  assert.equal(shelf.board('bob').find('ver_1', toolsKind), null);
  assert.equal(shelf.board('ann').find('ver_2', toolsKind), null);
});

test('all boards together never hold more than they may, and those used last stay', () => {
  const step = fc.record({ who: fc.nat(6), version: fc.nat(3), bytes: fc.nat(3_000) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const most = 12_000;
      const { shelf } = shelfOf(most);
      for (const { who, version, bytes } of steps) {
        const board = shelf.board(`member ${who}`);
        const shelved = listed(bytes, 0);
        board.put(`ver_${version}`, toolsKind, shelved);
        board.made(shelved, new Share('s', [{ key: 'k', shown: 's__k', bytes: Buffer.alloc(bytes) }], new Set()), []);
        board.keep(toolsKind, { shares: [], bytes: Buffer.alloc(bytes) });
        assert.ok(shelf.bytes <= most, `${shelf.bytes} bytes`);
        if (4 * (3 * bytes + 500) < most && steps.length < 3) assert.ok(shelf.board(`member ${who}`) === board);
      }
    }),
  );
});

test('the board that was not used for longest is forgotten first', () => {
  const { shelf } = shelfOf(4_000);
  for (const who of ['a', 'b', 'c']) shelf.board(who).put('ver_1', toolsKind, listed(500, 0));
  shelf.board('a');
  shelf.board('d').put('ver_1', toolsKind, listed(1_000, 0));
  const known = ['a', 'b', 'c', 'd'].filter((who) => shelf.board(who).find('ver_1', toolsKind) !== null);
  assert.deepEqual(known, ['a', 'c', 'd']);
});

test('an entry that is replaced counts once', () => {
  const { shelf } = shelfOf(1_000_000);
  const board = shelf.board('a');
  for (let round = 0; round < 10; round++) board.put('ver_1', toolsKind, listed(1_000, 0));
  assert.equal(shelf.bytes, 1_500);
});
