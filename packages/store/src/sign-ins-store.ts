// A sign-in is a family of opaque tokens: short access tokens, and refresh tokens of which each is good once. Who shows a
// used refresh token again ends the whole family: either it was stolen, or its thief came first. One exception, once and for
// seconds: whoever shows the last used one while nobody has shown its successor gets another successor in its place.
import type { IdentityProviderId, MemberId, OrganizationId, SignInId } from '@mcpvault/domain/ids';
import type { SignInMethod } from '@mcpvault/domain/identity/sign-in-method';
import { type Selectable, sql } from 'kysely';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface SignIn {
  readonly id: SignInId;
  readonly organization: OrganizationId;
  readonly member: MemberId;
  /** What the member signed in with, as it calls itself. */
  readonly client: string;
  readonly createdAt: number;
  /** No refreshing past this time. */
  readonly expiresAt: number;
  readonly method: SignInMethod;
  /** Where they proved who they are; null where that was here. */
  readonly provider: IdentityProviderId | null;
  /** How the provider calls this sign-in. */
  readonly providerSession: string | null;
  /** Whether a second factor was shown, here or there. */
  readonly secondFactor: boolean;
}

/** A token by the SHA-256 of its value. */
export interface HashedToken {
  readonly hash: Buffer;
  readonly expiresAt: number;
}

export interface TokenPair {
  readonly access: HashedToken;
  readonly refresh: HashedToken;
}

/** `reused` has already ended the sign-in: let the transaction commit before answering. */
export type Rotation =
  | { readonly result: 'rotated'; readonly signIn: SignIn }
  /** In place of an answer that was lost: what was answered then has stopped working. */
  | { readonly result: 'replaced'; readonly signIn: SignIn }
  | { readonly result: 'reused'; readonly signIn: SignIn }
  | { readonly result: 'unknown' };

export type FromProvider = { readonly session: string } | { readonly member: MemberId } | 'all';

export interface SignInsStore {
  start(signIn: SignIn, tokens: TokenPair): Promise<void>;
  /** The sign-in that a still valid access token belongs to; null when it is unknown, expired or its sign-in ended. */
  byAccess(hash: Buffer, now: number): Promise<(SignIn & { readonly accessExpiresAt: number }) | null>;
  /**
   * Takes a refresh token and gives the sign-in a new pair. Expired ones read as `unknown`. Never throws for a bad token,
   * so that ending the family is not rolled back. `grace`: milliseconds in which the last used one is good once more.
   */
  rotate(refreshHash: Buffer, next: TokenPair, now: number, grace?: number): Promise<Rotation>;
  /** The sign-in of a refresh token that may still be used, without using it. */
  byRefresh(hash: Buffer, now: number): Promise<SignIn | null>;
  /** null when there is none such or it has ended. */
  byId(organization: OrganizationId, id: SignInId, now: number): Promise<SignIn | null>;
  /** Those of the member that have not ended, newest first. */
  list(organization: OrganizationId, member: MemberId, now: number, page: PageRequest): Promise<Page<SignIn>>;
  /** False when there is none such or it had ended. */
  revoke(organization: OrganizationId, id: SignInId, at: number): Promise<boolean>;
  /** Ends those that began at the provider: the ones it calls so, or all of a member, or all; their ids. */
  revokeFrom(provider: IdentityProviderId, which: FromProvider, at: number): Promise<readonly SignInId[]>;
  /** Ids of the sign-ins it ended, of all the member's but `except`. */
  revokeAllOf(
    organization: OrganizationId,
    member: MemberId,
    at: number,
    except?: SignInId,
  ): Promise<readonly SignInId[]>;
  /** Forgets what expired before `before`; how many sign-ins that were. */
  sweep(before: number): Promise<number>;
}

