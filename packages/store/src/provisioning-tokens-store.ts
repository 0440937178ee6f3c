// What identity providers sign in with to provision members and teams. Only hashes lie here, as of all credentials.
import type { MemberId, OrganizationId, ProvisioningTokenId } from '@mcpvault/domain/ids';
import type { Selectable } from 'kysely';
import { dateOrNull } from './dates.ts';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Executor, Schema } from './schema.ts';

export interface ProvisioningToken {
  readonly id: ProvisioningTokenId;
  readonly organization: OrganizationId;
  readonly name: string;
  /** The visible first characters. */
  readonly prefix: string;
  readonly createdBy: MemberId;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly revokedAt: number | null;
}

export interface NewProvisioningToken {
  readonly id: ProvisioningTokenId;
  readonly organization: OrganizationId;
  readonly name: string;
  readonly prefix: string;
  /** SHA-256 of the token. */
  readonly hash: Buffer;
  readonly createdBy: MemberId;
  readonly createdAt: number;
  readonly expiresAt: number | null;
}

export interface ProvisioningTokensStore {
  create(token: NewProvisioningToken): Promise<void>;
  /** Over all organizations but suspended ones. Revoked and expired ones too: whoever asks judges. */
  byHash(hash: Buffer): Promise<ProvisioningToken | null>;
  byId(organization: OrganizationId, id: ProvisioningTokenId): Promise<ProvisioningToken | null>;
  /** Newest first. */
  list(organization: OrganizationId, page: PageRequest): Promise<Page<ProvisioningToken>>;
  /** False when there is none such or it was revoked before. */
  revoke(organization: OrganizationId, id: ProvisioningTokenId, at: number): Promise<boolean>;
  touch(id: ProvisioningTokenId, at: number): Promise<void>;
}

export function createProvisioningTokensStore(executor: Executor): ProvisioningTokensStore {
  return {
    async create({ id, organization, name, prefix, hash, createdBy, createdAt, expiresAt }) {
      await executor
        .insertInto('provisioning_tokens')
        .values({
          ...{ id, organization, name, prefix, hash },
          created_by: createdBy,
          created_at: new Date(createdAt),
          expires_at: dateOrNull(expiresAt),
        })
        .execute();
    },

    async byHash(hash) {
      const row = await executor
        .selectFrom('provisioning_tokens')
        .innerJoin('organizations', 'organizations.id', 'provisioning_tokens.organization')
        .selectAll('provisioning_tokens')
        .where('hash', '=', hash)
        .where('organizations.suspended_at', 'is', null)
        .executeTakeFirst();
      return row ? toToken(row) : null;
    },

    async byId(organization, id) {
      const row = await executor
        .selectFrom('provisioning_tokens')
        .selectAll()
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? toToken(row) : null;
    },

    async list(organization, request) {
      const page = openPage(request);
      const rows = await executor
        .selectFrom('provisioning_tokens')
        .selectAll()
        .where('organization', '=', organization)
        .where(page.after('created_at', 'id'))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toToken);
    },

    async revoke(organization, id, at) {
      const result = await executor
        .updateTable('provisioning_tokens')
        .set({ revoked_at: new Date(at) })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    async touch(id, at) {
      await executor
        .updateTable('provisioning_tokens')
        .set({ last_used_at: new Date(at) })
        .where('id', '=', id)
        .execute();
    },
  };
}

function toToken(row: Selectable<Schema['provisioning_tokens']>): ProvisioningToken {
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    prefix: row.prefix,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at?.getTime() ?? null,
    lastUsedAt: row.last_used_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
  };
}
