import { Failure } from '@mcpvault/domain/failure';
import { type Grant, type GrantSubject, hasEnded, type ItemKind } from '@mcpvault/domain/identity/access';
import { compileCondition } from '@mcpvault/domain/identity/compile-condition';
import type { Attempt } from '@mcpvault/domain/identity/condition';
import { explainAccess as explain } from '@mcpvault/domain/identity/explain-access';
import { permits } from '@mcpvault/domain/identity/permission';
import { type Extent, type Reach, reachOf } from '@mcpvault/domain/identity/reach';
import type { RoleId } from '@mcpvault/domain/identity/role';
import type { MemberId, ServerId, TeamId } from '@mcpvault/domain/ids';
import { isActive, type Member } from '@mcpvault/store/members-store';
import { type Context, handles } from './handler.ts';
import { serverOf } from './server-lookup.ts';
import { fromRfc3339 } from './times.ts';

export const explainAccess = handles('explainAccess', async ({ member: id, server: name, ...asked }, context) => {
  const { stores, services, caller, actor, now } = context;
  const whose = id ?? caller.member;
  if (whose !== caller.member && !permits(caller, 'grants:read')) {
    throw new Failure('forbidden', 'Your role does not allow to look at the access of others (grants:read).');
  }
  const item = itemOf(asked);
  const member = await stores.members.byId(caller.organization, whose);
  if (member === null) throw new Failure('not_found', 'There is no such member.');
  const server = await serverNamed(context, name, whose === caller.member);
  const { allowed, extent, steps } = explain({
    member: {
      ...granteeOf(member),
      name: member.name,
      roleName: member.roleName,
      isDisabled: !isActive(member, now),
    },
    server: { ...entryOf(context, server), isEnabled: server.enabled },
    item,
    arguments: asked.arguments === undefined ? undefined : argumentsIn(asked.arguments),
    circumstances: {
      now: asked.at === undefined ? now : fromRfc3339(asked.at),
      address: asked.address ?? actor.address,
      client: null,
    },
    grants: services.catalog.grantsOf(caller.organization, granteeOf(member)),
  });
  return {
    member: showWho(member),
    server: { id: server.id, name: server.name },
    item,
    tool: item?.kind === 'tool' ? item.name : null,
    allowed,
    tools: toolsOf(extent),
    extent: extent && showExtent(extent),
    steps: steps.map((step) => ({ ...step })),
  };
});

export const listAccess = handles(
  'listAccess',
  async ({ server: name, tool, prompt, resource, ...request }, context) => {
    const { stores, services, caller } = context;
    const item = itemOf({ tool, prompt, resource });
    const server = await serverNamed(context, name, false);
    const { items, next } = await stores.members.list(caller.organization, request);
    return {
      items: items.map((member) => {
        const reach = services.catalog.reach({ ...granteeOf(member), organization: caller.organization }, server.id);
        const extent = reach?.extent() ?? null;
        const { allowed, because } = answer(context, member, server, item, reach);
        const tools = allowed || (item !== null && reach !== null) ? toolsOf(extent) : [];
        return { member: showWho(member), allowed, tools, extent: extent && showExtent(extent), because };
      }),
      next,
    };
  },
);

export const previewGrant = handles('previewGrant', async ({ subject, server: name, ...asked }, context) => {
  const { now } = context;
  const { effect, condition = null } = asked;
  if (condition !== null) compileCondition(condition);
  const server = await serverNamed(context, name, false);
  const [tools, prompts, resources] = [listIn(asked.tools), listIn(asked.prompts), listIn(asked.resources)];
  const about = { effect, tools, prompts, resources, condition, reason: null, expiresAt: null };
  const grant: Grant = { ...about, id: 'grt_preview', subject: subjectOf(subject), server: server.id };
  const gains: Change[] = [];
  const losses: Change[] = [];
  let [gaining, losing, unchanged] = [0, 0, 0];
  for await (const member of everyMember(context)) {
    if (!isNamed(member, grant.subject)) continue;
    const theirs = validGrants(context, member, server.id, now);
    const before = extentWith(member, theirs);
    const after = extentWith(member, [...theirs, grant]);
    const change = { member: showWho(member), before: toolsOf(before), after: toolsOf(after) };
    if (isSame(before, after)) unchanged += 1;
    else if (effect === 'deny' && (losing += 1) <= shownAtMost) losses.push(change);
    else if (effect === 'allow' && (gaining += 1) <= shownAtMost) gains.push(change);
  }
  return { gains, gaining, losses, losing, unchanged };
});

