import { Failure } from '@mcpvault/domain/failure';
import type { ProvisioningToken } from '@mcpvault/store/provisioning-tokens-store';
import { scimRoot } from '../http/hub-server.ts';
import { hashOf, makeCredential, shownPrefix } from '../auth/credential.ts';
import { type ProvisioningRules, readRules, writeRules } from '../provisioning-rules.ts';
import { type Context, handles } from './handler.ts';
import { endOrNull } from './members.ts';
import { demandNoMore, roleOf } from './roles.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

export const getProvisioning = handles('getProvisioning', async (_, { stores, services, caller }) => {
  const { organization } = caller;
  return {
    ...show(await readRules(stores, organization)),
    url: services.url + scimRoot,
    members: await stores.members.countProvisioned(organization),
    teams: await stores.teams.countProvisioned(organization),
  };
});

export const updateProvisioning = handles('updateProvisioning', async (rules, context) => {
  const { stores, caller, now } = context;
  // The provider hands these out: it may hand out no more than who lets it.
  for (const role of new Set([rules.defaultRole, ...rules.groups.map((group) => group.role)])) {
    demandNoMore(caller, (await roleOf(context, role)).permissions);
  }
  await demandTheirs(context);
  await writeRules(stores, caller.organization, rules, now);
  context.note({ detail: { ...rules } });
  context.changed('organization', null);
  return show(rules);
});

export const listProvisioningTokens = handles('listProvisioningTokens', async (page, { stores, caller }) => {
  const { items, next } = await stores.provisioningTokens.list(caller.organization, page);
  return { items: items.map(showToken), next };
});

export const createProvisioningToken = handles('createProvisioningToken', async ({ name, expiresAt }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  // Who has the token gives out what the rules give.
  await demandTheirs(context);
  const id = services.ambient.ids.next('prv');
  const token = makeCredential('provisioning', services.ambient.random);
  const until = endOrNull(expiresAt, now);
  const draft = { id, organization, name, prefix: shownPrefix(token), createdBy: caller.member, createdAt: now };
  await stores.provisioningTokens.create({ ...draft, expiresAt: until, hash: hashOf(token) });
  context.note({ subject: id, detail: { name, expiresAt: rfc3339OrNull(until) } });
  return { ...showToken({ ...draft, expiresAt: until, lastUsedAt: null, revokedAt: null }), token };
});

export const revokeProvisioningToken = handles('revokeProvisioningToken', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const token = await stores.provisioningTokens.byId(caller.organization, id);
  if (token === null) throw new Failure('not_found', 'There is no such token.');
  await stores.provisioningTokens.revoke(caller.organization, id, now);
  context.note({ subject: id, detail: { name: token.name } });
  return undefined;
});

/** Rules that give more than the caller has are not theirs to change or to lend. */
async function demandTheirs(context: Context): Promise<void> {
  const { defaultRole, groups } = await readRules(context.stores, context.caller.organization);
  for (const role of new Set([defaultRole, ...groups.map((group) => group.role)])) {
    demandNoMore(context.caller, (await roleOf(context, role)).permissions);
  }
}

function show({ defaultRole, groups }: ProvisioningRules) {
  return { defaultRole, groups: groups.map((group) => ({ ...group })) };
}

function showToken({ id, name, prefix, createdAt, expiresAt, lastUsedAt, revokedAt }: ProvisioningToken) {
  return {
    id,
    name,
    prefix,
    createdAt: rfc3339(createdAt),
    expiresAt: rfc3339OrNull(expiresAt),
    lastUsedAt: rfc3339OrNull(lastUsedAt),
    revokedAt: rfc3339OrNull(revokedAt),
  };
}
