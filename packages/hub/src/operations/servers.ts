import type { ParsedInputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { mergedName } from '@mcpvault/domain/catalog/naming';
import { definitionDifference } from '@mcpvault/domain/catalog/definition-difference';
import { completeRules, type ProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Isolation, Transport } from '@mcpvault/domain/catalog/server';
import type { GivenClient, UpstreamAuth } from '@mcpvault/domain/catalog/upstream-auth';
import { Failure } from '@mcpvault/domain/failure';
import type { Attempt } from '@mcpvault/domain/identity/condition';
import { permits } from '@mcpvault/domain/identity/permission';
import type { ServerId } from '@mcpvault/domain/ids';
import type { Server } from '@mcpvault/store/servers-store';
import type { Definition, ToolReview } from '@mcpvault/store/tool-definitions-store';
import { newVersion, openDefinition } from '../catalog/server-version.ts';
import { type Asked, type Context, handles, handlesPrepared } from './handler.ts';
import { seesEvery, serverOf } from './server-lookup.ts';
import { showServer } from './show.ts';
import { rfc3339 } from './times.ts';

type Update = ParsedInputOf<Operations['updateServer']>;
type GivenAuth = Extract<NonNullable<Update['transport']>, { readonly url: string }>['auth'];

export const listServers = handles('listServers', async (input, context) => {
  const { stores, services, caller } = context;
  const only = seesEvery(caller) ? undefined : services.catalog.granted(caller);
  const { items, next } = await stores.servers.list(caller.organization, { ...input, only });
  return { items: await Promise.all(items.map((server) => show(context, server))), next };
});

export const getServer = handles('getServer', async ({ id }, context) => show(context, await serverOf(context, id)));

export const createServer = handles('createServer', async (input, context) => {
  const { name, transport, isolation } = input;
  const { stores, services, caller, now } = context;
  const { organization, member } = caller;
  const id = services.ambient.ids.next('srv');
  const processes = completeRules(input.processes ?? {});
  const version = newVersion({ ...services, organization, transport, isolation, processes, by: member, now });
  await stores.servers.create({ id, organization, name, enabled: true, createdBy: member, createdAt: now }, version);
  context.note({ subject: id, detail: { name, isolation, ...version.summary } });
  context.changed('servers', id);
  context.afterwards(() => services.contact.begin(organization, id));
  return show(context, await serverById(context, id), transport);
});

export const updateServer = handles('updateServer', async (input, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const server = await serverOf(context, input.id);
  const { name, enabled } = input;
  await stores.servers.update(organization, server.id, { name, enabled }, now);
  const changed = await addVersion(context, server, input);
  const after = await serverById(context, server.id);
  context.note({ subject: server.id, detail: { name, enabled, ...changed, version: after.current?.number } });
  context.changed('servers', server.id);
  if (changed || enabled === true) {
    const status = { status: 'connecting', reason: null, fix: null, checkedAt: null } as const;
    await stores.servers.setStatus(organization, server.id, status);
    context.afterwards(() => services.contact.begin(organization, server.id));
  }
  return show(context, await serverById(context, server.id));
});

export const removeServer = handles('removeServer', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const server = await serverOf(context, id);
  await stores.servers.retire(caller.organization, server.id, now);
  context.note({ subject: server.id, detail: { name: server.name } });
  context.changed('servers', server.id);
  context.changed('grants', null);
  return undefined;
});

export const listServerTools = handles('listServerTools', async ({ id, limit, cursor }, context) => {
  const { stores, services, caller } = context;
  const server = await serverOf(context, id);
  const listing = await stores.servers.tools(caller.organization, server.id);
  const reach = seesEvery(caller) ? null : services.catalog.reach(caller, server.id);
  const entry = services.catalog.servers(caller.organization).find((known) => known.entry.id === server.id)?.entry;
  const tools = (listing?.tools ?? []).filter(
    ({ name }) => reach === null || (entry !== undefined && reach.lists(attemptOf(context, entry, name))),
  );
  const reviews = permits(caller, 'servers:write')
    ? new Map((await stores.toolDefinitions.reviews(caller.organization, server.id)).map((one) => [one.name, one]))
    : null;
  const from = cursor === undefined ? 0 : tools.findIndex((tool) => tool.name === cursor) + 1;
  const items = tools.slice(from, from + limit).map(({ name, definition }) => ({
    ...tidy(definition),
    name,
    mergedName: isForPagesOnly(definition) ? null : mergedName(server.name, name),
    ...reviewIn(reviews, name, definition),
  }));
  const last = items.at(-1);
  return { items, next: last && from + limit < tools.length ? last.name : null };
});

