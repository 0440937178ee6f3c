import type { identityProviderShape } from '@mcpvault/contract/identity-providers';
import type { ParsedInputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Failure } from '@mcpvault/domain/failure';
import { builtInRoles } from '@mcpvault/domain/identity/role';
import type { IdentityProviderId, MemberId } from '@mcpvault/domain/ids';
import type { IdentityProvider } from '@mcpvault/store/identity-providers-store';
import type { z } from 'zod';
import { openProvider, redirectUriOf, sealClientSecret } from '../auth/single-sign-on/open-provider.ts';
import { isOwnMachine } from '../auth/single-sign-on/provider-client.ts';
import { readSecurity } from '../security-settings.ts';
import { type Asked, type Context, handles, handlesPrepared } from './handler.ts';
import { memberOf } from './members.ts';
import { demandNoMore, roleOf } from './roles.ts';
import { rfc3339 } from './times.ts';

export const listIdentityProviders = handles('listIdentityProviders', async (_, { stores, services, caller }) => {
  const counts = await stores.identityProviders.counts(caller.organization);
  const providers = await stores.identityProviders.list(caller.organization);
  const items = providers.map((provider) => showProvider(provider, counts.get(provider.id) ?? 0, services.url));
  return { items, next: null };
});

export const createIdentityProvider = handles('createIdentityProvider', async (draft, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  demandAllOfAdmin(context);
  const id = services.ambient.ids.next('idp');
  const secret = draft.clientSecret ?? null;
  const provider: IdentityProvider = {
    ...{ id, organization, createdAt: now, updatedAt: now },
    ...(await fromDraft(context, draft)),
    clientSecret: secret === null ? null : sealClientSecret(services.sealer, organization, id, secret),
  };
  await stores.identityProviders.create(provider);
  noteProvider(context, provider);
  return showProvider(provider, 0, services.url);
});

export const updateIdentityProvider = handles('updateIdentityProvider', async ({ id, ...draft }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  demandAllOfAdmin(context);
  const before = await providerOf(context, id);
  const { clientSecret: secret } = draft;
  if (draft.issuer !== before.issuer && secret === undefined && before.clientSecret !== null) {
    // Else whoever may change the address could have the secret sent to it.
    throw new Failure('invalid_params', 'clientSecret: give the secret again, as the issuer is another one.');
  }
  const kept = secret === undefined ? before.clientSecret : null;
  const provider: IdentityProvider = {
    ...{ id, organization, createdAt: before.createdAt, updatedAt: now },
    ...(await fromDraft(context, draft)),
    clientSecret: secret == null ? kept : sealClientSecret(services.sealer, organization, id, secret),
  };
  await stores.identityProviders.update(provider);
  if (!provider.enabled || !provider.rules.letsClientsIn) await endClientsOf(context, id, null);
  await demandStillAWayIn(context);
  noteProvider(context, provider);
  const counts = await stores.identityProviders.counts(organization);
  return showProvider(provider, counts.get(id) ?? 0, services.url);
});

export const removeIdentityProvider = handles('removeIdentityProvider', async ({ id }, context) => {
  const { stores, caller, now } = context;
  demandAllOfAdmin(context);
  const provider = await providerOf(context, id);
  const ended = await stores.signIns.revokeFrom(id, 'all', now);
  await stores.identityProviders.remove(caller.organization, id);
  await endClientsOf(context, id, null);
  await demandStillAWayIn(context);
  context.note({ subject: id, detail: { name: provider.name } });
  for (const signIn of ended) context.changed('sign-ins', signIn);
  return undefined;
});

export const testIdentityProvider = handlesPrepared(
  'testIdentityProvider',
  async ({ id }, asked) => {
    demandNoMore(asked.caller, builtInRoles.admin.permissions);
    const { services, caller } = asked;
    const provider = await providerOf({ stores: services.stores, caller }, id);
    const opened = openProvider(services.sealer, provider, services.url);
    return services.signInProviders.check(opened);
  },
  async ({ id }, context, found) => {
    const provider = await providerOf(context, id);
    const steps = [...found];
    if (provider.rules.domains.length === 0) {
      steps.push({
        name: 'Domains',
        outcome: 'warning',
        text: 'It speaks for no e-mail domain: only who is invited, or known there already, gets in.',
        fix: 'Add the domains of your members.',
      });
    }
    const works = steps.every(({ outcome }) => outcome !== 'failed');
    context.note({ subject: id, detail: { works } });
    return { works, steps };
  },
);

