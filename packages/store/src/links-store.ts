// One-time links: setting the hub up, accepting an invitation, choosing a new password. Only the hash of what the link
// carries is kept.
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Selectable } from 'kysely';
import type { Executor, Schema } from './schema.ts';

export type LinkPurpose = 'setup' | 'invite' | 'reset';

export interface OneTimeLink {
  /** SHA-256 of the link's secret. */
  readonly hash: Buffer;
  /** null on a setup link, which comes before there is an organization or a member. */
  readonly organization: OrganizationId | null;
  readonly member: MemberId | null;
  readonly purpose: LinkPurpose;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface LinksStore {
  create(link: OneTimeLink): Promise<void>;
  /** The link if it is still good: known, unused, not expired. */
  find(hash: Buffer, now: number): Promise<OneTimeLink | null>;
  /** The same, and marks it used: of two who use it at once, one gets null. */
  use(hash: Buffer, now: number): Promise<OneTimeLink | null>;
  /** Makes every unused link of the member worthless. */
  revokeOf(organization: OrganizationId, member: MemberId): Promise<void>;
  /** Makes every unused setup link worthless. */
  revokeSetup(): Promise<void>;
}

export function createLinksStore(executor: Executor): LinksStore {
  return {
    async create(link) {
      await executor
        .insertInto('one_time_links')
        .values({
          hash: link.hash,
          organization: link.organization,
          member: link.member,
          purpose: link.purpose,
          created_at: new Date(link.createdAt),
          expires_at: new Date(link.expiresAt),
        })
        .execute();
    },

    async find(hash, now) {
      const row = await executor
        .selectFrom('one_time_links')
        .selectAll()
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', new Date(now))
        .executeTakeFirst();
      return row ? toLink(row) : null;
    },

    async use(hash, now) {
      const row = await executor
        .updateTable('one_time_links')
        .set({ used_at: new Date(now) })
        .where('hash', '=', hash)
        .where('used_at', 'is', null)
        .where('expires_at', '>', new Date(now))
        .returningAll()
        .executeTakeFirst();
      return row ? toLink(row) : null;
    },

    async revokeOf(organization, member) {
      await executor
        .deleteFrom('one_time_links')
        .where('organization', '=', organization)
        .where('member', '=', member)
        .where('used_at', 'is', null)
        .execute();
    },

    async revokeSetup() {
      await executor.deleteFrom('one_time_links').where('purpose', '=', 'setup').where('used_at', 'is', null).execute();
    },
  };
}

function toLink(row: Selectable<Schema['one_time_links']>): OneTimeLink {
  return {
    hash: row.hash,
    organization: row.organization,
    member: row.member,
    purpose: row.purpose,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
  };
}
