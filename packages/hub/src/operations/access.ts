import { Failure } from '@mcpvault/domain/failure';
import { type Access, accessTo, type Grant, type GrantSubject } from '@mcpvault/domain/identity/access';
import { explainAccess as explain } from '@mcpvault/domain/identity/explain-access';
import { permits } from '@mcpvault/domain/identity/permission';
import type { RoleId } from '@mcpvault/domain/identity/role';
import type { MemberId, TeamId } from '@mcpvault/domain/ids';
import type { Member } from '@mcpvault/store/members-store';
import { type Context, handles } from './handler.ts';
import { serverOf } from './server-lookup.ts';

export const explainAccess = handles('explainAccess', async ({ member: id, server: name, tool }, context) => {
  const { stores, services, caller, now } = context;
  const whose = id ?? caller.member;
  if (whose !== caller.member && !permits(caller, 'grants:read')) {
    throw new Failure('forbidden', 'Your role does not allow to look at the access of others (grants:read).');
  }
  const member = await stores.members.byId(caller.organization, whose);
  if (member === null) throw new Failure('not_found', 'There is no such member.');
  const server = await serverNamed(context, name, whose === caller.member);
  const explanation = explain({
    member: {
      ...granteeOf(member),
      name: member.name,
      roleName: member.roleName,
      isDisabled: member.disabledAt !== null,
    },
    server: { id: server.id, name: server.name, isEnabled: server.enabled },
    tool: tool ?? null,
    grants: services.catalog.grantsOf(caller.organization, granteeOf(member)),
    now,
  });
  const { allowed, tools, steps } = explanation;
  return {
    member: showWho(member),
    server: { id: server.id, name: server.name },
    tool: tool ?? null,
    allowed,
    tools: tools && [...tools],
    steps: steps.map((step) => ({ ...step })),
  };
});

export const listAccess = handles('listAccess', async ({ server: name, tool, ...request }, context) => {
  const { stores, services, caller, now } = context;
  const server = await serverNamed(context, name, false);
  const { items, next } = await stores.members.list(caller.organization, request);
  return {
    items: items.map((member) => {
      const theirs = services.catalog.grantsOf(caller.organization, granteeOf(member));
      const access = accessTo(server.id, granteeOf(member), theirs, now);
      return { member: showWho(member), ...answer(member, server.enabled, access, tool) };
    }),
    next,
  };
});

export const previewGrant = handles('previewGrant', async ({ subject, server: name, tools }, context) => {
  const { services, caller, now } = context;
  const server = await serverNamed(context, name, false);
  const grant: Grant = {
    id: 'grt_preview',
    subject: subjectOf(subject),
    server: server.id,
    tools: tools?.split(',').map((tool) => tool.trim()) ?? null,
    expiresAt: null,
  };
  const gains: { member: ReturnType<typeof showWho>; before: string[] | null; after: string[] | null }[] = [];
  let gaining = 0;
  let unchanged = 0;
  for await (const member of everyMember(context)) {
    if (!isNamed(member, grant.subject)) continue;
    const theirs = services.catalog.grantsOf(caller.organization, granteeOf(member));
    const before = toolsOf(accessTo(server.id, granteeOf(member), theirs, now));
    const after = toolsOf(accessTo(server.id, granteeOf(member), [...theirs, grant], now));
    if (before === null || before.length === after?.length) unchanged += 1;
    else if ((gaining += 1) <= shownAtMost) gains.push({ member: showWho(member), before, after });
  }
  return { gains, gaining, unchanged };
});

const shownAtMost = 200;

async function* everyMember({ stores, caller }: Context): AsyncGenerator<Member> {
  let cursor: string | null = null;
  do {
    const page = await stores.members.list(caller.organization, { limit: 200, cursor });
    yield* page.items;
    cursor = page.next;
  } while (cursor !== null);
}

/** A server that one may not see reads like one that is not there, but to oneself it is explained by its name. */
async function serverNamed(context: Context, name: string, isOwn: boolean) {
  const { stores, services, caller } = context;
  if (!isOwn || permits(caller, 'grants:read')) {
    const known = services.catalog
      .servers(caller.organization)
      .find(({ entry }) => entry.name === name || entry.id === name);
    const server = known && (await stores.servers.byId(caller.organization, known.entry.id));
    if (server) return server;
  }
  return serverOf(context, name);
}

function answer(member: Member, isEnabled: boolean, access: Access, tool: string | undefined) {
  if (member.disabledAt !== null) return { allowed: false, tools: [], because: 'the member is disabled' };
  if (!isEnabled) return { allowed: false, tools: [], because: 'the server is switched off' };
  const tools = toolsOf(access);
  const hasTool = tool === undefined || tools === null || tools.includes(tool);
  const because = access.allowed && !hasTool ? 'the grants give other tools' : access.because;
  return { allowed: access.allowed && hasTool, tools, because };
}

function toolsOf(access: Access): string[] | null {
  if (!access.allowed) return [];
  return access.tools && [...access.tools];
}

function granteeOf({ id, teams, role, permissions }: Member) {
  return { member: id, teams: teams.map((team) => team.id), role, permissions };
}

function isNamed(member: Member, subject: GrantSubject): boolean {
  switch (subject.type) {
    case 'member':
      return member.id === subject.id;
    case 'team':
      return member.teams.some((team) => team.id === subject.id);
    case 'role':
      return member.role === subject.id;
  }
}

function subjectOf(id: string): GrantSubject {
  if (id.startsWith('mem_')) return { type: 'member', id: id as MemberId };
  if (id.startsWith('team_')) return { type: 'team', id: id as TeamId };
  return { type: 'role', id: id as RoleId };
}

function showWho({ id, email, name }: Member) {
  return { id, email, name };
}
