// Second factors: at most one authenticator per member, and the recovery codes that stand in for it and for passkeys. What a
// code proves is used up with it: no code works twice, however many ask at once.
import type { MemberId } from '@mcpvault/domain/ids';
import type { Executor } from './schema.ts';

export interface SealedSecret {
  /** Id of the data key. */
  readonly key: string;
  readonly sealed: Buffer;
}

export interface SecondFactor extends SealedSecret {
  /** False until the member has shown that their authenticator works; until then it is not asked for. */
  readonly isConfirmed: boolean;
}

export interface SecondFactorsStore {
  of(member: MemberId): Promise<SecondFactor | null>;
  /** Begins anew unless one is confirmed already; false then. */
  begin(member: MemberId, secret: SealedSecret, at: number): Promise<boolean>;
  confirm(member: MemberId, at: number): Promise<void>;
  /** Hashes of the codes, instead of those there were. */
  setRecoveryCodes(member: MemberId, codes: readonly Buffer[]): Promise<void>;
  /** Uses up a time step of the authenticator; false when it, or a later one, was used before. */
  useStep(member: MemberId, step: number): Promise<boolean>;
  /** Uses up a recovery code; false when there is no such code. */
  useRecoveryCode(member: MemberId, hash: Buffer): Promise<boolean>;
  recoveryCodesLeft(member: MemberId): Promise<number>;
  /** The authenticator; recovery codes stay. False when there was none. */
  remove(member: MemberId): Promise<boolean>;
}

export function createSecondFactorsStore(executor: Executor): SecondFactorsStore {
  return {
    async of(member) {
      const row = await executor
        .selectFrom('second_factors')
        .selectAll()
        .where('member', '=', member)
        .executeTakeFirst();
      return row ? { key: row.secret_key, sealed: row.secret, isConfirmed: row.confirmed_at !== null } : null;
    },

    async begin(member, { key, sealed }, at) {
      const fresh = { secret: sealed, secret_key: key, created_at: new Date(at), confirmed_at: null, last_step: 0 };
      const result = await executor
        .insertInto('second_factors')
        .values({ member, ...fresh })
        .onConflict((conflict) =>
          conflict.column('member').doUpdateSet(fresh).where('second_factors.confirmed_at', 'is', null),
        )
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    async confirm(member, at) {
      await executor
        .updateTable('second_factors')
        .set({ confirmed_at: new Date(at) })
        .where('member', '=', member)
        .execute();
    },

    async setRecoveryCodes(member, codes) {
      await executor.deleteFrom('recovery_codes').where('member', '=', member).execute();
      if (codes.length === 0) return;
      await executor
        .insertInto('recovery_codes')
        .values(codes.map((hash) => ({ member, hash })))
        .execute();
    },

    async useStep(member, step) {
      const result = await executor
        .updateTable('second_factors')
        .set({ last_step: step })
        .where('member', '=', member)
        .where('last_step', '<', step)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async useRecoveryCode(member, hash) {
      const result = await executor
        .deleteFrom('recovery_codes')
        .where('member', '=', member)
        .where('hash', '=', hash)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },

    async recoveryCodesLeft(member) {
      const row = await executor
        .selectFrom('recovery_codes')
        .select((eb) => eb.fn.countAll<number>().as('codes'))
        .where('member', '=', member)
        .executeTakeFirstOrThrow();
      return row.codes;
    },

    async remove(member) {
      const result = await executor.deleteFrom('second_factors').where('member', '=', member).executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}
