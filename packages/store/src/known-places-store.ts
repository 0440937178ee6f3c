// From where members have signed in before, as hashes: who comes from there is not slowed down by what others guess from
// elsewhere.
import type { Executor } from './schema.ts';

export interface KnownPlacesStore {
  isKnown(hash: Buffer, since: number): Promise<boolean>;
  remember(hash: Buffer, at: number): Promise<void>;
  sweep(before: number): Promise<void>;
}

export function createKnownPlacesStore(executor: Executor): KnownPlacesStore {
  return {
    async isKnown(hash, since) {
      const row = await executor
        .selectFrom('known_places')
        .select('hash')
        .where('hash', '=', hash)
        .where('last_used_at', '>', new Date(since))
        .executeTakeFirst();
      return row !== undefined;
    },

    async remember(hash, at) {
      const change = { last_used_at: new Date(at) };
      await executor
        .insertInto('known_places')
        .values({ hash, ...change })
        .onConflict((conflict) => conflict.column('hash').doUpdateSet(change))
        .execute();
    },

    async sweep(before) {
      await executor.deleteFrom('known_places').where('last_used_at', '<', new Date(before)).execute();
    },
  };
}
