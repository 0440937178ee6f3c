// What is usual for each caller, and how far the record was read for it.
import type { CallerBaseline } from '@mcpvault/domain/anomaly/caller-baseline';
import type { MemberId, MessageId, OrganizationId } from '@mcpvault/domain/ids';
import type { Executor } from './schema.ts';

/** The last message that was read. */
export interface WatchPosition {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly id: MessageId;
}

export interface BaselinesStore {
  /** Held until the transaction ends, so that two hubs do not read the same; null where nothing was read yet. */
  lockPosition(organization: OrganizationId): Promise<WatchPosition | null>;
  setPosition(organization: OrganizationId, position: WatchPosition): Promise<void>;
  /** Those of these members that there are. */
  of(organization: OrganizationId, members: readonly MemberId[]): Promise<ReadonlyMap<MemberId, CallerBaseline>>;
  /** Members who are gone meanwhile are left out. */
  keep(organization: OrganizationId, baselines: ReadonlyMap<MemberId, CallerBaseline>, at: number): Promise<void>;
}

export function createBaselinesStore(executor: Executor): BaselinesStore {
  return {
    async lockPosition(organization) {
      const row = await executor
        .selectFrom('watch_positions')
        .selectAll()
        .where('organization', '=', organization)
        .forUpdate()
        .executeTakeFirst();
      return row === undefined ? null : { at: row.at.getTime(), id: row.message };
    },
    async setPosition(organization, { at, id }) {
      const position = { at: new Date(at), message: id };
      await executor
        .insertInto('watch_positions')
        .values({ organization, ...position })
        .onConflict((conflict) => conflict.column('organization').doUpdateSet(position))
        .execute();
    },
    async of(organization, members) {
      if (members.length === 0) return new Map();
      const rows = await executor
        .selectFrom('caller_baselines')
        .select(['member', 'baseline'])
        .where('organization', '=', organization)
        .where('member', 'in', members)
        .execute();
      return new Map(rows.map(({ member, baseline }) => [member, baseline]));
    },
    async keep(organization, baselines, at) {
      if (baselines.size === 0) return;
      const there = await executor
        .selectFrom('members')
        .select('id')
        .where('organization', '=', organization)
        .where('id', 'in', [...baselines.keys()])
        .execute();
      for (const { id: member } of there) {
        const kept = { baseline: JSON.stringify(baselines.get(member)), updated_at: new Date(at) };
        await executor
          .insertInto('caller_baselines')
          .values({ organization, member, ...kept })
          .onConflict((conflict) => conflict.columns(['organization', 'member']).doUpdateSet(kept))
          .execute();
      }
    },
  };
}
