// Servers and their versions. A definition holds secrets, so it lies here sealed and only the summary can be read; a
// version never changes once it is written. Retiring keeps the rows: the record still names them.
import { fingerprintOf } from '@mcpvault/domain/catalog/fingerprint';
import { completeRules, type PartialProcessRules, type ProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Isolation } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberId, OrganizationId, ServerId, ServerVersionId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import { containing } from './containing.ts';
import { dateOrNull } from './dates.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';
import { createToolDefinitionsStore } from './tool-definitions-store.ts';
import { storable } from './storable.ts';
import type { TransportSummary } from './transport-summary.ts';

/** The `Transport` as JSON, sealed by the organization's data key with the version's id as block. */
export interface SealedDefinition {
  readonly key: string;
  readonly sealed: Buffer;
}

export interface ServerVersion {
  readonly id: ServerVersionId;
  readonly organization: OrganizationId;
  readonly server: ServerId;
  /** 1 for the first, then one more each time. */
  readonly number: number;
  readonly definition: SealedDefinition;
  readonly summary: TransportSummary;
  readonly isolation: Isolation;
  readonly processes: ProcessRules;
  readonly createdBy: MemberId | null;
  readonly createdAt: number;
  readonly approvedBy: MemberId | null;
  /** Only approved versions are ever used; null waits for an admin. */
  readonly approvedAt: number | null;
}

export type NewVersion = Omit<ServerVersion, 'organization' | 'server' | 'number'>;

/** What the last contact showed. Whether the server is switched on is another matter. */
export interface ServerStatus {
  readonly status: 'connecting' | 'ready' | 'unavailable';
  readonly reason: string | null;
  readonly fix: string | null;
  readonly checkedAt: number | null;
}

export interface Server extends ServerStatus {
  readonly id: ServerId;
  readonly organization: OrganizationId;
  /** Unique among the organization's servers that are not retired. */
  readonly name: string;
  readonly enabled: boolean;
  /** The approved version in use, without its definition; null as long as none was approved. */
  readonly current: {
    readonly id: ServerVersionId;
    readonly number: number;
    readonly summary: TransportSummary;
    readonly isolation: Isolation;
    readonly processes: ProcessRules;
  } | null;
  /** Of the last listing. */
  readonly tools: number;
  /** null: made by MCPVault itself, as an example. */
  readonly createdBy: MemberId | null;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly retiredAt: number | null;
}

export interface NewServer {
  readonly id: ServerId;
  readonly organization: OrganizationId;
  readonly name: string;
  readonly enabled: boolean;
  readonly createdBy: MemberId | null;
  readonly createdAt: number;
}

export interface ToolListing {
  readonly version: ServerVersionId;
  readonly listedAt: number;
  /** In the order the server gave; `definition` is the whole tool object as it gave it. */
  readonly tools: readonly { readonly name: string; readonly definition: Readonly<Record<string, unknown>> }[];
}

export interface ServersStore {
  /** Throws `conflict` when the name is taken. An approved version becomes current at once. */
  create(server: NewServer, version: NewVersion): Promise<void>;
  /** Adds a version and answers its number; an approved one becomes current. Throws `not_found` without such a server. */
  createVersion(organization: OrganizationId, server: ServerId, version: NewVersion): Promise<number>;
  /** Approves a waiting version and makes it current; false when there is none waiting. */
  approve(organization: OrganizationId, version: ServerVersionId, by: MemberId, at: number): Promise<boolean>;
  /** Retired ones too. */
  byId(organization: OrganizationId, id: ServerId): Promise<Server | null>;
  /** The one that bears the name now. */
  byName(organization: OrganizationId, name: string): Promise<Server | null>;
  /** Not the retired ones. `only` narrows to what a member may use; `q` is looked for in names. */
  list(
    organization: OrganizationId,
    page: PageRequest & { readonly q?: string | undefined; readonly only?: readonly ServerId[] | undefined },
  ): Promise<Page<Server>>;
  /** Throws `conflict` when the name is taken; false when there is no such server. */
  update(
    organization: OrganizationId,
    id: ServerId,
    changes: { readonly name?: string | undefined; readonly enabled?: boolean | undefined },
    at: number,
  ): Promise<boolean>;
  /** Frees the name and removes the grants; false when there is no such server. */
  retire(organization: OrganizationId, id: ServerId, at: number): Promise<boolean>;
  setStatus(organization: OrganizationId, id: ServerId, status: ServerStatus): Promise<void>;
  /** Newest first. */
  versions(organization: OrganizationId, server: ServerId): Promise<readonly ServerVersion[]>;
  version(organization: OrganizationId, id: ServerVersionId): Promise<ServerVersion | null>;
  /** Replaces what the last listing said. */
  replaceTools(organization: OrganizationId, server: ServerId, listing: ToolListing): Promise<void>;
  /** null when the server was never listed. */
  tools(organization: OrganizationId, server: ServerId): Promise<ToolListing | null>;
}

