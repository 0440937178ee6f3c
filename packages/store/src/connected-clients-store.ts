// AI clients that members let in with OAuth. Each row is one authorization: a family of refresh tokens, and the access
// tokens made of them. What is revoked here stops at the next request.
import type { ConnectedClientId, IdentityProviderId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import { dates } from './dates.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface ConnectedClient {
  readonly id: ConnectedClientId;
  readonly organization: OrganizationId;
  readonly member: MemberId;
  /** Its OAuth client id: the URL of its document, or what it was given when it registered. */
  readonly client: string;
  /** As it calls itself: a claim. */
  readonly clientName: string;
  /** The URL it may reach, as it asked for it. */
  readonly resource: string;
  readonly scopes: readonly string[];
  readonly createdAt: number;
  /** However much it is used, it ends then. */
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  /** The identity provider that let it in; null: the member did. */
  readonly provider: IdentityProviderId | null;
}

export type NewConnectedClient = Omit<ConnectedClient, 'lastUsedAt' | 'revokedAt' | 'provider'>;

export interface ConnectedClientsStore {
  /** Does nothing when it is there already. Throws `not_found` when the member is not of this organization. */
  create(connected: NewConnectedClient): Promise<void>;
  /** One that an identity provider let in: made, or the one that is there already for longer. */
  letInBy(provider: IdentityProviderId, connected: NewConnectedClient): Promise<ConnectedClient>;
  /** Ids of what it ended: all that the provider let in, or only for one member. */
  endProvided(
    organization: OrganizationId,
    provider: IdentityProviderId,
    member: MemberId | null,
    at: number,
  ): Promise<readonly ConnectedClientId[]>;
  /** Over all organizations. Revoked and expired ones too: whoever asks judges. */
  find(id: string): Promise<ConnectedClient | null>;
  /** null when there is none such or it has ended. */
  byId(organization: OrganizationId, id: ConnectedClientId, now: number): Promise<ConnectedClient | null>;
  /** Those of the member that have not ended, newest first. */
  list(organization: OrganizationId, member: MemberId, now: number, page: PageRequest): Promise<Page<ConnectedClient>>;
  /**
   * What the member said before, when they let this client reach this resource with at least these scopes; null where they
   * did not, or it has ended. Of several the one that lasts longest.
   */
  remembered(
    asked: Pick<ConnectedClient, 'organization' | 'member' | 'client' | 'resource' | 'scopes'>,
    now: number,
  ): Promise<ConnectedClient | null>;
  /** Ends one, over all organizations; null when there is none such or it had ended. */
  end(id: string, at: number): Promise<ConnectedClient | null>;
  /** Ids of what it ended: all that the member let in of this client. */
  endClient(
    organization: OrganizationId,
    member: MemberId,
    client: string,
    at: number,
  ): Promise<readonly ConnectedClientId[]>;
  /** Remembers when they were last used; never moves a time back. */
  touch(used: ReadonlyMap<ConnectedClientId, number>): Promise<void>;
  /** Forgets what ended before `before`. */
  sweep(before: number): Promise<void>;
}

export function createConnectedClientsStore(executor: Executor): ConnectedClientsStore {
  const alive = (organization: OrganizationId, now: number) =>
    executor
      .selectFrom('connected_clients')
      .selectAll()
      .where('organization', '=', organization)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', new Date(now));

  return {
    async create(connected) {
      await executor
        .insertInto('connected_clients')
        .values(columnsOf(connected))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute();
    },

    async letInBy(provider, connected) {
      const { organization, member, client, resource, scopes, createdAt, expiresAt } = connected;
      const longer = await executor
        .updateTable('connected_clients')
        .set({ expires_at: sql`greatest(expires_at, ${new Date(expiresAt)})`, client_name: connected.clientName })
        .where('organization', '=', organization)
        .where('member', '=', member)
        .where('provider', '=', provider)
        .where('client', '=', client)
        .where('resource', '=', resource)
        .where(sql<boolean>`scopes = ${[...scopes]}::text[]`)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', new Date(createdAt))
        .returningAll()
        .execute();
      if (longer[0] !== undefined) return toConnected(longer[0]);
      const values = { ...columnsOf(connected), provider };
      return toConnected(
        await executor.insertInto('connected_clients').values(values).returningAll().executeTakeFirstOrThrow(),
      );
    },

    async endProvided(organization, provider, member, at) {
      const rows = await executor
        .updateTable('connected_clients')
        .set({ revoked_at: new Date(at) })
        .where('organization', '=', organization)
        .where('provider', '=', provider)
        .$if(member !== null, (query) => query.where('member', '=', member))
        .where('revoked_at', 'is', null)
        .returning('id')
        .execute();
      return rows.map((row) => row.id);
    },

    async find(id) {
      const row = await executor
        .selectFrom('connected_clients')
        .selectAll()
        .where('id', '=', id as ConnectedClientId)
        .executeTakeFirst();
      return row ? toConnected(row) : null;
    },

    async byId(organization, id, now) {
      const row = await alive(organization, now).where('id', '=', id).executeTakeFirst();
      return row ? toConnected(row) : null;
    },

    async list(organization, member, now, request) {
      const page = openPage(request);
      const rows = await alive(organization, now)
        .where('member', '=', member)
        .where(page.after('created_at', 'id'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toConnected);
    },

    async remembered({ organization, member, client, resource, scopes }, now) {
      const row = await alive(organization, now)
        .where('member', '=', member)
        .where('client', '=', client)
        .where('resource', '=', resource)
        .where('provider', 'is', null)
        .where(sql<boolean>`scopes @> ${[...scopes]}::text[]`)
        .orderBy('expires_at', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row ? toConnected(row) : null;
    },

    async end(id, at) {
      const row = await executor
        .updateTable('connected_clients')
        .set({ revoked_at: new Date(at) })
        .where('id', '=', id as ConnectedClientId)
        .where('revoked_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      return row ? toConnected(row) : null;
    },

    async endClient(organization, member, client, at) {
      const rows = await executor
        .updateTable('connected_clients')
        .set({ revoked_at: new Date(at) })
        .where('organization', '=', organization)
        .where('member', '=', member)
        .where('client', '=', client)
        .where('revoked_at', 'is', null)
        .returning('id')
        .execute();
      return rows.map((row) => row.id);
    },

    async touch(used) {
      await sql`
        update connected_clients set last_used_at = greatest(connected_clients.last_used_at, used.at)
        from unnest(${[...used.keys()]}::text[], ${dates(used.values())}::timestamptz[]) as used (id, at)
        where connected_clients.id = used.id`.execute(executor);
    },

    async sweep(before) {
      const time = new Date(before);
      await executor
        .deleteFrom('connected_clients')
        .where((eb) => eb.or([eb('expires_at', '<', time), eb('revoked_at', '<', time)]))
        .execute();
    },
  };
}

function columnsOf(connected: NewConnectedClient) {
  return {
    id: connected.id,
    organization: connected.organization,
    member: connected.member,
    client: connected.client,
    client_name: connected.clientName,
    resource: connected.resource,
    scopes: [...connected.scopes],
    created_at: new Date(connected.createdAt),
    expires_at: new Date(connected.expiresAt),
  };
}

function toConnected(row: Selectable<Schema['connected_clients']>): ConnectedClient {
  return {
    id: row.id,
    organization: row.organization,
    member: row.member,
    client: row.client,
    clientName: row.client_name,
    resource: row.resource,
    scopes: row.scopes,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    lastUsedAt: row.last_used_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
    provider: row.provider,
  };
}
