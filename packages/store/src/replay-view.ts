// Recorded messages in the order in which they happened, with the sealed blocks that their originals lie in: for whoever runs
// something over the record.
import type { MessageId, OrganizationId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { sql } from 'kysely';
import { toRecord } from './messages-view.ts';
import type { Executor } from './schema.ts';

export interface ReplayRange {
  /** Milliseconds since the epoch; `to` is not part of it. */
  readonly from: number;
  readonly to: number;
}

export interface ReplayPage {
  readonly messages: readonly { readonly record: MessageRecord; readonly block: string }[];
  readonly blocks: ReadonlyMap<string, { readonly key: string; readonly sealed: Buffer }>;
}

export interface ReplayView {
  count(organization: OrganizationId, range: ReplayRange): Promise<number>;
  /** Those behind `after`, oldest first. Blocks named in `known` are not read again. */
  page(
    organization: OrganizationId,
    range: ReplayRange,
    after: { readonly at: number; readonly id: MessageId } | null,
    limit: number,
    known: ReadonlySet<string>,
  ): Promise<ReplayPage>;
}

export function createReplayView(executor: Executor): ReplayView {
  return {
    async count(organization, { from, to }) {
      const found = await executor
        .selectFrom('messages')
        .select((select) => select.fn.countAll<number>().as('count'))
        .where('organization', '=', organization)
        .where('at', '>=', from)
        .where('at', '<', to)
        .executeTakeFirst();
      return Number(found?.count ?? 0);
    },
    async page(organization, { from, to }, after, limit, known) {
      let query = executor
        .selectFrom('messages')
        .selectAll()
        .where('organization', '=', organization)
        .where('at', '>=', from)
        .where('at', '<', to)
        .orderBy('at')
        .orderBy('id')
        .limit(limit);
      if (after !== null) query = query.where(sql<boolean>`(at, id) > (${after.at}, ${after.id})`);
      const rows = await query.execute();
      const wanted = [...new Set(rows.map(({ block }) => block))].filter((block) => !known.has(block));
      const blocks =
        wanted.length === 0
          ? []
          : await executor
              .selectFrom('message_blocks')
              .select(['id', 'key', 'sealed'])
              .where('organization', '=', organization)
              .where('id', 'in', wanted)
              .execute();
      return {
        messages: rows.map((row) => ({ record: toRecord(row), block: row.block })),
        blocks: new Map(blocks.map(({ id, key, sealed }) => [id, { key, sealed }])),
      };
    },
  };
}
