// Which roles members get whom an identity provider provisions: what the organization settled, read and written here.
import { role } from '@mcpvault/contract/roles';
import { builtInRoles, isBuiltIn, type Role, type RoleId } from '@mcpvault/domain/identity/role';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Stores } from '@mcpvault/store/stores';
import { z } from 'zod';

const rulesShape = z.object({
  defaultRole: role,
  groups: z.array(z.object({ group: z.string(), role })),
});

/** The first group of the list that a member belongs to decides. */
export type ProvisioningRules = z.infer<typeof rulesShape>;

const setting = 'provisioning';
const untilSettled: ProvisioningRules = { defaultRole: 'member', groups: [] };

/** What cannot be read gives no more than the least. */
export async function readRules(
  { settings }: Pick<Stores, 'settings'>,
  organization: OrganizationId,
): Promise<ProvisioningRules> {
  const parsed = rulesShape.safeParse(await settings.get(organization, setting));
  return parsed.success ? parsed.data : untilSettled;
}

export function writeRules(
  { settings }: Pick<Stores, 'settings'>,
  organization: OrganizationId,
  rules: ProvisioningRules,
  now: number,
): Promise<void> {
  return settings.set(organization, setting, rules, now);
}

/** The role that the rules give somebody of these groups, by display name. */
export function roleByRules({ defaultRole, groups }: ProvisioningRules, names: readonly string[]): RoleId {
  const theirs = new Set(names.map((name) => name.toLowerCase()));
  return groups.find(({ group }) => theirs.has(group.toLowerCase()))?.role ?? defaultRole;
}

/** null for a role that is gone. */
export async function roleBehind(
  { roles }: Pick<Stores, 'roles'>,
  organization: OrganizationId,
  id: RoleId,
): Promise<Role | null> {
  return isBuiltIn(id) ? builtInRoles[id] : roles.byId(organization, id);
}