export const unlinkIdentity = handles('unlinkIdentity', async ({ id, provider }, context) => {
  const { stores, caller, now } = context;
  const member = await memberOf(context, id);
  demandNoMore(caller, member.permissions);
  await providerOf(context, provider);
  if (!(await stores.identityProviders.unlink(provider, id))) {
    throw new Failure('not_found', 'This member is nobody at this identity provider.');
  }
  const ended = await stores.signIns.revokeFrom(provider, { member: id }, now);
  await endClientsOf(context, provider, id);
  context.note({ subject: id, detail: { provider } });
  context.changed('members', id);
  for (const signIn of ended) context.changed('sign-ins', signIn);
  return undefined;
});

/** Those that it let in. */
async function endClientsOf(context: Context, provider: IdentityProviderId, member: MemberId | null): Promise<void> {
  const { stores, caller, now } = context;
  const ended = await stores.connectedClients.endProvided(caller.organization, provider, member, now);
  for (const client of ended) context.changed('connected-clients', client);
}

/** Throws `not_found` for those of others. */
export async function providerOf(
  { stores, caller }: Pick<Context, 'stores' | 'caller'>,
  id: IdentityProviderId,
): Promise<IdentityProvider> {
  const provider = await stores.identityProviders.byId(caller.organization, id);
  if (provider === null) throw new Failure('not_found', 'There is no such identity provider.');
  return provider;
}

/** Who says where people prove who they are can be anybody. */
function demandAllOfAdmin({ caller }: Pick<Asked, 'caller'>): void {
  demandNoMore(caller, builtInRoles.admin.permissions);
}

async function demandStillAWayIn({ stores, caller }: Context): Promise<void> {
  const { requireSingleSignOn } = await readSecurity(stores.settings, caller.organization);
  const providers = requireSingleSignOn ? await stores.identityProviders.list(caller.organization) : [];
  if (!requireSingleSignOn || providers.some(({ enabled, rules }) => enabled && rules.domains.length > 0)) return;
  throw new Failure('conflict', 'Your organization demands single sign-on, and this is its last identity provider.', {
    fix: 'End the demand first.',
  });
}

type Draft = ParsedInputOf<Operations['createIdentityProvider']>;

async function fromDraft(context: Context, draft: Draft) {
  const { name, clientId, enabled, clientSecret: _, issuer: given, mappings, domains, scopes, ...rules } = draft;
  await roleOf(context, rules.role);
  for (const { role, team } of mappings) {
    if (role !== null) await roleOf(context, role);
    if (team !== null && (await context.stores.teams.byId(context.caller.organization, team)) === null) {
      throw new Failure('not_found', 'There is no such team.');
    }
  }
  const issuer = given.replace(/\/\.well-known\/openid-configuration\/?$/, '');
  const address = new URL(issuer);
  if (address.protocol !== 'https:' && !isOwnMachine(address)) {
    throw new Failure('invalid_params', 'issuer: use an address that begins with https://.');
  }
  if (address.search !== '' || address.hash !== '' || address.username !== '') {
    throw new Failure('invalid_params', 'issuer: use an address without query, fragment and user.');
  }
  return { name, issuer, clientId, enabled, rules: { ...rules, mappings, domains: [...new Set(domains)], scopes } };
}

function noteProvider(context: Context, { id, name, issuer, clientId, enabled, rules }: IdentityProvider): void {
  context.note({ subject: id, detail: { name, issuer, clientId, enabled, ...rules } });
}

function showProvider(
  { id, name, issuer, clientId, clientSecret, enabled, rules, createdAt, updatedAt }: IdentityProvider,
  members: number,
  url: string,
): z.output<typeof identityProviderShape> {
  const { domains, scopes, mappings, ...others } = rules;
  return {
    ...{ id, name, issuer, clientId, enabled, members, ...others },
    letsClientsIn: rules.letsClientsIn ?? false,
    hasSecret: clientSecret !== null,
    domains: [...domains],
    scopes: [...scopes],
    mappings: mappings.map((mapping) => ({ ...mapping })),
    redirectUri: redirectUriOf(url, id),
    logoutUri: `${url}/api/v1/auth/providers/${id}/logout`,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
  };
}