function reviewIn(reviews: ReadonlyMap<string, ToolReview> | null, name: string, definition: Definition) {
  const found = reviews?.get(name);
  if (found === undefined) return {};
  const { fingerprint, review, firstSeen, approved } = found;
  const state = review ?? (approved === null ? 'new' : 'changed');
  const changes = approved === null ? [] : [...definitionDifference(approved, definition)];
  return { review: { fingerprint, state, since: rfc3339(firstSeen), changes } } as const;
}

export const reviewTool = handles('reviewTool', async ({ id, tool, fingerprint, verdict }, context) => {
  const { stores, caller, now } = context;
  const server = await serverOf(context, id);
  const about = { name: tool, fingerprint, review: verdict };
  if (!(await stores.toolDefinitions.review(caller.organization, server.id, about, caller.member, now)))
    throw new Failure('not_found', 'That definition was never seen; look again at what the server says now.');
  context.note({ subject: server.id, detail: { tool, fingerprint, verdict } });
  context.changed('servers', server.id);
  return undefined;
});

function attemptOf({ caller, actor, now }: Context, server: Attempt['server'], name: string): Attempt {
  return { caller, server, kind: 'tool', name, now, address: actor.address, client: null, arguments: () => ({}) };
}

export const checkServer = handlesPrepared('checkServer', contactNow, async ({ id }, context) => {
  const server = await serverOf(context, id);
  context.note({ subject: server.id });
  return show(context, server);
});

export const restartServer = handles('restartServer', async ({ id }, context) => {
  const { stores, services, caller } = context;
  const { organization } = caller;
  const server = await serverOf(context, id);
  const status = { status: 'connecting', reason: null, fix: null, checkedAt: null } as const;
  await stores.servers.setStatus(organization, server.id, status);
  context.note({ subject: server.id });
  context.changed('servers', server.id);
  context.afterwards(() => {
    services.gateway.close(server.id, 'an admin restarted the server');
    services.contact.begin(organization, server.id);
  });
  return show(context, await serverById(context, server.id));
});

export const serverLogs = handles('serverLogs', async ({ id }, context) => {
  const server = await serverOf(context, id);
  const lines = context.services.gateway.logs(server.id);
  return { items: lines.map(({ at, process, text }) => ({ at: rfc3339(at), process, text })), next: null };
});

async function contactNow({ id }: { readonly id: string }, { caller, services }: Asked): Promise<void> {
  const server = await serverOf({ stores: services.stores, services, caller }, id);
  if (!server.enabled) throw new Failure('conflict', 'This server is switched off.', { fix: 'Switch it on first.' });
  await services.contact.check(caller.organization, server.id);
}

/** Another way of running it is a new version; null when nothing of that changed. */
async function addVersion(context: Context, server: Server, { transport, isolation, processes }: Update) {
  if (transport === undefined && isolation === undefined && processes === undefined) return null;
  const { stores, services, caller, now } = context;
  const { organization, member } = caller;
  const before = await currentDefinition(context, server);
  const next = {
    transport: transport ? keepSecrets(transport, before.transport) : before.transport,
    isolation: isolation ?? before.isolation,
    processes: completeRules(processes ?? {}, before.processes),
  };
  if (JSON.stringify(next) === JSON.stringify(before)) return null;
  const version = newVersion({ ...services, organization, ...next, by: member, now });
  await stores.servers.createVersion(organization, server.id, version);
  return { isolation: next.isolation, ...version.summary };
}