export function createServersStore(executor: Executor): ServersStore {
  const described = (organization: OrganizationId) =>
    executor
      .selectFrom('servers')
      .leftJoin('server_versions as current', 'current.id', 'servers.current_version')
      .selectAll('servers')
      .select(['current.number', 'current.summary', 'current.isolation', 'current.processes'])
      .select((eb) =>
        eb
          .selectFrom('server_tools')
          .select((inner) => inner.fn.countAll<number>().as('tools'))
          .whereRef('server_tools.server', '=', 'servers.id')
          .as('tools'),
      )
      .where('servers.organization', '=', organization);

  const insertVersion = async (
    organization: OrganizationId,
    server: ServerId,
    number: number,
    version: NewVersion,
  ): Promise<void> => {
    await executor
      .insertInto('server_versions')
      .values({
        id: version.id,
        organization,
        server,
        number,
        definition: version.definition.sealed,
        definition_key: version.definition.key,
        summary: JSON.stringify(version.summary),
        isolation: version.isolation,
        processes: JSON.stringify(version.processes),
        created_by: version.createdBy,
        created_at: new Date(version.createdAt),
        approved_by: version.approvedBy,
        approved_at: dateOrNull(version.approvedAt),
      })
      .execute();
    if (version.approvedAt !== null) await makeCurrent(organization, server, version.id, version.approvedAt);
  };

  const makeCurrent = async (organization: OrganizationId, server: ServerId, version: ServerVersionId, at: number) => {
    await executor
      .updateTable('servers')
      .set({
        current_version: version,
        updated_at: new Date(at),
        status: 'connecting',
        status_reason: null,
        status_fix: null,
      })
      .where('organization', '=', organization)
      .where('id', '=', server)
      .execute();
  };

  return {
    async create(server, version) {
      await executor
        .insertInto('servers')
        .values({
          id: server.id,
          organization: server.organization,
          name: server.name,
          enabled: server.enabled,
          status: 'connecting',
          created_by: server.createdBy,
          created_at: new Date(server.createdAt),
          updated_at: new Date(server.createdAt),
        })
        .execute();
      await insertVersion(server.organization, server.id, 1, version);
    },

    async createVersion(organization, server, version) {
      const held = await executor
        .selectFrom('servers')
        .select('id')
        .where('organization', '=', organization)
        .where('id', '=', server)
        .where('retired_at', 'is', null)
        .forUpdate()
        .executeTakeFirst();
      if (!held) throw new Failure('not_found', 'there is no such server');
      const { last } = await executor
        .selectFrom('server_versions')
        .select((eb) => eb.fn.coalesce(eb.fn.max('number'), sql<number>`0`).as('last'))
        .where('server', '=', server)
        .executeTakeFirstOrThrow();
      await insertVersion(organization, server, last + 1, version);
      return last + 1;
    },

    async approve(organization, version, by, at) {
      const approved = await executor
        .updateTable('server_versions')
        .set({ approved_by: by, approved_at: new Date(at) })
        .where('organization', '=', organization)
        .where('id', '=', version)
        .where('approved_at', 'is', null)
        .returning('server')
        .executeTakeFirst();
      if (!approved) return false;
      await makeCurrent(organization, approved.server, version, at);
      return true;
    },

    async byId(organization, id) {
      const row = await described(organization).where('servers.id', '=', id).executeTakeFirst();
      return row ? toServer(row) : null;
    },

    async byName(organization, name) {
      const row = await described(organization)
        .where('servers.name', '=', name)
        .where('servers.retired_at', 'is', null)
        .executeTakeFirst();
      return row ? toServer(row) : null;
    },

    async list(organization, request) {
      const page = openPage(request);
      const { q, only } = request;
      let query = described(organization).where('servers.retired_at', 'is', null);
      if (q) query = query.where('servers.name', 'ilike', containing(q));
      if (only) query = query.where(sql<boolean>`servers.id = any(${[...only]}::text[])`);
      const rows = await query
        .where(page.after('servers.created_at', 'servers.id'))
        .orderBy('servers.created_at', 'desc')
        .orderBy('servers.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toServer);
    },

    async update(organization, id, { name, enabled }, at) {
      const result = await executor
        .updateTable('servers')
        .set({
          updated_at: new Date(at),
          ...(name !== undefined && { name }),
          ...(enabled !== undefined && { enabled }),
        })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('retired_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async retire(organization, id, at) {
      const result = await executor
        .updateTable('servers')
        .set({ retired_at: new Date(at), updated_at: new Date(at), enabled: false })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('retired_at', 'is', null)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return false;
      await executor.deleteFrom('grants').where('organization', '=', organization).where('server', '=', id).execute();
      return true;
    },

    async setStatus(organization, id, { status, reason, fix, checkedAt }) {
      await executor
        .updateTable('servers')
        .set({ status, status_reason: reason, status_fix: fix, checked_at: dateOrNull(checkedAt) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .execute();
    },

    async versions(organization, server) {
      const rows = await executor
        .selectFrom('server_versions')
        .selectAll()
        .where('organization', '=', organization)
        .where('server', '=', server)
        .orderBy('number', 'desc')
        .execute();
      return rows.map(toVersion);
    },

    async version(organization, id) {
      const row = await executor
        .selectFrom('server_versions')
        .selectAll()
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? toVersion(row) : null;
    },

    async replaceTools(organization, server, { version, listedAt, tools }) {
      const listing = { version, listed_at: new Date(listedAt) };
      await executor
        .insertInto('server_listings')
        .values({ organization, server, ...listing })
        .onConflict((conflict) => conflict.column('server').doUpdateSet(listing))
        .execute();
      await executor.deleteFrom('server_tools').where('server', '=', server).execute();
      const names = tools.map((tool) => storable(tool.name));
      const definitions = tools.map((tool) => JSON.stringify(tool.definition));
      const seen = tools.map((tool) => fingerprintOf(tool.definition));
      await sql`
        insert into server_tools (server, version, position, name, definition, fingerprint)
        select ${server}, ${version}, position, name, definition, fingerprint
        from unnest(${names}::text[], ${definitions}::json[], ${seen}::text[])
          with ordinality as tool (name, definition, fingerprint, position)
      `.execute(executor);
      await createToolDefinitionsStore(executor).seen(organization, server, listedAt, tools);
    },

    async tools(organization, server) {
      const listing = await executor
        .selectFrom('server_listings')
        .selectAll()
        .where('organization', '=', organization)
        .where('server', '=', server)
        .executeTakeFirst();
      if (!listing) return null;
      const tools = await executor
        .selectFrom('server_tools')
        .select(['name', 'definition'])
        .where('server', '=', server)
        .orderBy('position')
        .execute();
      return { version: listing.version, listedAt: listing.listed_at.getTime(), tools };
    },
  };
}

type ServerRow = Selectable<Schema['servers']> & {
  number: number | null;
  summary: TransportSummary | null;
  isolation: Isolation | null;
  processes: PartialProcessRules | null;
  tools: number | null;
};

function toServer(row: ServerRow): Server {
  const { current_version: id, number, summary, isolation } = row;
  const processes = completeRules(row.processes ?? {});
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    enabled: row.enabled,
    current: id && number !== null && summary && isolation ? { id, number, summary, isolation, processes } : null,
    status: row.status,
    reason: row.status_reason,
    fix: row.status_fix,
    checkedAt: row.checked_at?.getTime() ?? null,
    tools: row.tools ?? 0,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
    retiredAt: row.retired_at?.getTime() ?? null,
  };
}

function toVersion(row: Selectable<Schema['server_versions']>): ServerVersion {
  return {
    id: row.id,
    organization: row.organization,
    server: row.server,
    number: row.number,
    definition: { key: row.definition_key, sealed: row.definition },
    summary: row.summary,
    isolation: row.isolation,
    processes: completeRules(row.processes),
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    approvedBy: row.approved_by,
    approvedAt: row.approved_at?.getTime() ?? null,
  };
}
