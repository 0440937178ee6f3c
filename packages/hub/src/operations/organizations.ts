import { Failure } from '@mcpvault/domain/failure';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Organization } from '@mcpvault/store/organizations-store';
import { makeLink } from '../auth/one-time-link.ts';
import { type Asked, type Context, handles, handlesPrepared } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

export const listOrganizations = handles('listOrganizations', async (input, context) => {
  await demandHub(context);
  const { items, next } = await context.stores.organizations.list(input);
  return { items: items.map(({ people, ...organization }) => ({ ...show(organization), people })), next };
});

export const createOrganization = handlesPrepared(
  'createOrganization',
  async (_, { services }) => services.ambient.ids.next('org'),
  async ({ name, admin }, context, id) => {
    await demandHub(context);
    const { stores, services, now } = context;
    await stores.organizations.create({ id, name, createdAt: now });
    const member = services.ambient.ids.next('mem');
    const draft = { id: member, organization: id, email: admin.email, name: admin.name, role: 'admin' as const };
    await stores.members.create({ ...draft, passwordHash: null, createdAt: now });
    const owner = { organization: id, member };
    const link = { purpose: 'invite' as const, owner, url: services.url, now, random: services.ambient.random };
    const { url, expiresAt } = await makeLink(stores.links, link);
    context.note({ subject: id, detail: { name, admin: admin.email } });
    tellOf(context, id);
    const made = await organizationOf(context, id);
    return { ...show(made), admin: member, invitation: { url, expiresAt: rfc3339(expiresAt) } };
  },
);

export const updateOrganization = handles('updateOrganization', async ({ id, name, suspended }, context) => {
  await demandHub(context);
  const { stores, now } = context;
  const before = await organizationOf(context, id);
  if (suspended === true && before.runsHub) {
    throw new Failure('conflict', 'This organization runs the hub: suspended, nobody could take that back.');
  }
  if (name !== undefined) await stores.organizations.rename(id, name);
  if (suspended !== undefined) await stores.organizations.suspend(id, suspended ? (before.suspendedAt ?? now) : null);
  context.note({
    subject: id,
    detail: { ...(name !== undefined && { name }), ...(suspended !== undefined && { suspended }) },
  });
  tellOf(context, id);
  // Whoever is signed in there, and whatever they have under way, is looked at anew.
  context.changed('members', null, id);
  return show(await organizationOf(context, id));
});

/** Others have the permission as well, for nothing: they are no concern of each other. */
async function demandHub({ services, caller }: Pick<Asked, 'services' | 'caller'>): Promise<void> {
  const own = await services.stores.organizations.byId(caller.organization);
  if (own?.runsHub === true) return;
  throw new Failure('forbidden', 'Only admins of the organization that runs this hub may do this.');
}

/** Also to those who run the hub, whose list of organizations it changes. */
function tellOf({ changed, caller }: Context, id: OrganizationId): void {
  for (const each of new Set([id, caller.organization])) changed('organization', null, each);
}

async function organizationOf({ stores }: Context, id: OrganizationId): Promise<Organization> {
  const found = await stores.organizations.byId(id);
  if (found === null) throw new Failure('not_found', 'There is no such organization.');
  return found;
}

function show({ id, name, runsHub, createdAt, suspendedAt }: Organization) {
  return {
    id,
    name,
    status: suspendedAt === null ? ('active' as const) : ('suspended' as const),
    runsHub,
    createdAt: rfc3339(createdAt),
    suspendedAt: rfc3339OrNull(suspendedAt),
  };
}