interface Change {
  member: ReturnType<typeof showWho>;
  before: string[] | null;
  after: string[] | null;
}

interface Item {
  readonly kind: ItemKind;
  readonly name: string;
}

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

function itemOf(asked: { tool?: string | undefined; prompt?: string | undefined; resource?: string | undefined }) {
  const items: Item[] = [];
  for (const kind of ['tool', 'prompt', 'resource'] as const) {
    const name = asked[kind];
    if (name !== undefined) items.push({ kind, name });
  }
  if (items.length > 1) throw new Failure('invalid_params', 'Ask about one tool, prompt or resource at a time.');
  return items[0] ?? null;
}

function argumentsIn(text: string): unknown {
  try {
    const given: unknown = JSON.parse(text);
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given;
  } catch {
    // Said below.
  }
  throw new Failure('invalid_params', 'arguments: give a JSON object.');
}

function listIn(names: string | undefined): readonly string[] | null {
  return names?.split(',').map((name) => name.trim()) ?? null;
}

interface About {
  readonly id: ServerId;
  readonly name: string;
  readonly enabled: boolean;
}

function answer(context: Context, member: Member, server: About, item: Item | null, reach: Reach | null) {
  if (!isActive(member, context.now)) return { allowed: false, because: 'the member is disabled' };
  if (!server.enabled) return { allowed: false, because: 'the server is switched off' };
  if (reach === null) return { allowed: false, because: whyNothing(context, member, server.id) };
  const { actor, now } = context;
  const attempt: Attempt = {
    caller: granteeOf(member),
    server: entryOf(context, server),
    kind: item?.kind ?? null,
    name: item?.name ?? '',
    now,
    address: actor.address,
    client: null,
    arguments: () => ({}),
  };
  if (item === null) return reach.opens(attempt);
  const allowed = reach.lists(attempt);
  if (!allowed) return { allowed, because: 'the grants give other things of it, or a deny takes this' };
  const decision = reach.decide(attempt);
  return {
    allowed,
    because: decision.allowed ? decision.because : `it depends on what the call says: ${decision.because}`,
  };
}

/** As conditions see it. */
function entryOf({ services, caller }: Context, { id, name }: About): Attempt['server'] {
  const known = services.catalog.servers(caller.organization).find(({ entry }) => entry.id === id)?.entry;
  return known ?? { id, name, transport: { type: 'stdio', command: '', args: [], env: {} } };
}

/** Nothing of the server is open: either nothing gives it, or a deny takes all of it. */
function whyNothing(context: Context, member: Member, server: ServerId): string {
  const deny = validGrants(context, member, server, context.now).find(({ effect }) => effect === 'deny');
  return deny === undefined ? 'no grant names this server and this member' : `denied by ${deny.id}`;
}

function validGrants({ services, caller }: Context, member: Member, server: ServerId, now: number): readonly Grant[] {
  const theirs = services.catalog.grantsOf(caller.organization, granteeOf(member));
  return theirs.filter((grant) => grant.server === server && !hasEnded(grant, now));
}

function extentWith(member: Member, grants: readonly Grant[]): Extent | null {
  return reachOf(member.permissions.has('servers:use-any'), grants)?.extent() ?? null;
}

function isSame(before: Extent | null, after: Extent | null): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

/** Tools by name; null for every one that no deny takes. */
function toolsOf(extent: Extent | null): string[] | null {
  if (extent === null) return [];
  const taken = extent.except.tools;
  return extent.tools && extent.tools.filter((tool) => !taken.includes(tool));
}

function showExtent({ tools, prompts, resources, except, isConditional }: Extent) {
  return {
    tools: tools && [...tools],
    prompts: prompts && [...prompts],
    resources: resources && [...resources],
    except: { tools: [...except.tools], prompts: [...except.prompts], resources: [...except.resources] },
    isConditional,
  };
}

function granteeOf({ id, email, reach, role, permissions }: Member) {
  return { member: id, email, teams: reach, role, permissions };
}

function isNamed(member: Member, subject: GrantSubject): boolean {
  switch (subject.type) {
    case 'member':
      return member.id === subject.id;
    case 'team':
      return member.reach.includes(subject.id);
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
