// What identity providers do to members. They may disable and remove whom they know, but make nobody more than the
// organization's rules say, take over nobody who is more than that, and leave the last admin alone.
import { Failure } from '@mcpvault/domain/failure';
import { beyond, type RoleId } from '@mcpvault/domain/identity/role';
import { whyNotBelow } from '@mcpvault/domain/identity/team-tree';
import type { Permission } from '@mcpvault/domain/identity/permission';
import type { MemberId, TeamId } from '@mcpvault/domain/ids';
import type { Member } from '@mcpvault/store/members-store';
import { type ProvisioningRules, readRules, roleBehind, roleByRules } from '../provisioning-rules.ts';
import type { ScimContext } from './provision.ts';
import { ScimFailure } from './scim-failure.ts';
import type { UserDraft } from './user-resource.ts';

export async function createUser(context: ScimContext, draft: UserDraft): Promise<Member> {
  const { stores, organization, ids, now } = context;
  const id = ids.next('mem');
  const rules = await readRules(stores, organization);
  const { userName, email, name, externalId, profile } = draft;
  const role = roleByRules(rules, []);
  const provisioning = { isKept: true, isDisabledThere: false, externalId, userName, profile };
  await unique(() =>
    stores.members.create({ id, organization, email, name, role, passwordHash: null, createdAt: now, provisioning }),
  );
  await superviseBy(context, id, draft.manager);
  if (!draft.active) await disable(context, await userOf(context, id));
  context.note(id, { userName, email, active: draft.active, role });
  context.changed('members', id);
  return userOf(context, id);
}

export async function replaceUser(context: ScimContext, before: Member, draft: UserDraft): Promise<Member> {
  const { stores, organization } = context;
  const { id, provisioning } = before;
  const { userName, email, name, externalId, profile } = draft;
  const isRenamed = email !== before.email || userName !== (provisioning.userName ?? before.email);
  // Whoever has the address may be let in as the member.
  if (isRenamed) await demandWithinRules(context, before);
  await unique(() =>
    stores.members.update(organization, id, {
      email,
      name,
      provisioning: { ...provisioning, isKept: true, externalId, userName, profile },
    }),
  );
  await superviseBy(context, id, draft.manager);
  if (!draft.active && before.disabledAt === null) await disable(context, before);
  if (draft.active && before.disabledAt !== null && provisioning.isDisabledThere) {
    await stores.members.update(organization, id, { disabledAt: null });
  }
  const after = await userOf(context, id);
  context.note(id, { userName, ...(email === before.email ? {} : { email }), active: after.disabledAt === null });
  context.changed('members', id);
  return after;
}

export async function removeUser(context: ScimContext, member: Member): Promise<void> {
  await demandNotLastAdmin(context, member);
  await context.stores.members.remove(context.organization, member.id, context.now);
  context.note(member.id, { email: member.email });
  context.changed('members', member.id);
  context.changed('grants', null);
}

/** Throws 404 for who is none of the organization's people. */
export async function userOf({ stores, organization }: ScimContext, id: string): Promise<Member> {
  const member = await stores.members.byId(organization, id as MemberId);
  if (member === null || member.kind !== 'person') throw new ScimFailure(404, `There is no user ${id.slice(0, 60)}.`);
  return member;
}

/** Gives the member the role that their groups give; a role that the rules never give was given by hand, and stays. */
export async function settleRole(
  context: ScimContext,
  id: MemberId,
  rules: ProvisioningRules,
  provisioned: ReadonlySet<TeamId>,
): Promise<void> {
  const { stores, organization } = context;
  const member = await stores.members.byId(organization, id);
  if (member === null || !rolesIn(rules).has(member.role)) return;
  const names = member.teams.filter((team) => provisioned.has(team.id)).map((team) => team.name);
  const role = roleByRules(rules, names);
  if (role === member.role || (await roleBehind(stores, organization, role)) === null) return;
  await demandNotLastAdmin(context, member);
  await stores.members.update(organization, id, { role });
  context.changed('members', id);
}

async function disable(context: ScimContext, member: Member): Promise<void> {
  const { stores, organization, now } = context;
  await demandNotLastAdmin(context, member);
  const { provisioning } = await userOf(context, member.id);
  await stores.members.update(organization, member.id, { disabledAt: now });
  await stores.members.update(organization, member.id, { provisioning: { ...provisioning, isDisabledThere: true } });
  await stores.signIns.revokeAllOf(organization, member.id, now);
  await stores.tokens.revokeAllOf(organization, member.id, now);
  await stores.links.revokeOf(organization, member.id);
}

async function demandNotLastAdmin({ stores, organization }: ScimContext, member: Member): Promise<void> {
  if (member.role !== 'admin' || member.disabledAt !== null) return;
  if ((await stores.members.countOtherAdmins(organization, member.id)) > 0) return;
  throw new ScimFailure(
    403,
    'This is the last admin who can sign in; make another member an admin in MCPVault first.',
    'mutability',
  );
}

/** Throws for a member who may more than the rules let a provider hand out. */
async function demandWithinRules({ stores, organization }: ScimContext, member: Member): Promise<void> {
  const given = new Set<Permission>();
  for (const id of rolesIn(await readRules(stores, organization))) {
    for (const permission of (await roleBehind(stores, organization, id))?.permissions ?? []) given.add(permission);
  }
  if (beyond(member.permissions, given).length === 0) return;
  throw new ScimFailure(
    403,
    'This member has a role that provisioning does not give: their user name and e-mail address are changed in MCPVault.',
    'mutability',
  );
}

function rolesIn({ defaultRole, groups }: ProvisioningRules): ReadonlySet<RoleId> {
  return new Set([defaultRole, ...groups.map(({ role }) => role)]);
}

/** A manager who is nobody here, or whom the member supervises, is kept in the profile only. */
async function superviseBy({ stores, organization }: ScimContext, id: MemberId, manager: string | null): Promise<void> {
  const found = manager === null ? null : await stores.members.byId(organization, manager as MemberId);
  const before = await stores.members.byId(organization, id);
  if (found === null || found.kind !== 'person' || before?.supervisor?.id === found.id) return;
  if (whyNotBelow(await stores.members.supervisors(organization), id, found.id) !== null) return;
  await stores.members.update(organization, id, { supervisor: found.id });
}

export async function unique<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure && error.code === 'conflict') throw new ScimFailure(409, error.message, 'uniqueness');
    throw error;
  }
}