export function createSignInsStore(executor: Executor): SignInsStore {
  const addTokens = async (signIn: SignInId, { access, refresh }: TokenPair) => {
    await executor
      .insertInto('access_tokens')
      .values({ hash: access.hash, sign_in: signIn, expires_at: new Date(access.expiresAt) })
      .execute();
    await executor
      .insertInto('refresh_tokens')
      .values({ hash: refresh.hash, sign_in: signIn, expires_at: new Date(refresh.expiresAt) })
      .execute();
  };

  /** Uses the successor up where nobody has shown it yet, so that whoever does so later is noticed. */
  const mayReplace = async (
    used: { readonly used_at: Date | null; readonly successor: Buffer | null; readonly graced: boolean },
    since: number,
    now: number,
  ): Promise<boolean> => {
    if (used.graced || used.successor === null || used.used_at === null || used.used_at.getTime() <= since)
      return false;
    const result = await executor
      .updateTable('refresh_tokens')
      .set({ used_at: new Date(now), graced: true })
      .where('hash', '=', used.successor)
      .where('used_at', 'is', null)
      .executeTakeFirst();
    return result.numUpdatedRows > 0n;
  };

  const alive = (organization: OrganizationId, now: number) =>
    executor
      .selectFrom('sign_ins')
      .selectAll()
      .where('organization', '=', organization)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', new Date(now));

  return {
    async start(signIn, tokens) {
      await executor
        .insertInto('sign_ins')
        .values({
          id: signIn.id,
          organization: signIn.organization,
          member: signIn.member,
          client: signIn.client,
          created_at: new Date(signIn.createdAt),
          expires_at: new Date(signIn.expiresAt),
          method: signIn.method,
          provider: signIn.provider,
          provider_session: signIn.providerSession,
          second_factor: signIn.secondFactor,
        })
        .execute();
      await addTokens(signIn.id, tokens);
    },

    async byAccess(hash, now) {
      const row = await executor
        .selectFrom('access_tokens')
        .innerJoin('sign_ins', 'sign_ins.id', 'access_tokens.sign_in')
        .selectAll('sign_ins')
        .select('access_tokens.expires_at as access_expires_at')
        .where('access_tokens.hash', '=', hash)
        .where('access_tokens.expires_at', '>', new Date(now))
        .where('sign_ins.revoked_at', 'is', null)
        .executeTakeFirst();
      return row ? { ...toSignIn(row), accessExpiresAt: row.access_expires_at.getTime() } : null;
    },

    async byRefresh(hash, now) {
      const row = await executor
        .selectFrom('refresh_tokens')
        .innerJoin('sign_ins', 'sign_ins.id', 'refresh_tokens.sign_in')
        .selectAll('sign_ins')
        .where('refresh_tokens.hash', '=', hash)
        .where('sign_ins.revoked_at', 'is', null)
        .where('sign_ins.expires_at', '>', new Date(now))
        .executeTakeFirst();
      return row ? toSignIn(row) : null;
    },

    async rotate(refreshHash, next, now, grace = 0) {
      const held = await executor
        .selectFrom('refresh_tokens')
        .innerJoin('sign_ins', 'sign_ins.id', 'refresh_tokens.sign_in')
        .selectAll('sign_ins')
        .select([
          'refresh_tokens.used_at',
          'refresh_tokens.expires_at as token_expires_at',
          'refresh_tokens.successor',
          'refresh_tokens.graced',
        ])
        .where('refresh_tokens.hash', '=', refreshHash)
        .forUpdate()
        .executeTakeFirst();
      if (!held || held.revoked_at !== null) return { result: 'unknown' };
      const signIn = toSignIn(held);
      const wasUsed = held.used_at !== null;
      if (wasUsed && !(await mayReplace(held, now - grace, now))) {
        await this.revoke(signIn.organization, signIn.id, now);
        return { result: 'reused', signIn };
      }
      if (Math.min(held.token_expires_at.getTime(), signIn.expiresAt) <= now) return { result: 'unknown' };
      await executor
        .updateTable('refresh_tokens')
        .set({ used_at: held.used_at ?? new Date(now), successor: next.refresh.hash, graced: wasUsed })
        .where('hash', '=', refreshHash)
        .execute();
      if (wasUsed) await executor.deleteFrom('access_tokens').where('sign_in', '=', signIn.id).execute();
      await addTokens(signIn.id, next);
      return { result: wasUsed ? 'replaced' : 'rotated', signIn };
    },

    async byId(organization, id, now) {
      const row = await alive(organization, now).where('id', '=', id).executeTakeFirst();
      return row ? toSignIn(row) : null;
    },

    async list(organization, member, now, request) {
      const page = openPage(request);
      const rows = await alive(organization, now)
        .where('member', '=', member)
        .where(page.after('created_at', 'id'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toSignIn);
    },

    async revoke(organization, id, at) {
      const result = await executor
        .updateTable('sign_ins')
        .set({ revoked_at: new Date(at) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async revokeFrom(provider, which, at) {
      let query = executor
        .updateTable('sign_ins')
        .set({ revoked_at: new Date(at) })
        .where('provider', '=', provider)
        .where('revoked_at', 'is', null);
      if (which !== 'all') {
        query =
          'session' in which
            ? query.where('provider_session', '=', which.session)
            : query.where('member', '=', which.member);
      }
      const rows = await query.returning('id').execute();
      return rows.map((row) => row.id);
    },

    async revokeAllOf(organization, member, at, except) {
      const rows = await executor
        .updateTable('sign_ins')
        .set({ revoked_at: new Date(at) })
        .where('organization', '=', organization)
        .where('member', '=', member)
        .where('revoked_at', 'is', null)
        .where(sql<boolean>`id is distinct from ${except ?? null}`)
        .returning('id')
        .execute();
      return rows.map((row) => row.id);
    },

    async sweep(before) {
      const time = new Date(before);
      await executor.deleteFrom('access_tokens').where('expires_at', '<', time).execute();
      const result = await executor
        .deleteFrom('sign_ins')
        .where((eb) => eb.or([eb('expires_at', '<', time), eb('revoked_at', '<', time)]))
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },
  };
}

function toSignIn(row: Selectable<Schema['sign_ins']>): SignIn {
  return {
    id: row.id,
    organization: row.organization,
    member: row.member,
    client: row.client,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    method: row.method,
    provider: row.provider,
    providerSession: row.provider_session,
    secondFactor: row.second_factor,
  };
}
