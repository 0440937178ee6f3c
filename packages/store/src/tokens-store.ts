// Personal tokens. Their value is shown once by whoever makes them; here lies only its hash.
import type { MemberId, OrganizationId, TokenId } from '@mcpvault/domain/ids';
import type { KeyScope } from '@mcpvault/domain/identity/key-scope';
import { type Selectable, sql } from 'kysely';
import { dateOrNull, dates } from './dates.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface Token {
  readonly id: TokenId;
  readonly organization: OrganizationId;
  readonly member: { readonly id: MemberId; readonly email: string };
  readonly name: string;
  /** The visible first characters. */
  readonly prefix: string;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
  /** What it was narrowed to; null where it may do all that its member may. */
  readonly scope: KeyScope | null;
  /** The one that took its place when it was rotated. */
  readonly replacedBy: TokenId | null;
}

export interface NewToken {
  readonly id: TokenId;
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly name: string;
  readonly prefix: string;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly scope?: KeyScope | null;
  /** Who made it, where that is not its member. */
  readonly createdBy?: MemberId | null;
}

export interface TokensStore {
  /** Throws `not_found` when the member is not of this organization. */
  create(token: NewToken): Promise<void>;
  /** Over all organizations. Revoked and expired ones too: whoever asks judges. Its member may be disabled, never removed. */
  byHash(hash: Buffer): Promise<Token | null>;
  byId(organization: OrganizationId, id: TokenId): Promise<Token | null>;
  /** Of one member, or of all when left out. */
  list(
    organization: OrganizationId,
    page: PageRequest & { readonly member?: MemberId | undefined },
  ): Promise<Page<Token>>;
  /** Notes which token takes its place, and when it ends itself. False when there is none such, or it has one already. */
  replace(organization: OrganizationId, id: TokenId, by: TokenId, expiresAt: number): Promise<boolean>;
  /** False when there is no such token or it was revoked before. */
  revoke(organization: OrganizationId, id: TokenId, at: number): Promise<boolean>;
  /** Ids of the tokens that were good until now. */
  revokeAllOf(organization: OrganizationId, member: MemberId, at: number): Promise<readonly TokenId[]>;
  /** Remembers when tokens were last used; never moves a time back. */
  touch(used: ReadonlyMap<TokenId, number>): Promise<void>;
}

export function createTokensStore(executor: Executor): TokensStore {
  const withMember = () =>
    executor
      .selectFrom('tokens')
      .innerJoin('members', 'members.id', 'tokens.member')
      .selectAll('tokens')
      .select('members.email');

  return {
    async create(token) {
      await executor
        .insertInto('tokens')
        .values({
          id: token.id,
          organization: token.organization,
          member: token.member,
          name: token.name,
          prefix: token.prefix,
          hash: token.hash,
          created_at: new Date(token.createdAt),
          expires_at: dateOrNull(token.expiresAt),
          scope: token.scope ? JSON.stringify(token.scope) : null,
          created_by: token.createdBy ?? null,
        })
        .execute();
    },

    async byHash(hash) {
      const row = await withMember().where('tokens.hash', '=', hash).executeTakeFirst();
      return row ? toToken(row) : null;
    },

    async byId(organization, id) {
      const row = await withMember()
        .where('tokens.organization', '=', organization)
        .where('tokens.id', '=', id)
        .executeTakeFirst();
      return row ? toToken(row) : null;
    },

    async list(organization, request) {
      const page = openPage(request);
      const { member } = request;
      let query = withMember().where('tokens.organization', '=', organization);
      if (member !== undefined) query = query.where('tokens.member', '=', member);
      const rows = await query
        .where(page.after('tokens.created_at', 'tokens.id'))
        .orderBy('tokens.created_at', 'desc')
        .orderBy('tokens.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toToken);
    },

    async replace(organization, id, by, expiresAt) {
      const result = await executor
        .updateTable('tokens')
        .set({ replaced_by: by, expires_at: new Date(expiresAt) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('replaced_by', 'is', null)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async revoke(organization, id, at) {
      const result = await executor
        .updateTable('tokens')
        .set({ revoked_at: new Date(at) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async revokeAllOf(organization, member, at) {
      const rows = await executor
        .updateTable('tokens')
        .set({ revoked_at: new Date(at) })
        .where('organization', '=', organization)
        .where('member', '=', member)
        .where('revoked_at', 'is', null)
        .returning('id')
        .execute();
      return rows.map((row) => row.id);
    },

    async touch(used) {
      await sql`
        update tokens set last_used_at = greatest(tokens.last_used_at, used.at)
        from unnest(${[...used.keys()]}::text[], ${dates(used.values())}::timestamptz[]) as used (id, at)
        where tokens.id = used.id`.execute(executor);
    },
  };
}

type TokenRow = Omit<Selectable<Schema['tokens']>, 'hash'> & { readonly email: string };

function toToken(row: TokenRow): Token {
  return {
    id: row.id,
    organization: row.organization,
    member: { id: row.member, email: row.email },
    name: row.name,
    prefix: row.prefix,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at?.getTime() ?? null,
    lastUsedAt: row.last_used_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
    scope: row.scope,
    replacedBy: row.replaced_by,
  };
}
