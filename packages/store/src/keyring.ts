// Data keys, unwrapped and held in memory, so that sealing and opening never wait for anything. Each organization has its
// own; the master key only wraps them, and what it wraps is tied to the organization and the key's id.
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { KeysStore, WrappedKey } from './keys-store.ts';
import { pack, unpack } from './pack.ts';
import { seal, unseal } from '@mcpvault/domain/seal';

export interface KeyringDeps {
  /** 32 bytes. */
  readonly masterKey: Buffer;
  /** Of the database, not of a transaction: a key that was used must not be rolled back. */
  readonly stores: { readonly keys: KeysStore };
  readonly ambient: Ambient;
}

export interface Keyring extends Sealer {
  /**
   * Loads the organization's keys, making its first one when it has none. Call it, outside of transactions, before
   * anything of the organization is sealed or opened. Throws `record_unavailable` when the master key does not open them.
   */
  ensure(organization: OrganizationId): Promise<void>;
}

interface Keys {
  readonly active: { readonly id: string; readonly key: Buffer };
  readonly byId: ReadonlyMap<string, Buffer>;
}

export function createKeyring({ masterKey, stores, ambient }: KeyringDeps): Keyring {
  const held = new Map<OrganizationId, Keys>();

  async function makeFirst(organization: OrganizationId): Promise<void> {
    const id = ambient.ids.next('key');
    const wrapped = seal(masterKey, about(organization, id), Buffer.from(ambient.random.bytes(32)), ambient.random);
    await stores.keys.createFirst({ id, organization, wrapped, createdAt: ambient.clock.now() });
  }

  function unwrap({ id, organization, wrapped }: WrappedKey): Buffer {
    const key = unseal(masterKey, about(organization, id), wrapped);
    if (key) return key;
    throw new Failure(
      'record_unavailable',
      'This database was sealed with another master key. Set MCPVAULT_MASTER_KEY or MCPVAULT_MASTER_KEY_FILE to that key, or restore the master.key file that belongs to this database.',
    );
  }

  function keysOf(organization: OrganizationId): Keys {
    const keys = held.get(organization);
    if (keys) return keys;
    throw new Failure('record_unavailable', 'The data key of this organization is not loaded.', { organization });
  }

  return {
    async ensure(organization) {
      if ((await stores.keys.of(organization)).length === 0) await makeFirst(organization);
      const byId = new Map<string, Buffer>();
      let active: Keys['active'] | undefined;
      for (const wrapped of await stores.keys.of(organization)) {
        const key = unwrap(wrapped);
        byId.set(wrapped.id, key);
        if (wrapped.active) active = { id: wrapped.id, key };
      }
      if (!active)
        throw new Failure('record_unavailable', 'This organization has no active data key.', { organization });
      held.set(organization, { active, byId });
    },

    seal(organization, block, plaintext) {
      const { id, key } = keysOf(organization).active;
      return { key: id, sealed: seal(key, block, pack(plaintext), ambient.random) };
    },

    open(organization, block, keyId, sealed) {
      const key = keysOf(organization).byId.get(keyId);
      if (!key) throw new Failure('record_unavailable', 'The data key of this original is not loaded.', { key: keyId });
      const plaintext = unseal(key, block, sealed);
      if (plaintext) return unpack(plaintext);
      throw new Failure('record_unavailable', 'This original was changed after it was sealed, or belongs elsewhere.');
    },
  };
}

function about(organization: OrganizationId, key: string): string {
  return `${organization} ${key}`;
}
