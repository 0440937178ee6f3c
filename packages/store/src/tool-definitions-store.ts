// Definitions of tools as servers gave them, and what an admin made of each. What a server said when it was listed first counts
// as approved, since it was added then; whatever it says differently later waits for somebody to look.
import { fingerprintOf } from '@mcpvault/domain/catalog/fingerprint';
import type { MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';
import { storable } from './storable.ts';

export type Definition = Readonly<Record<string, unknown>>;

export interface ListedTool {
  readonly name: string;
  readonly definition: Definition;
}

/** A tool of the last listing. */
export interface ToolReview {
  readonly name: string;
  readonly fingerprint: string;
  /** null where nobody looked yet. */
  readonly review: 'approved' | 'rejected' | null;
  /** Milliseconds since the epoch: since when it is described so. */
  readonly firstSeen: number;
  /** What was approved last under this name, where that is another definition. */
  readonly approved: Definition | null;
}

export interface ToolDefinitionsStore {
  /** Keeps what was not seen before. */
  seen(organization: OrganizationId, server: ServerId, at: number, tools: readonly ListedTool[]): Promise<void>;
  /** Whether each was seen in a listing of this server, under whatever name. */
  allSeen(organization: OrganizationId, server: ServerId, fingerprints: readonly string[]): Promise<boolean>;
  reviews(organization: OrganizationId, server: ServerId): Promise<readonly ToolReview[]>;
  /** False where that definition was never seen. */
  review(
    organization: OrganizationId,
    server: ServerId,
    about: { readonly name: string; readonly fingerprint: string; readonly review: 'approved' | 'rejected' },
    by: MemberId,
    at: number,
  ): Promise<boolean>;
}

/** Of one tool, that nobody looked at; a server that says something else each time does not fill the database. */
const mostUnseen = 20;

export function createToolDefinitionsStore(executor: Executor): ToolDefinitionsStore {
  return {
    async seen(organization, server, at, tools) {
      const names = tools.map((tool) => storable(tool.name));
      const definitions = tools.map((tool) => JSON.stringify(tool.definition));
      const fingerprints = tools.map((tool) => fingerprintOf(tool.definition));
      const listedAt = new Date(at);
      await sql`
        insert into tool_definitions (organization, server, name, fingerprint, first_seen_at, definition, review)
        select distinct on (name, fingerprint) ${organization}, ${server}, name, fingerprint, ${listedAt}::timestamptz,
          definition, case when exists (select from tool_definitions where server = ${server}) then null else 'approved' end
        from unnest(${names}::text[], ${definitions}::json[], ${fingerprints}::text[]) as tool (name, definition, fingerprint)
        on conflict (server, name, fingerprint) do update set definition = excluded.definition
          where tool_definitions.definition is null
      `.execute(executor);
      await sql`
        delete from tool_definitions using (
          select name, fingerprint, row_number() over (partition by name order by first_seen_at desc, fingerprint) as place
          from tool_definitions where server = ${server} and review is null and name = any(${names}::text[])
        ) as old
        where tool_definitions.server = ${server} and tool_definitions.name = old.name
          and tool_definitions.fingerprint = old.fingerprint and old.place > ${mostUnseen}
      `.execute(executor);
    },
    async allSeen(organization, server, fingerprints) {
      const wanted = [...new Set(fingerprints)];
      if (wanted.length === 0) return true;
      const { rows } = await sql<{ known: number }>`
        select count(distinct fingerprint)::int as known from tool_definitions
        where organization = ${organization} and server = ${server} and fingerprint = any(${wanted}::text[])
      `.execute(executor);
      return rows[0]?.known === wanted.length;
    },
    async reviews(organization, server) {
      const { rows } = await sql<{
        name: string;
        fingerprint: string;
        review: ToolReview['review'];
        first_seen_at: Date;
        approved: Definition | null;
      }>`
        select seen.name, seen.fingerprint, seen.review, seen.first_seen_at, approved.definition as approved
        from server_tools
        join tool_definitions seen using (server, name, fingerprint)
        left join lateral (
          select definition from tool_definitions other
          where other.server = seen.server and other.name = seen.name and other.fingerprint <> seen.fingerprint
            and other.review = 'approved' and seen.review is distinct from 'approved'
          order by coalesce(other.reviewed_at, other.first_seen_at) desc limit 1
        ) approved on true
        where seen.organization = ${organization} and seen.server = ${server}
        order by server_tools.position
      `.execute(executor);
      return rows.map(({ first_seen_at, ...row }) => ({ ...row, firstSeen: first_seen_at.getTime() }));
    },
    async review(organization, server, { name, fingerprint, review }, by, at) {
      const result = await executor
        .updateTable('tool_definitions')
        .set({ review, reviewed_by: by, reviewed_at: new Date(at) })
        .where('organization', '=', organization)
        .where('server', '=', server)
        .where('name', '=', name)
        .where('fingerprint', '=', fingerprint)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}
