// Failed sign-ins, by the hash of the e-mail address that was tried, so that guessing gets slower with each miss. Whether
// anybody has that address makes no difference here.
import { sql } from 'kysely';
import type { Executor } from './schema.ts';

export interface Attempts {
  readonly failures: number;
  readonly lastFailedAt: number;
  /** No attempt is looked at before this time; null when none is asked to wait. */
  readonly blockedUntil: number | null;
}

export interface AttemptsStore {
  of(emailHash: Buffer): Promise<Attempts | null>;
  /**
   * Counts one more failure and answers how many there are now; the count begins anew when the last one lies before
   * `forgetBefore`.
   */
  fail(emailHash: Buffer, at: number, forgetBefore: number): Promise<number>;
  block(emailHash: Buffer, until: number): Promise<void>;
  clear(emailHash: Buffer): Promise<void>;
  /** Forgets addresses whose last failure lies before `before`. */
  sweep(before: number): Promise<void>;
}

export function createAttemptsStore(executor: Executor): AttemptsStore {
  return {
    async of(emailHash) {
      const row = await executor
        .selectFrom('login_attempts')
        .selectAll()
        .where('email_hash', '=', emailHash)
        .executeTakeFirst();
      if (!row) return null;
      return {
        failures: row.failures,
        lastFailedAt: row.last_failed_at.getTime(),
        blockedUntil: row.blocked_until?.getTime() ?? null,
      };
    },

    async fail(emailHash, at, forgetBefore) {
      const row = await executor
        .insertInto('login_attempts')
        .values({ email_hash: emailHash, failures: 1, last_failed_at: new Date(at) })
        .onConflict((conflict) =>
          conflict.column('email_hash').doUpdateSet({
            failures: sql<number>`case when login_attempts.last_failed_at < ${new Date(forgetBefore)} then 1 else login_attempts.failures + 1 end`,
            last_failed_at: new Date(at),
          }),
        )
        .returning('failures')
        .executeTakeFirstOrThrow();
      return row.failures;
    },

    async block(emailHash, until) {
      await executor
        .updateTable('login_attempts')
        .set({ blocked_until: new Date(until) })
        .where('email_hash', '=', emailHash)
        .execute();
    },

    async clear(emailHash) {
      await executor.deleteFrom('login_attempts').where('email_hash', '=', emailHash).execute();
    },

    async sweep(before) {
      await executor.deleteFrom('login_attempts').where('last_failed_at', '<', new Date(before)).execute();
    },
  };
}
