// What identity providers do to teams: only to those that they keep. Who is in a group is in its team, and has the role that
// the organization's rules give to the group.
import type { MemberId, TeamId } from '@mcpvault/domain/ids';
import type { Team } from '@mcpvault/store/teams-store';
import { readRules } from '../provisioning-rules.ts';
import type { GroupDraft } from './group-resource.ts';
import type { ScimContext } from './provision.ts';
import { invalid, ScimFailure } from './scim-failure.ts';
import { settleRole, unique } from './users.ts';

export async function createGroup(context: ScimContext, { name, externalId, members }: GroupDraft): Promise<Team> {
  const { stores, organization, ids, now } = context;
  const id = ids.next('team');
  await unique(() => stores.teams.create({ id, organization, name, createdAt: now, isProvisioned: true, externalId }));
  await changeMembers(context, id, await known(context, members), []);
  context.note(id, { name, members });
  context.changed('teams', id);
  return groupOf(context, id);
}

export async function replaceGroup(context: ScimContext, before: Team, draft: GroupDraft): Promise<Team> {
  const { stores, organization } = context;
  const { id } = before;
  const { name, externalId } = draft;
  const had = new Set<string>(before.members.map((member) => member.id));
  const wanted = new Set(draft.members);
  const added = await known(
    context,
    draft.members.filter((member) => !had.has(member)),
  );
  const removed = before.members.map((member) => member.id).filter((member) => !wanted.has(member));
  await unique(() => stores.teams.update(organization, id, { name, externalId }));
  await changeMembers(context, id, added, removed);
  // Another name may be one that the rules know.
  if (name !== before.name) await settleAll(context, [...wanted] as MemberId[]);
  context.note(id, { name, added, removed });
  context.changed('teams', id);
  return groupOf(context, id);
}

export async function removeGroup(context: ScimContext, team: Team): Promise<void> {
  const { stores, organization } = context;
  if ((await stores.teams.owned(organization, team.id)) > 0) {
    throw new ScimFailure(409, 'This team owns service accounts; give them another owner in MCPVault first.');
  }
  const members = team.members.map((member) => member.id);
  await stores.teams.remove(organization, team.id);
  await settleAll(context, members);
  context.note(team.id, { name: team.name });
  context.changed('teams', team.id);
  context.changed('grants', null);
}

/** Throws 404 for what is no team that a provider keeps. */
export async function groupOf({ stores, organization }: ScimContext, id: string): Promise<Team> {
  const team = await stores.teams.byId(organization, id as TeamId);
  if (team === null || !team.isProvisioned) throw new ScimFailure(404, `There is no group ${id.slice(0, 60)}.`);
  return team;
}

async function changeMembers(
  context: ScimContext,
  id: TeamId,
  added: readonly MemberId[],
  removed: readonly MemberId[],
): Promise<void> {
  const { stores, organization } = context;
  await stores.teams.addMembers(organization, id, added);
  await stores.teams.removeMembers(organization, id, removed);
  await settleAll(context, [...added, ...removed]);
}

async function settleAll(context: ScimContext, members: readonly MemberId[]): Promise<void> {
  const { stores, organization } = context;
  const rules = await readRules(stores, organization);
  if (members.length === 0 || rules.groups.length === 0) return;
  const kept = await stores.teams.provisionedIds(organization);
  for (const member of members) await settleRole(context, member, rules, kept);
}

async function known({ stores, organization }: ScimContext, ids: readonly string[]): Promise<readonly MemberId[]> {
  const people = await stores.members.peopleAmong(organization, ids);
  const stranger = ids.find((id) => !people.has(id as MemberId));
  if (stranger !== undefined) throw invalid(`members: there is no user ${stranger.slice(0, 60)}.`);
  return [...people];
}
