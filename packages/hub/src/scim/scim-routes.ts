// Which request of SCIM does what: the table of its resources and methods.
import { createHash } from 'node:crypto';
import type { Stores } from '@mcpvault/store/stores';
import { parseFilter } from './filter.ts';
import { readGroup, showGroup } from './group-resource.ts';
import { createGroup, groupOf, removeGroup, replaceGroup } from './groups.ts';
import { applyPatch, type Resource } from './patch.ts';
import type { Provider, Provision, ScimContext } from './provision.ts';
import { invalid, ScimFailure } from './scim-failure.ts';
import { pageAtMost, resourceTypes, schemas, serviceProviderConfig } from './service-description.ts';
import { readUser, showUser } from './user-resource.ts';
import { createUser, removeUser, replaceUser, userOf } from './users.ts';

export interface Asked {
  readonly method: string;
  /** `Users`, `Groups`, `Schemas` and so on. */
  readonly kind: string;
  /** null for the resources of a kind as a whole. */
  readonly id: string | null;
  readonly query: URLSearchParams;
  body(): Promise<Resource>;
  readonly ifMatch: string | null;
}

export interface Answer {
  readonly status: number;
  readonly body: Resource | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ScimRoutesDeps {
  readonly stores: Stores;
  readonly provision: Provision;
  /** The SCIM base URL, without a slash at its end. */
  readonly base: string;
}

/** What users and groups have in common: the same requests, on other things. */
interface Kind<Thing> {
  readonly action: string;
  list(
    provider: Provider,
    match: Match,
    part: { offset: number; limit: number },
  ): Promise<{ items: readonly Thing[]; total: number }>;
  find(context: Pick<ScimContext, 'stores' | 'organization'>, id: string): Promise<Thing>;
  show(thing: Thing): Resource;
  create(context: ScimContext, resource: Resource): Promise<Thing>;
  replace(context: ScimContext, before: Thing, resource: Resource): Promise<Thing>;
  remove(context: ScimContext, thing: Thing): Promise<void>;
}

type Match = Readonly<Record<string, string | boolean>>;

const listSchema = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const userAttributes: ReadonlyMap<string, string> = new Map([
  ['id', 'id'],
  ['username', 'userName'],
  ['externalid', 'externalId'],
  ['displayname', 'name'],
  ['emails', 'email'],
  ['emails.value', 'email'],
  ['active', 'enabled'],
]);
const groupAttributes: ReadonlyMap<string, string> = new Map([
  ['id', 'id'],
  ['externalid', 'externalId'],
  ['displayname', 'name'],
  ['members', 'member'],
  ['members.value', 'member'],
]);

export function createScimRoutes({ stores, provision, base }: ScimRoutesDeps) {
  const users: Kind<Awaited<ReturnType<typeof userOf>>> = {
    action: 'scim.users',
    list: ({ token }, match, part) => stores.members.find(token.organization, match, part),
    find: (context, id) => userOf(context as ScimContext, id),
    show: (member) => versioned(showUser(member, base)),
    create: (context, resource) => createUser(context, readUser(resource)),
    replace: (context, before, resource) => replaceUser(context, before, readUser(resource)),
    remove: removeUser,
  };
  const groups: Kind<Awaited<ReturnType<typeof groupOf>>> = {
    action: 'scim.groups',
    list: ({ token }, match, part) => stores.teams.find(token.organization, match, part),
    find: (context, id) => groupOf(context as ScimContext, id),
    show: (team) => versioned(showGroup(team, base)),
    create: (context, resource) => createGroup(context, readGroup(resource)),
    replace: (context, before, resource) => replaceGroup(context, before, readGroup(resource)),
    remove: removeGroup,
  };
  const described = new Map<string, (id: string | null) => Answer>([
    ['ServiceProviderConfig', () => ok(serviceProviderConfig(base))],
    ['ResourceTypes', (id) => oneOrAll(resourceTypes(base), id)],
    ['Schemas', (id) => oneOrAll(schemas(base), id)],
  ]);

  async function about<Thing>(kind: Kind<Thing>, provider: Provider, asked: Asked): Promise<Answer> {
    const { method, id, query } = asked;
    const { organization } = provider.token;
    if (id === null && method === 'GET') return list(kind, provider, query);
    if (id === null && method === 'POST') {
      const body = await asked.body();
      const made = kind.show(
        await provision(provider, `${kind.action}.create`, (context) => kind.create(context, body)),
      );
      return { status: 201, body: pick(made, query), headers: { location: metaOf(made, 'location') } };
    }
    if (id === null) throw notAllowed(method);
    if (method === 'GET') return ok(pick(kind.show(await kind.find({ stores, organization }, id)), query));
    if (method === 'PUT' || method === 'PATCH') {
      const body = await asked.body();
      const action = `${kind.action}.${method === 'PUT' ? 'replace' : 'patch'}`;
      const changed = await provision(provider, action, async (context) => {
        const before = await current(kind, context, id, asked.ifMatch);
        const wanted = method === 'PUT' ? body : applyPatch(kind.show(before), body);
        return kind.replace(context, before, wanted);
      });
      return ok(pick(kind.show(changed), query));
    }
    if (method === 'DELETE') {
      await provision(provider, `${kind.action}.remove`, async (context) =>
        kind.remove(context, await current(kind, context, id, asked.ifMatch)),
      );
      return { status: 204, body: null };
    }
    throw notAllowed(method);
  }

  async function current<Thing>(
    kind: Kind<Thing>,
    context: ScimContext,
    id: string,
    ifMatch: string | null,
  ): Promise<Thing> {
    const found = await kind.find(context, id);
    if (ifMatch !== null && ifMatch !== '*' && ifMatch !== metaOf(kind.show(found), 'version')) {
      throw new ScimFailure(412, 'It was changed meanwhile; read it again.');
    }
    return found;
  }

  async function list<Thing>(kind: Kind<Thing>, provider: Provider, query: URLSearchParams): Promise<Answer> {
    const startIndex = Math.max(1, wholeIn(query, 'startIndex') ?? 1);
    const count = Math.min(pageAtMost, Math.max(0, wholeIn(query, 'count') ?? 100));
    const attributes = (kind as unknown) === groups ? groupAttributes : userAttributes;
    const match = matchOf(query.get('filter'), attributes);
    if (match === null) return ok(listOf([], 0, startIndex));
    const { items, total } = await kind.list(provider, match, { offset: startIndex - 1, limit: count });
    return ok(
      listOf(
        items.map((item) => pick(kind.show(item), query)),
        total,
        startIndex,
      ),
    );
  }

  return async (provider: Provider, asked: Asked): Promise<Answer> => {
    if (asked.kind === 'Users') return about(users, provider, asked);
    if (asked.kind === 'Groups') return about(groups, provider, asked);
    const describe = described.get(asked.kind);
    if (describe === undefined) throw new ScimFailure(404, 'There is nothing at this address.');
    if (asked.method !== 'GET') throw notAllowed(asked.method);
    return describe(asked.id);
  };
}

/** null for what nothing can match: two different values for one attribute. */
function matchOf(filter: string | null, attributes: ReadonlyMap<string, string>): Match | null {
  const match: Record<string, string | boolean> = {};
  for (const { attribute, value } of filter === null ? [] : parseFilter(filter)) {
    // Which of the addresses is meant makes no difference: one is kept.
    if (attribute === 'emails.type' || attribute === 'emails.primary') continue;
    const name = attributes.get(attribute);
    if (name === undefined || (name === 'enabled') !== (typeof value === 'boolean')) {
      throw invalid(`Filtering by ${attribute.slice(0, 100)} is not supported.`, 'invalidFilter');
    }
    if (match[name] !== undefined && match[name] !== value) return null;
    match[name] = value;
  }
  return match;
}

function wholeIn(query: URLSearchParams, name: string): number | null {
  const written = query.get(name);
  if (written === null || written === '') return null;
  const number = Number(written);
  if (!Number.isSafeInteger(number)) throw invalid(`${name} is no whole number.`);
  return Math.min(number, 10_000_000);
}

function ok(body: Resource): Answer {
  return { status: 200, body };
}

function listOf(resources: readonly Resource[], totalResults: number, startIndex: number): Resource {
  return { schemas: [listSchema], totalResults, startIndex, itemsPerPage: resources.length, Resources: resources };
}

function oneOrAll(all: readonly Resource[], id: string | null): Answer {
  if (id === null) return ok(listOf(all, all.length, 1));
  const one = all.find((each) => each['id'] === id);
  if (one === undefined) throw new ScimFailure(404, 'There is nothing at this address.');
  return ok(one);
}

/** What was asked for of a resource; `schemas`, `id` and `meta` always. */
function pick(resource: Resource, query: URLSearchParams): Resource {
  const names = (name: string) =>
    new Set((query.get(name) ?? '').split(',').map((each) => each.trim().split('.')[0]?.toLowerCase() ?? ''));
  const wanted = query.has('attributes') ? names('attributes') : null;
  const unwanted = names('excludedAttributes');
  const isShown = (name: string): boolean => {
    if (name === 'schemas' || name === 'id' || name === 'meta') return true;
    return (wanted === null || wanted.has(name.toLowerCase())) && !unwanted.has(name.toLowerCase());
  };
  return Object.fromEntries(Object.entries(resource).filter(([name]) => isShown(name)));
}

/** With a version made of what it says. */
function versioned(resource: Resource): Resource {
  const hash = createHash('sha256').update(JSON.stringify(resource)).digest('base64url').slice(0, 22);
  return { ...resource, meta: { ...(resource['meta'] as Resource), version: `W/"${hash}"` } };
}

function metaOf(resource: Resource, name: string): string {
  const value = (resource['meta'] as Resource)[name];
  return typeof value === 'string' ? value : '';
}

function notAllowed(method: string): ScimFailure {
  return new ScimFailure(405, `${method.slice(0, 20)} is not possible here.`);
}
