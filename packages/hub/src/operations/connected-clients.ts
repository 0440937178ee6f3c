import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import type { NewConnectedClient } from '@mcpvault/store/connected-clients-store';
import { type Scope, scopeTexts, signInScope } from '../oauth/scopes.ts';
import type { Asking } from '../oauth/oauth-desk.ts';
import { startSignIn } from '../auth/sign-in.ts';
import { readSecurity } from '../security-settings.ts';
import { type Asked, type Context, handles, handlesPrepared } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

/** May ask the client's host what it says about itself, so never inside a transaction. */
async function asking({ request }: { readonly request: string }, { services }: Asked): Promise<Asking> {
  const found = await services.oauth.asking(request);
  if (found !== null) return found;
  throw new Failure('not_found', 'This request was answered already, or is too old.', {
    fix: 'Go back to the application, and start again there.',
  });
}

async function askingDevice({ code }: { readonly code: string }, { services }: Asked): Promise<Asking> {
  const found = await services.oauth.askingDevice(code);
  if (found !== null) return found;
  throw new Failure('not_found', 'No device shows this code, or it is too old.', {
    fix: 'Look at the code again; after ten minutes the device needs a new one.',
  });
}

export const getAuthorization = handlesPrepared('getAuthorization', asking, (_, context, found) =>
  show(found, context),
);

export const decideAuthorization = handlesPrepared('decideAuthorization', asking, async (input, context, found) => {
  const { services } = context;
  const wanted = input.scopes === undefined ? found.scopes : found.scopes.filter((one) => input.scopes?.includes(one));
  if (input.allow && wanted.length === 0) throw new Failure('invalid_params', 'scopes: allow at least one of them.');
  const before = input.asBefore ? await demandRemembered(found, wanted, context) : null;
  const allowed = input.allow ? letIn(found, wanted, context, before?.expiresAt) : null;
  noteDecision(found, wanted, allowed, context, before !== null);
  return { ticket: services.oauth.ticket({ interaction: input.request, allowed }) };
});

export const getDevice = handlesPrepared('getDevice', askingDevice, (_, context, found) => show(found, context));

export const decideDevice = handlesPrepared('decideDevice', askingDevice, async ({ code, allow }, context, found) => {
  const { stores, services, now, caller } = context;
  const allowed = allow ? letIn(found, found.scopes, context) : null;
  noteDecision(found, found.scopes, allowed, context);
  const answer =
    allowed === null
      ? { error: 'access_denied', errorDescription: 'the member did not allow it' }
      : {
          accountId: `${caller.organization}/${caller.member}`,
          grantId: allowed.id,
          scope: allowed.scopes.join(' '),
          resource: allowed.resource,
        };
  if (allowed !== null) await stores.connectedClients.create(allowed);
  const hash = services.oauth.userCodeHash(code);
  if (await stores.oauthArtifacts.answerUserCode(hash, answer, allowed?.id ?? null, now)) return undefined;
  throw new Failure('conflict', 'This device was answered a moment ago.');
});

export const exchangeSignIn = handlesPrepared(
  'exchangeSignIn',
  ({ token }, { services }) => services.oauth.takeSignIn(token),
  async (_, context, found) => {
    const { stores } = context;
    if (found) await context.enter(found.organization);
    const member = found && (await stores.members.byId(found.organization, found.member));
    if (!found || member === null || member.disabledAt !== null) {
      throw new Failure('unauthenticated', 'This token is none for signing in, or was used before.');
    }
    context.note({ by: found, subject: found.member, detail: { with: 'device code' } });
    context.changed('members', found.member);
    // Nobody lets a device in before the second factor that is demanded is set up.
    const { requireSecondFactor: secondFactor } = await readSecurity(stores.settings, found.organization);
    const how = { method: 'device', provider: null, providerSession: null, secondFactor } as const;
    return startSignIn(context, found.organization, found.member, how);
  },
);

