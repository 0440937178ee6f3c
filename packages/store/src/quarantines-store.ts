// What is shut away: tools and conversations that nobody may use, tokens and members that may use nothing, until somebody
// looked or until their time is over.
import type {
  ConnectedClientId,
  Id,
  MemberId,
  OrganizationId,
  PolicyId,
  ServerId,
  TokenId,
} from '@mcpvault/domain/ids';
import type { QuarantineWhat } from '@mcpvault/domain/policy/action';
import { type Selectable, type SqlBool, sql } from 'kysely';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export type QuarantineId = Id<'qua'>;

export interface Quarantine {
  readonly id: QuarantineId;
  readonly organization: OrganizationId;
  readonly what: QuarantineWhat;
  readonly server: ServerId | null;
  readonly tool: string | null;
  /** What stands for the conversation on the hub that shut it away. */
  readonly conversation: string | null;
  /** Of a token: that token, or the client that was let in. */
  readonly credential: TokenId | ConnectedClientId | null;
  /** Whose message it was; of what is suspended, who or whose token. */
  readonly member: MemberId;
  /** null where somebody did it by hand. */
  readonly policy: PolicyId | null;
  readonly reason: string;
  readonly createdAt: number;
  /** null: until it is lifted. */
  readonly until: number | null;
  readonly liftedAt: number | null;
}

export interface QuarantinesStore {
  create(quarantine: Quarantine): Promise<void>;
  list(organization: OrganizationId, page: PageRequest): Promise<Page<Quarantine>>;
  /** Those that hold at this moment. */
  holding(organization: OrganizationId): Promise<readonly Quarantine[]>;
  /** False when there is none that holds. */
  lift(organization: OrganizationId, id: QuarantineId, by: MemberId, at: number): Promise<boolean>;
}

export function createQuarantinesStore(executor: Executor): QuarantinesStore {
  return {
    async create({ createdAt, until, liftedAt: _, ...quarantine }) {
      await executor
        .insertInto('quarantines')
        .values({
          ...quarantine,
          created_at: new Date(createdAt),
          until: until === null ? null : new Date(until),
          lifted_at: null,
          lifted_by: null,
        })
        .execute();
    },
    async list(organization, request) {
      const page = openPage(request);
      const rows = await executor
        .selectFrom('quarantines')
        .selectAll()
        .where('organization', '=', organization)
        .where(page.after('created_at', 'id'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toQuarantine);
    },
    async holding(organization) {
      const rows = await executor
        .selectFrom('quarantines')
        .selectAll()
        .where('organization', '=', organization)
        .where('lifted_at', 'is', null)
        .where((or) => or.or([or('until', 'is', null), sql<SqlBool>`until > now()`]))
        .execute();
      return rows.map(toQuarantine);
    },
    async lift(organization, id, by, at) {
      const result = await executor
        .updateTable('quarantines')
        .set({ lifted_at: new Date(at), lifted_by: by })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('lifted_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function toQuarantine({
  created_at,
  until,
  lifted_at,
  lifted_by: _,
  ...row
}: Selectable<Schema['quarantines']>): Quarantine {
  return {
    ...row,
    createdAt: created_at.getTime(),
    until: until?.getTime() ?? null,
    liftedAt: lifted_at?.getTime() ?? null,
  };
}
