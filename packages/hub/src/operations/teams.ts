import { Failure } from '@mcpvault/domain/failure';
import { whyNotBelow } from '@mcpvault/domain/identity/team-tree';
import type { MemberId, TeamId } from '@mcpvault/domain/ids';
import type { Team } from '@mcpvault/store/teams-store';
import { type Context, handles } from './handler.ts';

export const listTeams = handles('listTeams', async (input, { stores, caller }) => {
  const { items, next } = await stores.teams.list(caller.organization, input);
  return { items: items.map(showTeam), next };
});

export const createTeam = handles('createTeam', async ({ name, members, ...placing }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const id = services.ambient.ids.next('team');
  await stores.teams.create({ id, organization, name, createdAt: now });
  await place(context, id, placing);
  await stores.teams.setMembers(organization, id, members);
  context.note({ subject: id, detail: { name, members, ...given(placing) } });
  context.changed('teams', id);
  return showTeam(await teamOf(context, id));
});

export const updateTeam = handles('updateTeam', async ({ id, name, members, ...placing }, context) => {
  const { stores, caller } = context;
  const { organization } = caller;
  const before = await teamOf(context, id);
  await stores.teams.update(organization, id, { name });
  await place(context, id, placing);
  if (before.isProvisioned) demandSame(before, name, members);
  else await stores.teams.setMembers(organization, id, members);
  context.note({ subject: id, detail: { name, members, ...given(placing) } });
  context.changed('teams', id);
  return showTeam(await teamOf(context, id));
});

export const removeTeam = handles('removeTeam', async ({ id }, context) => {
  const { stores, caller } = context;
  const team = await teamOf(context, id);
  const owned = await stores.teams.owned(caller.organization, id);
  if (owned > 0) {
    throw new Failure(
      'conflict',
      `This team owns ${owned === 1 ? 'a service account' : `${owned} service accounts`}.`,
      {
        fix: 'Give them another owner first.',
      },
    );
  }
  await stores.teams.remove(caller.organization, id);
  context.note({ subject: id, detail: { name: team.name } });
  context.changed('teams', id);
  context.changed('grants', null);
  return undefined;
});

interface Placing {
  readonly parent?: TeamId | null | undefined;
  readonly leads?: readonly MemberId[] | undefined;
}

/** What is left out stays as it is. */
async function place(context: Context, id: TeamId, { parent, leads }: Placing): Promise<void> {
  const { stores, caller } = context;
  const { organization } = caller;
  if (parent != null) {
    await teamOf(context, parent);
    const why = whyNotBelow(await stores.teams.parents(organization), id, parent);
    if (why !== null) {
      const reason = why === 'circle' ? 'it lies in this one itself' : 'there would be too many levels';
      throw new Failure('conflict', `The team cannot lie in ${parent}: ${reason}.`, { fix: 'Choose another parent.' });
    }
  }
  if (parent !== undefined) await stores.teams.update(organization, id, { parent });
  if (leads !== undefined) await stores.teams.setLeads(organization, id, leads);
}

function demandSame(before: Team, name: string, members: readonly MemberId[]): void {
  const known = new Set(before.members.map((member) => member.id));
  const same = name === before.name && members.length === known.size && members.every((member) => known.has(member));
  if (same) return;
  throw new Failure('conflict', 'An identity provider keeps this team: its name, and who belongs to it.', {
    fix: 'Change the group there. Its leads, and where it lies, can be changed here.',
  });
}

function given(placing: Placing): Placing {
  return Object.fromEntries(Object.entries(placing).filter(([, value]) => value !== undefined));
}

async function teamOf({ stores, caller }: Context, id: TeamId): Promise<Team> {
  const team = await stores.teams.byId(caller.organization, id);
  if (team === null) throw new Failure('not_found', 'There is no such team.');
  return team;
}

function showTeam({ id, name, parent, members, leads, isProvisioned }: Team) {
  return {
    id,
    name,
    parent: parent && { ...parent },
    members: members.map((member) => ({ ...member })),
    leads: leads.map((member) => ({ ...member })),
    provisioned: isProvisioned,
  };
}
