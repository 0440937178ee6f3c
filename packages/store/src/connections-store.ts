// Sign-ins at servers. What is secret of them lies here sealed; who may see or use one is decided by whoever asks.
import type { Id, MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import { dateOrNull } from './dates.ts';
import type { Executor, Schema } from './schema.ts';

export type ConnectionId = Id<'cnn'>;

export interface SealedText {
  /** Id of the data key. */
  readonly key: string;
  readonly sealed: Buffer;
}

/** What a server wanted when it refused: no secret. */
export interface WantedByServer {
  readonly resourceMetadata: string | null;
  readonly scopes: readonly string[];
}

export interface ServerConnection {
  readonly id: ConnectionId;
  readonly organization: OrganizationId;
  readonly server: ServerId;
  /** null: the one that all share. */
  readonly member: MemberId | null;
  readonly state: 'connected' | 'broken';
  /** Why it is broken, or why it could not be renewed just now. */
  readonly reason: string | null;
  /** Of the server when it was connected: its tokens are for no other place. */
  readonly url: string;
  readonly issuer: string;
  readonly scopes: readonly string[];
  readonly challenge: WantedByServer | null;
  /** Tokens, and to whom they were given; sealed with the connection's id as block. */
  readonly secret: SealedText;
  /** Milliseconds since the epoch; null where nobody said. */
  readonly expiresAt: number | null;
  readonly isRenewable: boolean;
  readonly connectedBy: MemberId | null;
  readonly connectedAt: number;
  readonly updatedAt: number;
}

export interface RenewedConnection {
  readonly secret: SealedText;
  readonly expiresAt: number | null;
  readonly isRenewable: boolean;
  readonly scopes: readonly string[];
}

export interface SignInUnderWay {
  /** SHA-256 of the state. */
  readonly state: Buffer;
  readonly organization: OrganizationId;
  readonly server: ServerId;
  /** Who began it, and alone may finish it. */
  readonly member: MemberId;
  /** Sealed with the hex of `state` as block. */
  readonly secret: SealedText;
  readonly expiresAt: number;
}

export interface RegisteredClient {
  readonly organization: OrganizationId;
  readonly issuer: string;
  readonly redirectUri: string;
  /** Sealed with the issuer as block. */
  readonly secret: SealedText;
  readonly expiresAt: number | null;
}

/** Which one, and whose it is. */
export type OneConnection = Pick<ServerConnection, 'organization' | 'id'>;

export interface ConnectionsStore {
  of(organization: OrganizationId, server: ServerId, member: MemberId | null): Promise<ServerConnection | null>;
  byId(connection: OneConnection): Promise<ServerConnection | null>;
  /** Those of a member, and those that all share. */
  list(organization: OrganizationId, member: MemberId): Promise<readonly ServerConnection[]>;
  /** In the place of an earlier one of the same member at the same server. */
  put(connection: ServerConnection): Promise<void>;
  /** Of all who ask at once, on whichever hub, one is told true until then; the row's lock decides. */
  claimRenewal(connection: OneConnection, now: number, until: number): Promise<boolean>;
  /** False when it was replaced or removed meanwhile. */
  renewed(connection: OneConnection, renewed: RenewedConnection, at: number): Promise<boolean>;
  /** It could not be renewed just now, and may be later. */
  notRenewed(connection: OneConnection, reason: string | null, at: number): Promise<void>;
  /** It works, and the server wants more for some calls. */
  wants(connection: OneConnection, challenge: WantedByServer): Promise<void>;
  broken(connection: OneConnection, reason: string, challenge: WantedByServer | null, at: number): Promise<void>;
  /** False when there was none. */
  remove(organization: OrganizationId, server: ServerId, member: MemberId | null): Promise<boolean>;
  /** Those that expire before then and can be renewed, of members who are there; the most urgent first. */
  due(before: number, now: number, limit: number): Promise<readonly ServerConnection[]>;
  begin(signIn: SignInUnderWay): Promise<void>;
  /** Takes it away: of two who use it at once, one gets null, and so does everyone but whoever began it. */
  take(state: Buffer, organization: OrganizationId, member: MemberId, now: number): Promise<SignInUnderWay | null>;
  client(
    organization: OrganizationId,
    issuer: string,
    redirectUri: string,
    now: number,
  ): Promise<RegisteredClient | null>;
  putClient(client: RegisteredClient): Promise<void>;
  forgetClient(organization: OrganizationId, issuer: string, redirectUri: string): Promise<void>;
  /** Sign-ins that nobody finished, and connections of members who were removed or servers that were retired. */
  sweep(now: number): Promise<void>;
}

export function createConnectionsStore(executor: Executor): ConnectionsStore {
  const update = ({ organization, id }: OneConnection, at: number) =>
    executor
      .updateTable('server_connections')
      .where('organization', '=', organization)
      .where('id', '=', id)
      .set({ updated_at: new Date(at) });

  return {
    async of(organization, server, member) {
      const row = await executor
        .selectFrom('server_connections')
        .selectAll()
        .where('organization', '=', organization)
        .where('server', '=', server)
        .where('member', 'is not distinct from', member)
        .executeTakeFirst();
      return row ? toConnection(row) : null;
    },

    async byId({ organization, id }) {
      const row = await executor
        .selectFrom('server_connections')
        .selectAll()
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? toConnection(row) : null;
    },

    async list(organization, member) {
      const rows = await executor
        .selectFrom('server_connections')
        .selectAll()
        .where('organization', '=', organization)
        .where((eb) => eb.or([eb('member', '=', member), eb('member', 'is', null)]))
        .execute();
      return rows.map(toConnection);
    },

    async put(connection) {
      await executor
        .deleteFrom('server_connections')
        .where('server', '=', connection.server)
        .where('member', 'is not distinct from', connection.member)
        .execute();
      await executor
        .insertInto('server_connections')
        .values({
          id: connection.id,
          organization: connection.organization,
          server: connection.server,
          member: connection.member,
          state: connection.state,
          reason: connection.reason,
          url: connection.url,
          issuer: connection.issuer,
          scopes: [...connection.scopes],
          challenge: connection.challenge === null ? null : JSON.stringify(connection.challenge),
          sealed: connection.secret.sealed,
          sealed_key: connection.secret.key,
          expires_at: dateOrNull(connection.expiresAt),
          renewable: connection.isRenewable,
          renewing_until: null,
          connected_by: connection.connectedBy,
          connected_at: new Date(connection.connectedAt),
          updated_at: new Date(connection.updatedAt),
        })
        .execute();
    },

    async claimRenewal({ organization, id }, now, until) {
      const result = await executor
        .updateTable('server_connections')
        .set({ renewing_until: new Date(until) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('state', '=', 'connected')
        .where((eb) => eb.or([eb('renewing_until', 'is', null), eb('renewing_until', '<=', new Date(now))]))
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async renewed({ organization, id }, { secret, expiresAt, isRenewable, scopes }, at) {
      const result = await update({ organization, id }, at)
        .set({
          state: 'connected',
          reason: null,
          sealed: secret.sealed,
          sealed_key: secret.key,
          expires_at: dateOrNull(expiresAt),
          renewable: isRenewable,
          scopes: [...scopes],
          renewing_until: null,
        })
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async notRenewed({ organization, id }, reason, at) {
      await update({ organization, id }, at).set({ reason, renewing_until: null }).execute();
    },

    async wants({ organization, id }, challenge) {
      await executor
        .updateTable('server_connections')
        .set({ challenge: JSON.stringify(challenge) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .execute();
    },

    async broken({ organization, id }, reason, challenge, at) {
      const wanted = challenge === null ? {} : { challenge: JSON.stringify(challenge) };
      await update({ organization, id }, at)
        .set({ state: 'broken', reason, renewing_until: null, ...wanted })
        .execute();
    },

    async remove(organization, server, member) {
      const result = await executor
        .deleteFrom('server_connections')
        .where('organization', '=', organization)
        .where('server', '=', server)
        .where('member', 'is not distinct from', member)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },

    async due(before, now, limit) {
      const rows = await executor
        .selectFrom('server_connections')
        .selectAll()
        .where('renewable', '=', true)
        .where('state', '=', 'connected')
        .where('expires_at', '<', new Date(before))
        .where((eb) => eb.or([eb('renewing_until', 'is', null), eb('renewing_until', '<=', new Date(now))]))
        .where((eb) =>
          eb.or([
            eb('member', 'is', null),
            eb.exists(
              eb
                .selectFrom('members')
                .select('members.id')
                .whereRef('members.id', '=', 'server_connections.member')
                .where('members.disabled_at', 'is', null)
                .where('members.removed_at', 'is', null),
            ),
          ]),
        )
        .orderBy('expires_at')
        .limit(limit)
        .execute();
      return rows.map(toConnection);
    },

    async begin(signIn) {
      await executor
        .insertInto('server_sign_ins')
        .values({
          state: signIn.state,
          organization: signIn.organization,
          server: signIn.server,
          member: signIn.member,
          sealed: signIn.secret.sealed,
          sealed_key: signIn.secret.key,
          expires_at: new Date(signIn.expiresAt),
        })
        .execute();
    },

    async take(state, organization, member, now) {
      const row = await executor
        .deleteFrom('server_sign_ins')
        .where('state', '=', state)
        .where('organization', '=', organization)
        .where('member', '=', member)
        .where('expires_at', '>', new Date(now))
        .returningAll()
        .executeTakeFirst();
      if (!row) return null;
      const secret = { key: row.sealed_key, sealed: row.sealed };
      return { state, organization, member, server: row.server, secret, expiresAt: row.expires_at.getTime() };
    },

    async client(organization, issuer, redirectUri, now) {
      const row = await executor
        .selectFrom('registered_clients')
        .selectAll()
        .where('organization', '=', organization)
        .where('issuer', '=', issuer)
        .where('redirect_uri', '=', redirectUri)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', new Date(now))]))
        .executeTakeFirst();
      if (!row) return null;
      const secret = { key: row.sealed_key, sealed: row.sealed };
      return { organization, issuer, redirectUri, secret, expiresAt: row.expires_at?.getTime() ?? null };
    },

    async putClient({ organization, issuer, redirectUri, secret, expiresAt }) {
      const kept = { sealed: secret.sealed, sealed_key: secret.key, expires_at: dateOrNull(expiresAt) };
      await executor
        .insertInto('registered_clients')
        .values({ organization, issuer, redirect_uri: redirectUri, ...kept })
        .onConflict((conflict) => conflict.columns(['organization', 'issuer', 'redirect_uri']).doUpdateSet(kept))
        .execute();
    },

    async forgetClient(organization, issuer, redirectUri) {
      await executor
        .deleteFrom('registered_clients')
        .where('organization', '=', organization)
        .where('issuer', '=', issuer)
        .where('redirect_uri', '=', redirectUri)
        .execute();
    },

    async sweep(now) {
      await executor.deleteFrom('server_sign_ins').where('expires_at', '<=', new Date(now)).execute();
      await sql`
        delete from server_connections
        where member in (select id from members where removed_at is not null)
          or server in (select id from servers where retired_at is not null)
      `.execute(executor);
    },
  };
}

function toConnection(row: Selectable<Schema['server_connections']>): ServerConnection {
  return {
    id: row.id,
    organization: row.organization,
    server: row.server,
    member: row.member,
    state: row.state,
    reason: row.reason,
    url: row.url,
    issuer: row.issuer,
    scopes: row.scopes,
    challenge: row.challenge,
    secret: { key: row.sealed_key, sealed: row.sealed },
    expiresAt: row.expires_at?.getTime() ?? null,
    isRenewable: row.renewable,
    connectedBy: row.connected_by,
    connectedAt: row.connected_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}
