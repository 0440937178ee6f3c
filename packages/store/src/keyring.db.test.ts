import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Failure } from '@mcpvault/domain/failure';
import type { OrganizationId } from '@mcpvault/domain/ids';
import fc from 'fast-check';
import { createKeyring } from './keyring.ts';
import { createStores } from './stores.ts';
import { openTestDatabase, testAmbient } from './testing/test-database.ts';

const database = await openTestDatabase();
const stores = createStores(database.kysely);
const ambient = testAmbient();
const masterKey = randomBytes(32);

async function organization(): Promise<OrganizationId> {
  const id = ambient.ids.next('org');
  await stores.organizations.create({ id, name: 'sealed', createdAt: 1 });
  return id;
}

function keyring(master = masterKey) {
  return createKeyring({ masterKey: master, stores, ambient });
}

function unavailable(message: RegExp) {
  return (error: unknown) =>
    error instanceof Failure && error.code === 'record_unavailable' && message.test(error.message);
}

test('what one keyring sealed another one opens, from the database alone', async () => {
  const id = await organization();
  const first = keyring();
  await first.ensure(id);
  const { key, sealed } = first.seal(id, 'blk_1', Buffer.from('the original'));
  assert.equal(sealed.length, 12 + 'the original'.length + 16);
  assert.ok(!sealed.includes('original'));
  const second = keyring();
  await second.ensure(id);
  assert.equal(second.open(id, 'blk_1', key, sealed).toString(), 'the original');
});

test('every plaintext comes back as it was, and no nonce comes twice', async () => {
  const id = await organization();
  const ring = keyring();
  await ring.ensure(id);
  const nonces = new Set<string>();
  let count = 0;
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      const { key, sealed } = ring.seal(id, 'blk_1', Buffer.from(bytes));
      nonces.add(sealed.subarray(0, 12).toString('hex'));
      count += 1;
      assert.deepEqual(ring.open(id, 'blk_1', key, sealed), Buffer.from(bytes));
    }),
  );
  assert.equal(nonces.size, count);
});

test('a block that was changed anywhere, or moved to another id, does not open', async () => {
  const id = await organization();
  const ring = keyring();
  await ring.ensure(id);
  const { key, sealed } = ring.seal(id, 'blk_1', Buffer.from('the original'));
  for (let place = 0; place < sealed.length; place += 1) {
    const changed = Buffer.from(sealed);
    changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
    assert.throws(() => ring.open(id, 'blk_1', key, changed), unavailable(/was changed/), `byte ${place}`);
  }
  assert.throws(() => ring.open(id, 'blk_2', key, sealed), unavailable(/belongs elsewhere/));
  assert.throws(() => ring.open(id, 'blk_1', key, Buffer.alloc(5)), unavailable(/was changed/));
});

test('each organization has its own key, and cannot use another’s', async () => {
  const [one, other] = [await organization(), await organization()];
  const ring = keyring();
  await ring.ensure(one);
  await ring.ensure(other);
  const { key, sealed } = ring.seal(one, 'blk_1', Buffer.from('the original'));
  assert.throws(() => ring.open(other, 'blk_1', key, sealed), unavailable(/not loaded/));
});

test('without its key at hand nothing is sealed or opened', async () => {
  const id = await organization();
  const ring = keyring();
  assert.throws(() => ring.seal(id, 'blk_1', Buffer.from('x')), unavailable(/not loaded/));
  assert.throws(() => ring.open(id, 'blk_1', 'key_1', Buffer.alloc(40)), unavailable(/not loaded/));
});

test('hubs that start together agree on one key', async () => {
  const id = await organization();
  const rings = [keyring(), keyring(), keyring()];
  await Promise.all(rings.map((ring) => ring.ensure(id)));
  assert.equal((await stores.keys.of(id)).length, 1);
  const keys = rings.map((ring) => ring.seal(id, 'blk_1', Buffer.from('x')).key);
  assert.equal(new Set(keys).size, 1);
});

test('another master key is told apart, with the way out', async () => {
  const id = await organization();
  await keyring().ensure(id);
  await assert.rejects(
    keyring(randomBytes(32)).ensure(id),
    unavailable(/sealed with another master key.*MCPVAULT_MASTER_KEY/),
  );
  assert.equal((await stores.keys.of(id)).length, 1);
});

test('a wrapped key moved to another organization does not open', async () => {
  const [one, other] = [await organization(), await organization()];
  await keyring().ensure(one);
  await database.pool.query('update data_keys set organization = $1 where organization = $2', [other, one]);
  await assert.rejects(keyring().ensure(other), unavailable(/another master key/));
});