export const listConnectedClients = handles('listConnectedClients', async ({ member, ...page }, context) => {
  const { stores, caller, now } = context;
  const whose = member ?? caller.member;
  if (whose !== caller.member && !permits(caller, 'tokens:write-any')) {
    throw new Failure('forbidden', 'Your role does not allow to see the clients of others (tokens:write-any).');
  }
  const { items, next } = await stores.connectedClients.list(caller.organization, whose, now, page);
  return {
    items: items.map(({ id, clientName, client, resource, scopes, provider, ...times }) => ({
      id,
      name: clientName,
      client,
      resource,
      scopes: [...scopes],
      createdAt: rfc3339(times.createdAt),
      expiresAt: rfc3339(times.expiresAt),
      lastUsedAt: rfc3339OrNull(times.lastUsedAt),
      provider,
    })),
    next,
  };
});

export const disconnectClient = handles('disconnectClient', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const found = await stores.connectedClients.byId(caller.organization, id, now);
  const theirs = found !== null && (found.member === caller.member || permits(caller, 'tokens:write-any'));
  if (!theirs) throw new Failure('not_found', 'There is no such client, or it was let in no more already.');
  const ended = await stores.connectedClients.endClient(caller.organization, found.member, found.client, now);
  for (const each of ended) {
    await stores.oauthArtifacts.removeOf('RefreshToken', each);
    context.changed('connected-clients', each);
  }
  context.note({ subject: id, detail: { member: found.member, client: found.client, name: found.clientName } });
  return undefined;
});

export const rotateOauthKey = handlesPrepared(
  'rotateOauthKey',
  (_, { services }) => services.oauthKeys.rotate(),
  async (_, context, { kid, signsFrom }) => {
    context.note({ subject: kid });
    return { key: kid, signsFrom: rfc3339(signsFrom) };
  },
);

async function show(found: Asking, { stores, caller, now }: Context) {
  const { client, redirect, resource, endpoint, scopes } = found;
  const before = await stores.connectedClients.remembered(sameOf(found, scopes, caller), now);
  return {
    client: {
      id: client.id,
      name: client.name,
      knownBy: client.known.by,
      host: client.known.by === 'host' ? client.known.host : null,
    },
    redirect,
    resource,
    server: endpoint ?? null,
    isSignIn: endpoint === undefined,
    scopes: scopes.map((name) => ({ name, text: textOf(name) })),
    wasAllowed: before !== null,
    isRemembered: before !== null && needsNoAsking(found),
  };
}

function sameOf(
  { client, resource }: Asking,
  scopes: readonly string[],
  { organization, member }: Pick<Context['caller'], 'organization' | 'member'>,
) {
  return { organization, member, client: client.id, resource, scopes };
}

function needsNoAsking({ isAssured, mustAsk, redirect }: Asking): boolean {
  return isAssured && !mustAsk && redirect !== null;
}

async function demandRemembered(found: Asking, scopes: readonly string[], { stores, caller, now }: Context) {
  const before = await stores.connectedClients.remembered(sameOf(found, scopes, caller), now);
  if (before !== null && needsNoAsking(found)) return before;
  throw new Failure('conflict', 'You have to be asked again about this client.');
}

function textOf(scope: string): string {
  if (scope === signInScope) return 'Everything that you may do, until it is signed out';
  return scopeTexts[scope as Scope] ?? scope;
}

function letIn(
  found: Asking,
  scopes: readonly string[],
  { caller, services, now }: Context,
  until = now + services.lifetimes.refresh,
): NewConnectedClient {
  return {
    id: services.ambient.ids.next('ccl'),
    organization: caller.organization,
    member: caller.member,
    client: found.client.id,
    clientName: found.client.name,
    resource: found.resource,
    scopes,
    createdAt: now,
    expiresAt: until,
  };
}

function noteDecision(
  { client, redirect, resource }: Asking,
  scopes: readonly string[],
  allowed: NewConnectedClient | null,
  context: Context,
  asBefore = false,
): void {
  context.note({
    subject: allowed?.id ?? client.id,
    detail: {
      client: client.id,
      name: client.name,
      redirect: redirect?.uri ?? null,
      resource,
      scopes,
      allowed: allowed !== null,
      ...(asBefore && { asBefore }),
    },
  });
}
