// What lies between an authorization request and its tokens: interactions, codes, device codes, refresh tokens; and the
// clients that registered themselves. What opens something is kept as its SHA-256, and never in the payload.
import type { ConnectedClientId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';

export type ArtifactPayload = Readonly<Record<string, unknown>>;

export interface Artifact {
  readonly payload: ArtifactPayload;
  /** Milliseconds since the epoch; null while it was not used. */
  readonly consumedAt: number | null;
}

export interface NewArtifact {
  readonly kind: string;
  readonly hash: Buffer;
  /** Without what `hash` and `userCode` are hashes of. */
  readonly payload: ArtifactPayload;
  readonly connectedClient: string | null;
  readonly userCode: Buffer | null;
  readonly expiresAt: number;
}

export interface RegisteredClient {
  readonly id: string;
  readonly metadata: ArtifactPayload;
  readonly createdAt: number;
}

export interface OauthArtifactsStore {
  /** Replaces one of the same kind and hash, but not whether it was used. */
  put(artifact: NewArtifact): Promise<void>;
  /** null when it is unknown or expired. */
  find(kind: string, hash: Buffer, now: number): Promise<Artifact | null>;
  /** A device code by the hash of what its person types. */
  findByUserCode(userCode: Buffer, now: number): Promise<Artifact | null>;
  /**
   * Adds a person's answer to a device code; false when it was answered or used before, is unknown or expired. Of two
   * answers at once, one gets false.
   */
  answerUserCode(
    userCode: Buffer,
    answer: ArtifactPayload,
    connectedClient: string | null,
    now: number,
  ): Promise<boolean>;
  /** False when it was used before: of two who use it at once, one gets false. */
  consume(kind: string, hash: Buffer, at: number): Promise<boolean>;
  remove(kind: string, hash: Buffer): Promise<void>;
  /** Everything of a kind that was made for one authorization. */
  removeOf(kind: string, connectedClient: string): Promise<void>;

  register(client: RegisteredClient): Promise<void>;
  registered(id: string): Promise<ArtifactPayload | null>;
  /** Remembers where it came from, as a digest. */
  registeredFrom(id: string, network: Buffer): Promise<void>;
  /** How many registered since then; from one network, where it is given. */
  registeredSince(time: number, network?: Buffer): Promise<number>;
  unregister(id: string): Promise<void>;

  /** Forgets what expired before `expired`, and clients registered before `unused` that nobody let in. */
  sweep(expired: number, unused: number): Promise<void>;
}

export function createOauthArtifactsStore(executor: Executor): OauthArtifactsStore {
  return {
    async put({ kind, hash, payload, connectedClient, userCode, expiresAt }) {
      const change = {
        payload: JSON.stringify(payload),
        connected_client: connectedClient as ConnectedClientId | null,
        user_code: userCode,
        expires_at: new Date(expiresAt),
      };
      await executor
        .insertInto('oauth_artifacts')
        .values({ kind, hash, ...change })
        .onConflict((conflict) => conflict.columns(['kind', 'hash']).doUpdateSet(change))
        .execute();
    },

    async find(kind, hash, now) {
      const row = await executor
        .selectFrom('oauth_artifacts')
        .select(['payload', 'consumed_at'])
        .where('kind', '=', kind)
        .where('hash', '=', hash)
        .where('expires_at', '>', new Date(now))
        .executeTakeFirst();
      return row ? { payload: row.payload, consumedAt: row.consumed_at?.getTime() ?? null } : null;
    },

    async findByUserCode(userCode, now) {
      const row = await executor
        .selectFrom('oauth_artifacts')
        .select(['payload', 'consumed_at'])
        .where('user_code', '=', userCode)
        .where('expires_at', '>', new Date(now))
        .executeTakeFirst();
      return row ? { payload: row.payload, consumedAt: row.consumed_at?.getTime() ?? null } : null;
    },

    async answerUserCode(userCode, answer, connectedClient, now) {
      const result = await executor
        .updateTable('oauth_artifacts')
        .set({
          payload: sql`payload || ${JSON.stringify(answer)}::jsonb`,
          connected_client: connectedClient as ConnectedClientId | null,
        })
        .where('user_code', '=', userCode)
        .where('expires_at', '>', new Date(now))
        .where('consumed_at', 'is', null)
        .where(sql<boolean>`not jsonb_exists_any(payload, array['accountId', 'error'])`)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async consume(kind, hash, at) {
      const result = await executor
        .updateTable('oauth_artifacts')
        .set({ consumed_at: new Date(at) })
        .where('kind', '=', kind)
        .where('hash', '=', hash)
        .where('consumed_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async remove(kind, hash) {
      await executor.deleteFrom('oauth_artifacts').where('kind', '=', kind).where('hash', '=', hash).execute();
    },

    async removeOf(kind, connectedClient) {
      await executor
        .deleteFrom('oauth_artifacts')
        .where('kind', '=', kind)
        .where('connected_client', '=', connectedClient as ConnectedClientId)
        .execute();
    },

    async register({ id, metadata, createdAt }) {
      const change = { metadata: JSON.stringify(metadata) };
      await executor
        .insertInto('oauth_clients')
        .values({ id, ...change, created_at: new Date(createdAt) })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
        .execute();
    },

    async registered(id) {
      const row = await executor.selectFrom('oauth_clients').select('metadata').where('id', '=', id).executeTakeFirst();
      return row?.metadata ?? null;
    },

    async registeredFrom(id, network) {
      await executor.updateTable('oauth_clients').set({ registered_from: network }).where('id', '=', id).execute();
    },

    async registeredSince(time, network) {
      const row = await executor
        .selectFrom('oauth_clients')
        .select((eb) => eb.fn.countAll<string>().as('count'))
        .where('created_at', '>', new Date(time))
        .$if(network !== undefined, (query) => query.where('registered_from', '=', network ?? null))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },

    async unregister(id) {
      await executor.deleteFrom('oauth_clients').where('id', '=', id).execute();
    },

    async sweep(expired, unused) {
      await executor.deleteFrom('oauth_artifacts').where('expires_at', '<', new Date(expired)).execute();
      await sql`
        delete from oauth_clients where created_at < ${new Date(unused)}
          and not exists (select from connected_clients where connected_clients.client = oauth_clients.id)`.execute(
        executor,
      );
    },
  };
}
