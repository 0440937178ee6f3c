// Identity providers of organizations, the e-mail domains they speak for, and who a member is at which of them. A domain is
// one organization's: the database itself refuses it to a second one.
import type { IdentityProviderId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { ProviderRules } from '@mcpvault/domain/identity/identity-provider';
import type { Selectable } from 'kysely';
import type { Executor, Schema } from './schema.ts';
import type { SealedSecret } from './second-factors-store.ts';

export interface IdentityProvider {
  readonly id: IdentityProviderId;
  readonly organization: OrganizationId;
  /** As people see it, on the button too; unique in the organization. */
  readonly name: string;
  /** Its URL; what it says of itself must say the same, letter for letter. */
  readonly issuer: string;
  readonly clientId: string;
  /** null for a client without a secret of its own. */
  readonly clientSecret: SealedSecret | null;
  readonly enabled: boolean;
  readonly rules: ProviderRules;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** Who a member is at a provider. */
export interface MemberIdentity {
  readonly organization: OrganizationId;
  readonly provider: IdentityProviderId;
  readonly subject: string;
  readonly member: MemberId;
}

export interface IdentityProvidersStore {
  /** Throws `conflict` when the name is taken, `not_found` when a domain belongs to another organization. */
  create(provider: IdentityProvider): Promise<void>;
  /** The same; false when there is none of that id. */
  update(provider: IdentityProvider): Promise<boolean>;
  /** Takes away with it who members are there; false when there is none. */
  remove(organization: OrganizationId, id: IdentityProviderId): Promise<boolean>;
  byId(organization: OrganizationId, id: IdentityProviderId): Promise<IdentityProvider | null>;
  /** Over all organizations, for signing in: whoever asks is not known yet. */
  anyById(id: IdentityProviderId): Promise<IdentityProvider | null>;
  /** By name. */
  list(organization: OrganizationId): Promise<readonly IdentityProvider[]>;
  /** Those enabled that speak for the domain, by name, over all organizations: they are all of one. */
  forDomain(domain: string): Promise<readonly IdentityProvider[]>;
  /** Those of an issuer, with or without a slash at its end, over all organizations. */
  byIssuer(issuer: string): Promise<readonly IdentityProvider[]>;
  /** How many members are known at each. */
  counts(organization: OrganizationId): Promise<ReadonlyMap<IdentityProviderId, number>>;
  /** Who somebody of the provider is here. */
  identity(provider: IdentityProviderId, subject: string): Promise<MemberIdentity | null>;
  identitiesOf(member: MemberId): Promise<readonly MemberIdentity[]>;
  /** Throws `conflict` when the member is somebody else there, or that somebody is another member. */
  link(identity: MemberIdentity, at: number): Promise<void>;
  used(provider: IdentityProviderId, subject: string, at: number): Promise<void>;
  /** Forgets who the member is at the provider; false when nobody. */
  unlink(provider: IdentityProviderId, member: MemberId): Promise<boolean>;
}

export function createIdentityProvidersStore(executor: Executor): IdentityProvidersStore {
  const all = () => executor.selectFrom('identity_providers').selectAll('identity_providers');

  async function setDomains({ id, organization, rules: { domains } }: IdentityProvider): Promise<void> {
    await executor.deleteFrom('identity_provider_domains').where('provider', '=', id).execute();
    if (domains.length > 0) {
      await executor
        .insertInto('sign_in_domains')
        .values(domains.map((domain) => ({ domain, organization })))
        .onConflict((conflict) => conflict.column('domain').doNothing())
        .execute();
      await executor
        .insertInto('identity_provider_domains')
        .values(domains.map((domain) => ({ organization, provider: id, domain })))
        .execute();
    }
    await freeDomains(organization);
  }

  /** What no provider speaks for any more is free for others. */
  async function freeDomains(organization: OrganizationId): Promise<void> {
    await executor
      .deleteFrom('sign_in_domains')
      .where('organization', '=', organization)
      .where((eb) =>
        eb.not(
          eb.exists(
            eb
              .selectFrom('identity_provider_domains')
              .select('domain')
              .whereRef('identity_provider_domains.domain', '=', 'sign_in_domains.domain'),
          ),
        ),
      )
      .execute();
  }

  return {
    async create(provider) {
      const { id, organization, createdAt } = provider;
      await executor
        .insertInto('identity_providers')
        .values({ id, organization, created_at: new Date(createdAt), ...columnsOf(provider) })
        .execute();
      await setDomains(provider);
    },

    async update(provider) {
      const result = await executor
        .updateTable('identity_providers')
        .set(columnsOf(provider))
        .where('organization', '=', provider.organization)
        .where('id', '=', provider.id)
        .executeTakeFirst();
      if (result.numUpdatedRows === 0n) return false;
      await setDomains(provider);
      return true;
    },

    async remove(organization, id) {
      const result = await executor
        .deleteFrom('identity_providers')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      await freeDomains(organization);
      return result.numDeletedRows > 0n;
    },

    async byId(organization, id) {
      const row = await all().where('organization', '=', organization).where('id', '=', id).executeTakeFirst();
      return row ? toProvider(row) : null;
    },

    async anyById(id) {
      const row = await all().where('id', '=', id).executeTakeFirst();
      return row ? toProvider(row) : null;
    },

    async list(organization) {
      const rows = await all().where('organization', '=', organization).orderBy('name').execute();
      return rows.map(toProvider);
    },

    async forDomain(domain) {
      const rows = await all()
        .innerJoin('identity_provider_domains', 'identity_provider_domains.provider', 'identity_providers.id')
        .where('identity_provider_domains.domain', '=', domain)
        .where('enabled', '=', true)
        .orderBy('name')
        .execute();
      return rows.map(toProvider);
    },

    async byIssuer(issuer) {
      const bare = issuer.replace(/\/$/, '');
      const rows = await all()
        .where('issuer', 'in', [bare, `${bare}/`])
        .orderBy('id')
        .execute();
      return rows.map(toProvider);
    },

    async counts(organization) {
      const rows = await executor
        .selectFrom('member_identities')
        .select((eb) => ['provider', eb.fn.countAll<number>().as('members')])
        .where('organization', '=', organization)
        .groupBy('provider')
        .execute();
      return new Map(rows.map(({ provider, members }) => [provider, members]));
    },

    async identity(provider, subject) {
      const row = await executor
        .selectFrom('member_identities')
        .select(['organization', 'provider', 'subject', 'member'])
        .where('provider', '=', provider)
        .where('subject', '=', subject)
        .executeTakeFirst();
      return row ?? null;
    },

    async identitiesOf(member) {
      return executor
        .selectFrom('member_identities')
        .select(['organization', 'provider', 'subject', 'member'])
        .where('member', '=', member)
        .execute();
    },

    async link({ organization, provider, subject, member }, at) {
      const time = new Date(at);
      await executor
        .insertInto('member_identities')
        .values({ organization, provider, subject, member, created_at: time, last_used_at: time })
        .execute();
    },

    async used(provider, subject, at) {
      await executor
        .updateTable('member_identities')
        .set({ last_used_at: new Date(at) })
        .where('provider', '=', provider)
        .where('subject', '=', subject)
        .execute();
    },

    async unlink(provider, member) {
      const result = await executor
        .deleteFrom('member_identities')
        .where('provider', '=', provider)
        .where('member', '=', member)
        .executeTakeFirst();
      return result.numDeletedRows > 0n;
    },
  };
}

function columnsOf({ name, issuer, clientId, clientSecret, enabled, rules, updatedAt }: IdentityProvider) {
  return {
    name,
    issuer,
    client_id: clientId,
    client_secret: clientSecret?.sealed ?? null,
    client_secret_key: clientSecret?.key ?? null,
    enabled,
    rules: JSON.stringify(rules),
    updated_at: new Date(updatedAt),
  };
}

function toProvider(row: Selectable<Schema['identity_providers']>): IdentityProvider {
  const { client_secret: sealed, client_secret_key: key } = row;
  return {
    id: row.id,
    organization: row.organization,
    name: row.name,
    issuer: row.issuer,
    clientId: row.client_id,
    clientSecret: sealed === null || key === null ? null : { sealed, key },
    enabled: row.enabled,
    rules: row.rules,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}
