// Passkeys of members: public keys and how often each was used. Nothing here can sign in anybody.
import type { MemberId, OrganizationId, PasskeyId } from '@mcpvault/domain/ids';
import type { Selectable } from 'kysely';
import type { Executor, Schema } from './schema.ts';

export interface Passkey {
  readonly id: PasskeyId;
  readonly organization: OrganizationId;
  readonly member: MemberId;
  /** The credential's own id, as base64url. */
  readonly credential: string;
  /** COSE. */
  readonly publicKey: Buffer;
  /** Signatures made so far, as the authenticator counts them; 0 where it does not count. */
  readonly counter: number;
  readonly transports: readonly string[];
  /** Whether its owner has it on more than one device. */
  readonly backedUp: boolean;
  readonly name: string;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

export interface PasskeysStore {
  /** Throws `conflict` when the credential is registered, with whomever. */
  add(passkey: Omit<Passkey, 'lastUsedAt'>): Promise<void>;
  /** Over all organizations, for signing in. Locks it until the transaction ends, so that no use is counted twice. */
  byCredential(credential: string): Promise<Passkey | null>;
  /** Oldest first. */
  of(member: MemberId): Promise<readonly Passkey[]>;
  used(id: PasskeyId, counter: number, backedUp: boolean, at: number): Promise<void>;
  /** False when the member has none such. */
  rename(member: MemberId, id: PasskeyId, name: string): Promise<boolean>;
  remove(member: MemberId, id: PasskeyId): Promise<boolean>;
  /** How many it removed. */
  removeAllOf(member: MemberId): Promise<number>;
}

export function createPasskeysStore(executor: Executor): PasskeysStore {
  return {
    async add(passkey) {
      await executor
        .insertInto('passkeys')
        .values({
          id: passkey.id,
          organization: passkey.organization,
          member: passkey.member,
          credential: passkey.credential,
          public_key: passkey.publicKey,
          counter: passkey.counter,
          transports: [...passkey.transports],
          backed_up: passkey.backedUp,
          name: passkey.name,
          created_at: new Date(passkey.createdAt),
        })
        .execute();
    },

    async byCredential(credential) {
      const row = await executor
        .selectFrom('passkeys')
        .selectAll()
        .where('credential', '=', credential)
        .forUpdate()
        .executeTakeFirst();
      return row ? toPasskey(row) : null;
    },

    async of(member) {
      const rows = await executor
        .selectFrom('passkeys')
        .selectAll()
        .where('member', '=', member)
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(toPasskey);
    },

    async used(id, counter, backedUp, at) {
      await executor
        .updateTable('passkeys')
        .set({ counter, backed_up: backedUp, last_used_at: new Date(at) })
        .where('id', '=', id)
        .execute();
    },

    async rename(member, id, name) {
      const result = await executor
        .updateTable('passkeys')
        .set({ name })
        .where('member', '=', member)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async remove(member, id) {
      const result = await executor
        .deleteFrom('passkeys')
        .where('member', '=', member)
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },

    async removeAllOf(member) {
      const result = await executor.deleteFrom('passkeys').where('member', '=', member).executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function toPasskey(row: Selectable<Schema['passkeys']>): Passkey {
  return {
    id: row.id,
    organization: row.organization,
    member: row.member,
    credential: row.credential,
    publicKey: row.public_key,
    counter: row.counter,
    transports: row.transports,
    backedUp: row.backed_up,
    name: row.name,
    createdAt: row.created_at.getTime(),
    lastUsedAt: row.last_used_at?.getTime() ?? null,
  };
}
