// Keys with which computers enrol where nobody signs in. Each is good for so many enrolments, until a day.
import type { EnrolmentKeyId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import { openPage, type Page, type PageRequest } from '../page.ts';
import type { Executor, Schema } from '../schema.ts';

export interface EnrolmentKey {
  readonly id: EnrolmentKeyId;
  readonly organization: OrganizationId;
  readonly name: string;
  /** The visible first characters. */
  readonly prefix: string;
  /** Whose workstations it makes; null: whoever installs says so. */
  readonly member: { readonly id: MemberId; readonly email: string } | null;
  readonly uses: number;
  readonly usesAtMost: number;
  readonly createdBy: MemberId;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface NewEnrolmentKey
  extends Pick<
    EnrolmentKey,
    'id' | 'organization' | 'name' | 'prefix' | 'usesAtMost' | 'createdBy' | 'createdAt' | 'expiresAt'
  > {
  readonly member: MemberId | null;
  /** SHA-256 of the key. */
  readonly hash: Buffer;
}

export interface UsedKey extends Pick<EnrolmentKey, 'id' | 'organization' | 'name'> {
  readonly member: MemberId | null;
}

export interface EnrolmentKeysStore {
  create(key: NewEnrolmentKey): Promise<void>;
  /** Over all organizations: counts one use of a key that is good. null: there is none such, or it is used up or over. */
  use(hash: Buffer, at: number): Promise<UsedKey | null>;
  byId(organization: OrganizationId, id: EnrolmentKeyId): Promise<EnrolmentKey | null>;
  /** Newest first. */
  list(organization: OrganizationId, page: PageRequest): Promise<Page<EnrolmentKey>>;
  /** False when there is none such, or it was revoked before. */
  revoke(organization: OrganizationId, id: EnrolmentKeyId, at: number): Promise<boolean>;
}

export function createEnrolmentKeysStore(executor: Executor): EnrolmentKeysStore {
  const whole = (organization: OrganizationId) =>
    executor
      .selectFrom('enrolment_keys')
      .leftJoin('members', 'members.id', 'enrolment_keys.member')
      .selectAll('enrolment_keys')
      .select('members.email as member_email')
      .where('enrolment_keys.organization', '=', organization);

  return {
    async create({ id, organization, name, prefix, hash, member, usesAtMost, createdBy, createdAt, expiresAt }) {
      await executor
        .insertInto('enrolment_keys')
        .values({
          ...{ id, organization, name, prefix, hash, member },
          uses_at_most: usesAtMost,
          created_by: createdBy,
          created_at: new Date(createdAt),
          expires_at: new Date(expiresAt),
        })
        .execute();
    },

    async use(hash, at) {
      const now = new Date(at);
      const row = await executor
        .updateTable('enrolment_keys')
        .set({ uses: sql`uses + 1`, last_used_at: now })
        .where('hash', '=', hash)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .where(sql<boolean>`uses < uses_at_most`)
        .returning(['id', 'organization', 'name', 'member'])
        .executeTakeFirst();
      return row ?? null;
    },

    async byId(organization, id) {
      const row = await whole(organization).where('enrolment_keys.id', '=', id).executeTakeFirst();
      return row ? toKey(row) : null;
    },

    async list(organization, request) {
      const page = openPage(request);
      const rows = await whole(organization)
        .where(page.after('enrolment_keys.created_at', 'enrolment_keys.id'))
        .orderBy('enrolment_keys.created_at', 'desc')
        .orderBy('enrolment_keys.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toKey);
    },

    async revoke(organization, id, at) {
      const result = await executor
        .updateTable('enrolment_keys')
        .set({ revoked_at: new Date(at) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

function toKey(row: Selectable<Schema['enrolment_keys']> & { readonly member_email: string | null }): EnrolmentKey {
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    prefix: row.prefix,
    member: row.member === null ? null : { id: row.member, email: row.member_email ?? '' },
    uses: row.uses,
    usesAtMost: row.uses_at_most,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    lastUsedAt: row.last_used_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
  };
}
