// The keys that checkpoints are signed with. A key is made by the hub, kept wrapped by the master key, and replaced by a new
// one now and then; what an older one signed stays good. Public keys are derived from the private ones, never read from
// the database, where somebody could have put another.
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import { keyId, type PublicKey, type Signer } from '@mcpvault/domain/audit/checkpoint';
import { Failure } from '@mcpvault/domain/failure';
import type { Executor } from '../schema.ts';
import { seal, unseal } from '@mcpvault/domain/seal';

export interface PublishedKey extends PublicKey {
  /** Milliseconds since the epoch. */
  readonly from: number;
  /** null: in use. */
  readonly until: number | null;
}

export interface AuditSigner {
  /** Makes the first key when there is none. Throws `record_unavailable` when the master key does not open the keys. */
  current(): Promise<Signer>;
  published(): Promise<readonly PublishedKey[]>;
  /** The one in use first, then those that were replaced after this moment, newest first. */
  since(moment: number): Promise<readonly Signer[]>;
  /** A new key signs from now on. */
  rotate(): Promise<PublishedKey>;
}

export interface AuditSignerDeps {
  readonly masterKey: Buffer;
  readonly executor: Executor;
  readonly ambient: Ambient;
}

interface OpenKey extends PublishedKey {
  readonly privateKey: KeyObject;
}

const about = 'audit signing key';
const seedPrefix = Buffer.from('302e020100300506032b657004220420', 'hex');

export function createAuditSigner({ masterKey, executor, ambient }: AuditSignerDeps): AuditSigner {
  async function open(): Promise<readonly OpenKey[]> {
    const rows = await executor.selectFrom('audit_keys').selectAll().orderBy('created_at').orderBy('id').execute();
    return rows.map(({ id, wrapped, created_at, retired_at }) => {
      const seed = unseal(masterKey, `${about} ${id}`, wrapped);
      if (seed === null) throw new Failure('record_unavailable', wrongMaster);
      return { ...fromSeed(seed), from: created_at.getTime(), until: retired_at?.getTime() ?? null };
    });
  }

  async function make(): Promise<void> {
    const seed = Buffer.from(ambient.random.bytes(32));
    const { id } = fromSeed(seed);
    const created_at = new Date(ambient.clock.now());
    await executor.transaction().execute(async (own) => {
      // Of hubs that do this at the same time, the later one waits here, and replaces the key of the earlier one.
      await own.updateTable('audit_keys').set({ retired_at: created_at }).where('retired_at', 'is', null).execute();
      await own
        .insertInto('audit_keys')
        .values({ id, wrapped: seal(masterKey, `${about} ${id}`, seed, ambient.random), created_at, retired_at: null })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    });
  }

  async function inUse(): Promise<OpenKey> {
    const found = (await open()).find(({ until }) => until === null);
    if (found !== undefined) return found;
    await make();
    return inUse();
  }

  return {
    async current() {
      const { id, privateKey } = await inUse();
      return { key: id, sign: (text) => sign(null, text, privateKey) };
    },
    async published() {
      await inUse();
      return (await open()).map(({ privateKey: _, ...key }) => key);
    },
    async since(moment) {
      await inUse();
      const held = (await open()).filter(({ until }) => until === null || until > moment).toReversed();
      return held.map(({ id, privateKey }) => ({ key: id, sign: (text) => sign(null, text, privateKey) }));
    },
    async rotate() {
      await make();
      const { privateKey: _, ...key } = await inUse();
      return key;
    },
  };
}

function fromSeed(seed: Buffer): PublicKey & { readonly privateKey: KeyObject } {
  const privateKey = createPrivateKey({ key: Buffer.concat([seedPrefix, seed]), format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey)
    .export({ format: 'der', type: 'spki' })
    .subarray(-32)
    .toString('base64');
  return { id: keyId(publicKey), publicKey, privateKey };
}

const wrongMaster =
  'The keys that sign the audit log were sealed with another master key. Set MCPVAULT_MASTER_KEY or MCPVAULT_MASTER_KEY_FILE to that key, or restore the master.key file that belongs to this database.';