/** Values of env and headers given as null stand for those that are stored, which nobody is ever shown. */
function keepSecrets(given: NonNullable<Update['transport']>, stored: Transport): Transport {
  const kept = (
    values: Readonly<Record<string, string | null>>,
    place: string,
    before: Readonly<Record<string, string>>,
  ) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const text = value ?? before[name];
        if (text === undefined)
          throw new Failure('invalid_params', `transport.${place}.${name}: no value is stored to keep.`);
        return [name, text];
      }),
    );
  if (given.type === 'stdio')
    return { ...given, env: kept(given.env, 'env', stored.type === 'stdio' ? stored.env : {}) };
  const headers = kept(given.headers, 'headers', stored.type === 'stdio' ? {} : stored.headers);
  const { auth, ...rest } = given;
  return {
    ...rest,
    headers,
    ...(auth && { auth: keepClient(auth, stored.type === 'stdio' ? undefined : stored.auth) }),
  };
}

function keepClient(given: NonNullable<GivenAuth>, stored: UpstreamAuth | undefined): UpstreamAuth {
  const { client, ...rest } = given;
  if (client === undefined) return rest;
  const before = stored?.client?.id === client.id ? stored.client : undefined;
  const keep = (name: 'secret' | 'key'): Partial<Pick<GivenClient, 'secret' | 'key'>> => {
    const value = client[name] === null ? before?.[name] : client[name];
    if (client[name] === null && value === undefined) {
      throw new Failure('invalid_params', `transport.auth.client.${name}: no value is stored to keep.`);
    }
    return value === undefined || value === null ? {} : { [name]: value };
  };
  const { id, algorithm, method } = client;
  return { ...rest, client: { id, ...keep('secret'), ...keep('key'), algorithm, method } };
}

async function currentDefinition(
  context: Context,
  server: Server,
): Promise<{ transport: Transport; isolation: Isolation; processes: ProcessRules }> {
  const { stores, services, caller } = context;
  const version = server.current && (await stores.servers.version(caller.organization, server.current.id));
  if (!version) throw new Error(`server ${server.id} has no approved version`);
  return {
    transport: openDefinition(services.sealer, version),
    isolation: version.isolation,
    processes: version.processes,
  };
}

async function serverById({ stores, caller }: Context, id: ServerId): Promise<Server> {
  const server = await stores.servers.byId(caller.organization, id);
  if (server === null) throw new Failure('not_found', 'There is no such server.');
  return server;
}

async function show(context: Context, server: Server, transport?: Transport) {
  const { services, caller } = context;
  // Not for a personal token either: it lies where AI clients can read it.
  const visible =
    permits(caller, 'servers:write') && caller.token === null
      ? (transport ?? (await transportOf(context, server)))
      : null;
  const { gateway } = services;
  const rules = server.current?.processes;
  const processes =
    visible?.type === 'stdio' && rules !== undefined
      ? { rules, confinement: gateway.confinement({ processes: rules }), running: gateway.processes(server.id) }
      : null;
  const connections = gateway.connections(server.id);
  return showServer(server, { transport: visible, processes, connections, url: services.url });
}

/** From memory where the version is the one held there. */
async function transportOf(context: Context, server: Server): Promise<Transport> {
  const held = context.services.catalog.servers(server.organization).find(({ entry }) => entry.id === server.id);
  if (held !== undefined && held.entry.version === server.current?.id) return held.entry.transport;
  return (await currentDefinition(context, server)).transport;
}

/** Whether a tool is for the pages of its server, and not for models. */
function isForPagesOnly({ _meta: meta }: Readonly<Record<string, unknown>>): boolean {
  const visibility = (meta as { ui?: { visibility?: unknown } | null } | null | undefined)?.ui?.visibility;
  return Array.isArray(visibility) && !visibility.includes('model');
}

/** Servers may describe a tool with odd members; only those that the contract names are shown. */
function tidy({ title, description, inputSchema, annotations }: Readonly<Record<string, unknown>>) {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    ...(typeof title === 'string' ? { title } : {}),
    ...(typeof description === 'string' ? { description } : {}),
    inputSchema: isObject(inputSchema) ? inputSchema : {},
    ...(isObject(annotations) ? { annotations } : {}),
  };
}
