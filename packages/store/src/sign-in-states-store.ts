// What is remembered between two steps of a sign-in, for any hub on this database to go on with: by the hash of what the
// browser or the provider brings back, for a few minutes, and good once.
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Executor } from './schema.ts';

/**
 * `provider`: somebody is at their identity provider. `proven`: they came back, and a code is missing. `passkey` and
 * `new-passkey`: a challenge was given out. `ended`: a logout token that was heeded, and is not heeded again. `asserted`: a grant
 * of an identity provider that was used, and is not good again.
 */
export type SignInStatePurpose = 'provider' | 'proven' | 'passkey' | 'new-passkey' | 'ended' | 'asserted';

export interface SignInState {
  readonly hash: Buffer;
  readonly purpose: SignInStatePurpose;
  readonly organization: OrganizationId | null;
  readonly member: MemberId | null;
  /** A small JSON document; secrets in it are sealed. */
  readonly detail: unknown;
  readonly expiresAt: number;
}

export interface SignInStatesStore {
  /** False when one of that hash is kept already. */
  keep(state: SignInState): Promise<boolean>;
  find(hash: Buffer, purpose: SignInStatePurpose, now: number): Promise<SignInState | null>;
  /** The same, and forgets it: of two who take it at once, one gets null. */
  take(hash: Buffer, purpose: SignInStatePurpose, now: number): Promise<SignInState | null>;
  sweep(before: number): Promise<void>;
}

export function createSignInStatesStore(executor: Executor): SignInStatesStore {
  return {
    async keep({ hash, purpose, organization, member, detail, expiresAt }) {
      const values = { hash, purpose, organization, member, detail: JSON.stringify(detail) };
      const result = await executor
        .insertInto('sign_in_states')
        .values({ ...values, expires_at: new Date(expiresAt) })
        .onConflict((conflict) => conflict.column('hash').doNothing())
        .executeTakeFirst();
      return (result.numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    async find(hash, purpose, now) {
      const row = await executor
        .selectFrom('sign_in_states')
        .selectAll()
        .where('hash', '=', hash)
        .where('purpose', '=', purpose)
        .where('expires_at', '>', new Date(now))
        .executeTakeFirst();
      return row ? toState(row) : null;
    },

    async take(hash, purpose, now) {
      const row = await executor
        .deleteFrom('sign_in_states')
        .where('hash', '=', hash)
        .where('purpose', '=', purpose)
        .where('expires_at', '>', new Date(now))
        .returningAll()
        .executeTakeFirst();
      return row ? toState(row) : null;
    },

    async sweep(before) {
      await executor.deleteFrom('sign_in_states').where('expires_at', '<', new Date(before)).execute();
    },
  };
}

interface StateRow extends Pick<SignInState, 'hash' | 'organization' | 'member' | 'detail'> {
  readonly purpose: string;
  readonly expires_at: Date;
}

function toState({ expires_at: expiresAt, purpose, ...row }: StateRow): SignInState {
  return { ...row, purpose: purpose as SignInStatePurpose, expiresAt: expiresAt.getTime() };
}
