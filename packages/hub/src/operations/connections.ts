import { authOf, type ServerEntry } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { MemberId } from '@mcpvault/domain/ids';
import type { ServerConnection } from '@mcpvault/store/connections-store';
import {
  beginConnection as beginNow,
  finishConnection as finishNow,
  hashOf,
  takeBack,
} from '../connections/connect.ts';
import { connectionKey } from '../connections/connections.ts';
import { showConnection } from '../connections/show-connection.ts';
import { type Asked, type Context, handles, handlesPrepared } from './handler.ts';
import { serverOf } from './server-lookup.ts';

type Asking = Pick<Asked, 'caller' | 'services'>;

export const listConnections = handles('listConnections', async (_input, { caller, services, stores, now }) => {
  const { organization, member } = caller;
  const mine = await stores.connections.list(organization, member);
  const may = new Set(services.catalog.granted(caller));
  const items = services.catalog
    .servers(organization)
    .map(({ entry }) => entry)
    .filter((entry) => authOf(entry) !== null && (may.has(entry.id) || permits(caller, 'servers:write')))
    .map((entry) => {
      const owner = ownerOf(entry, caller);
      const found = mine.find((each) => each.server === entry.id && each.member === owner) ?? null;
      return showConnection({ entry, found, caller, url: services.url, now });
    });
  return { items, next: null };
});

export const getConnection = handles('getConnection', async ({ id }, context) => {
  const entry = await entryFor(context, id);
  return show(context, entry, await current(context, entry));
});

export const beginConnection = handlesPrepared(
  'beginConnection',
  async ({ id }, asked) => {
    const entry = await entryFor(asked, id);
    demandOwner(entry, asked.caller);
    const earlier = await current({ ...asked, stores: asked.services.stores }, entry);
    return { entry, begun: await beginNow(asked.services.connect, entry, asked.caller.member, earlier) };
  },
  async (_input, context, { entry, begun }) => {
    const { stores } = context;
    if (begun.registered !== null) await stores.connections.putClient(begun.registered);
    if (begun.signIn !== null) await stores.connections.begin(begun.signIn);
    if (begun.connection !== null) await keep(context, entry, begun.connection);
    context.note({ subject: entry.id, detail: { server: entry.name, mode: authOf(entry)?.mode } });
    return { url: begun.url };
  },
);

export const finishConnection = handlesPrepared(
  'finishConnection',
  async ({ answer }, { caller, services, now }) => {
    const query = new URLSearchParams(answer);
    const { organization, member } = caller;
    // Taken away before anything else is done with it: whatever comes of it, it was used.
    const taken = await services.stores.connections.take(hashOf(query.get('state') ?? ''), organization, member, now);
    if (taken === null) {
      throw new Failure('invalid_params', 'This sign-in was not begun by you, was used already, or took too long.', {
        fix: 'Begin it again from the page of the server.',
      });
    }
    const entry = await entryFor({ caller, services }, taken.server);
    demandOwner(entry, caller);
    return { entry, connection: await finishNow(services.connect, entry, taken, query) };
  },
  async (_input, context, { entry, connection }) => {
    await keep(context, entry, connection);
    context.note({
      subject: entry.id,
      detail: { server: entry.name, mode: authOf(entry)?.mode, issuer: connection.issuer, scopes: connection.scopes },
    });
    return show(context, entry, connection);
  },
);

export const removeConnection = handlesPrepared(
  'removeConnection',
  async ({ id }, asked) => {
    const entry = await entryFor(asked, id);
    demandOwner(entry, asked.caller);
    const found = await current({ ...asked, stores: asked.services.stores }, entry);
    return { entry, found };
  },
  async (_input, context, { entry, found }) => {
    const owner = ownerOf(entry, context.caller);
    const removed = await context.stores.connections.remove(entry.organization, entry.id, owner);
    if (!removed || found === null) throw new Failure('not_found', 'Nobody is signed in there.');
    context.changed('connections', connectionKey(entry.id, owner));
    context.note({ subject: entry.id, detail: { server: entry.name, mode: authOf(entry)?.mode } });
    context.afterwards(() => takeBack(context.services.connect, found));
    return undefined;
  },
);

/** The server's catalogue entry, for those who may use it or change it. Throws `not_found` and `conflict`. */
async function entryFor({ caller, services }: Asking, idOrName: string): Promise<ServerEntry> {
  const server = await serverOf({ stores: services.stores, services, caller }, idOrName);
  const known = services.catalog.servers(caller.organization).find(({ entry }) => entry.id === server.id);
  if (known === undefined || authOf(known.entry) === null) {
    throw new Failure('conflict', `The server "${server.name}" is set up to want no sign-in.`, {
      fix: 'An admin can change that in its settings.',
    });
  }
  return known.entry;
}

/** null: all share one. */
function ownerOf(entry: ServerEntry, { member }: Caller): MemberId | null {
  return authOf(entry)?.mode === 'shared' ? null : member;
}

/** What all share, only those may connect who may change the server; and nobody in the name of another. */
function demandOwner(entry: ServerEntry, caller: Caller): void {
  if (caller.actedBy !== undefined) {
    throw new Failure('forbidden', 'Only the member themselves signs in and out at servers, not who acts as them.');
  }
  if (authOf(entry)?.mode !== 'shared' || permits(caller, 'servers:write')) return;
  throw new Failure('forbidden', `Everybody uses one sign-in at "${entry.name}".`, {
    fix: 'Ask an admin of your organization to connect it.',
  });
}

function current({ stores, caller }: Pick<Context, 'stores' | 'caller'>, entry: ServerEntry) {
  return stores.connections.of(entry.organization, entry.id, ownerOf(entry, caller));
}

async function keep(context: Context, entry: ServerEntry, connection: ServerConnection): Promise<void> {
  await context.stores.connections.put(connection);
  context.changed('connections', connectionKey(entry.id, connection.member));
  const { contact } = context.services;
  context.afterwards(() => contact.begin(entry.organization, entry.id, context.caller.member));
}

function show({ caller, services, now }: Context, entry: ServerEntry, found: ServerConnection | null) {
  return showConnection({ entry, found, caller, url: services.url, now });
}
