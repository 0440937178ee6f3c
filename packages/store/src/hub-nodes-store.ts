// The hubs that work on this database: each says now and then that it is there, and what is wrong with it.
import type { Executor } from './schema.ts';

/** Something that is wrong with one hub, and with all of its organizations therefore. */
export interface HubTrouble {
  /** Names it among others of the hub. */
  readonly code: string;
  readonly severity: 'medium' | 'high' | 'critical';
  readonly title: string;
  readonly text: string;
  readonly fix: string | null;
}

export interface HubNode {
  /** The same at every start. */
  readonly id: string;
  /** For people: the name of its machine. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly seenAt: number;
  readonly troubles: readonly HubTrouble[];
}

export interface HubNodesStore {
  beat(node: HubNode): Promise<void>;
  /** It stops, in order. */
  leave(id: string): Promise<void>;
  all(): Promise<readonly HubNode[]>;
  /** Those that were not seen since. */
  forget(before: number): Promise<void>;
}

export function createHubNodesStore(executor: Executor): HubNodesStore {
  return {
    async beat({ id, name, startedAt, seenAt, troubles }) {
      const state = {
        ...{ name, started_at: new Date(startedAt), seen_at: new Date(seenAt), troubles: JSON.stringify(troubles) },
      };
      await executor
        .insertInto('hub_nodes')
        .values({ id, ...state })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(state))
        .execute();
    },
    async leave(id) {
      await executor.deleteFrom('hub_nodes').where('id', '=', id).execute();
    },
    async all() {
      const rows = await executor.selectFrom('hub_nodes').selectAll().orderBy('id').execute();
      return rows.map(({ id, name, started_at, seen_at, troubles }) => ({
        ...{ id, name, troubles, startedAt: started_at.getTime(), seenAt: seen_at.getTime() },
      }));
    },
    async forget(before) {
      await executor.deleteFrom('hub_nodes').where('seen_at', '<', new Date(before)).execute();
    },
  };
}
