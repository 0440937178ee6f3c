import { Failure } from '@mcpvault/domain/failure';
import type { TeamId } from '@mcpvault/domain/ids';
import type { Team } from '@mcpvault/store/teams-store';
import { type Context, handles } from './handler.ts';

export const listTeams = handles('listTeams', async (input, { stores, caller }) => {
  const { items, next } = await stores.teams.list(caller.organization, input);
  return { items: items.map(showTeam), next };
});

export const createTeam = handles('createTeam', async ({ name, members }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const id = services.ambient.ids.next('team');
  await stores.teams.create({ id, organization, name, createdAt: now });
  await stores.teams.setMembers(organization, id, members);
  context.note({ subject: id, detail: { name, members } });
  context.changed('teams', id);
  return showTeam(await teamOf(context, id));
});

export const updateTeam = handles('updateTeam', async ({ id, name, members }, context) => {
  const { stores, caller } = context;
  const { organization } = caller;
  if (!(await stores.teams.rename(organization, id, name))) throw noSuchTeam();
  await stores.teams.setMembers(organization, id, members);
  context.note({ subject: id, detail: { name, members } });
  context.changed('teams', id);
  return showTeam(await teamOf(context, id));
});

export const removeTeam = handles('removeTeam', async ({ id }, context) => {
  const { stores, caller } = context;
  if (!(await stores.teams.remove(caller.organization, id))) throw noSuchTeam();
  context.note({ subject: id });
  context.changed('teams', id);
  context.changed('grants', null);
  return undefined;
});

async function teamOf({ stores, caller }: Context, id: TeamId): Promise<Team> {
  const team = await stores.teams.byId(caller.organization, id);
  if (team === null) throw noSuchTeam();
  return team;
}

function showTeam({ id, name, members }: Team) {
  return { id, name, members: members.map((member) => ({ ...member })) };
}

function noSuchTeam(): Failure {
  return new Failure('not_found', 'There is no such team.');
}
