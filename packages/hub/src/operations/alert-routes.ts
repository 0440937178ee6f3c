import type { ParsedInputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { isTimeZone, type RouteTransport } from '@mcpvault/domain/alerts/route';
import { webhookSecret } from '@mcpvault/domain/audit/formats/webhook-signature';
import { Failure } from '@mcpvault/domain/failure';
import type { AlertRouteId } from '@mcpvault/domain/ids';
import type { AlertRoute, RouteDraft } from '@mcpvault/store/alerts/routes-store';
import { routeSecretAbout } from '../alerts/routes/carriers.ts';
import { undelivered } from '../audit/destinations/receiver.ts';
import { type Context, handles, handlesPrepared } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

type Given = ParsedInputOf<Operations['createAlertRoute']>;

export const listAlertRoutes = handles('listAlertRoutes', async (_, { stores, caller, services }) => {
  const waiting = await stores.alertRoutes.waiting(caller.organization);
  const all = await stores.alertRoutes.all(caller.organization);
  return { items: all.map((route) => show(route, waiting.get(route.id) ?? 0)), next: null, mail: services.canMail };
});

export const createAlertRoute = handles('createAlertRoute', async ({ transport, ...given }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  demandQuiet(given);
  const id = services.ambient.ids.next('rte');
  const { kept, hidden, shown } = transportOf(transport, null, context);
  const draft: RouteDraft = { ...given, transport: kept };
  await stores.alertRoutes.create({
    ...{ ...draft, id, organization, createdBy: caller.member, createdAt: now },
    sealed: hidden === null ? null : seal(context, id, hidden),
  });
  note(context, id, draft);
  return { route: await shownRoute(context, id), secret: shown };
});

export const updateAlertRoute = handles('updateAlertRoute', async ({ id, transport, ...given }, context) => {
  const { stores, caller, now } = context;
  demandQuiet(given);
  const before = await routeOf(context, id);
  if (transport !== undefined && transport.type !== before.transport.type)
    throw new Failure('invalid_params', 'transport: a route stays of its kind; make another one.');
  const changed = transport === undefined ? null : transportOf(transport, before, context);
  const draft: RouteDraft = { ...given, transport: changed?.kept ?? before.transport };
  const sealed = changed?.hidden == null ? undefined : seal(context, id, changed.hidden);
  if (!(await stores.alertRoutes.update(caller.organization, id, { ...draft, sealed }, now))) throw noSuchRoute();
  note(context, id, draft);
  return shownRoute(context, id);
});

export const removeAlertRoute = handles('removeAlertRoute', async ({ id }, context) => {
  const { stores, caller } = context;
  const { name } = await routeOf(context, id);
  await stores.alertRoutes.remove(caller.organization, id);
  context.note({ subject: id, detail: { name } });
  context.changed('alerts', null);
  return undefined;
});

export const testAlertRoute = handlesPrepared(
  'testAlertRoute',
  async ({ id }, { services, caller }) => {
    const route = await services.stores.alertRoutes.byId(caller.organization, id);
    if (route === null) throw noSuchRoute();
    try {
      await services.dispatcher.test(route, caller.member);
      return null;
    } catch (error) {
      return undelivered(error);
    }
  },
  async ({ id }, { note: noteAbout }, problem) => {
    noteAbout({ subject: id, detail: { taken: problem === null } });
    return { taken: problem === null, why: problem?.message ?? null, fix: problem?.fix ?? null };
  },
);

export const listAlertDeliveries = handles('listAlertDeliveries', async ({ id, ...paging }, context) => {
  const { stores, caller } = context;
  await routeOf(context, id);
  const { items, next } = await stores.alertRoutes.deliveries(caller.organization, id, paging);
  return {
    items: items.map(({ madeAt, dueAt, doneAt, ...rest }) => ({
      ...{ ...rest, at: rfc3339(madeAt), dueAt: rfc3339(dueAt), doneAt: rfc3339OrNull(doneAt) },
    })),
    next,
  };
});

/** What is kept in plain, what is sealed, and what is shown once. */
function transportOf(transport: Given['transport'], before: AlertRoute | null, { services }: Context) {
  if (transport.type === 'email') {
    if (transport.to.length === 0 && !transport.people)
      throw new Failure('invalid_params', 'transport: give an address, or have it sent to those whom it concerns.');
    return { kept: transport satisfies RouteTransport, hidden: null, shown: null };
  }
  // Told at once, and not by a delivery that never succeeds. Names are judged when they are looked up.
  services.outboundRules.judgeUrl(transport.url);
  if (transport.type === 'webhook') {
    const secret = before === null ? webhookSecret(services.ambient.random.bytes(24)) : null;
    return { kept: transport, hidden: secret, shown: secret };
  }
  const { host } = new URL(transport.url);
  const kept: RouteTransport =
    transport.type === 'slack' ? { type: 'slack', host } : { type: 'chat', host, field: transport.field };
  return { kept, hidden: transport.url, shown: null };
}

function seal({ services, caller }: Context, id: AlertRouteId, secret: string) {
  const { sealed, key } = services.sealer.seal(caller.organization, routeSecretAbout(id), Buffer.from(secret));
  return { secret: sealed, key };
}

function demandQuiet({ quiet }: Pick<RouteDraft, 'quiet'>): void {
  if (quiet !== null && !isTimeZone(quiet.timeZone))
    throw new Failure(
      'invalid_params',
      `quiet: "${quiet.timeZone}" is no time zone; write it as Europe/Berlin or UTC.`,
    );
}

async function routeOf({ stores, caller }: Context, id: AlertRouteId): Promise<AlertRoute> {
  const route = await stores.alertRoutes.byId(caller.organization, id);
  if (route === null) throw noSuchRoute();
  return route;
}

async function shownRoute(context: Context, id: AlertRouteId) {
  const waiting = await context.stores.alertRoutes.waiting(context.caller.organization);
  return show(await routeOf(context, id), waiting.get(id) ?? 0);
}

function note(context: Context, id: AlertRouteId, draft: RouteDraft): void {
  const { name, enabled, transport, filter, quiet, afterMinutes } = draft;
  const where = transport.type === 'webhook' ? { type: 'webhook', host: new URL(transport.url).host } : transport;
  context.note({ subject: id, detail: { name, enabled, where, filter, quiet, afterMinutes } });
  context.changed('alerts', null);
}

function show(route: AlertRoute, waiting: number) {
  const { id, name, enabled, transport, filter, quiet, afterMinutes, createdAt, updatedAt } = route;
  const { failures, failure, failedAt, fix, delivered, deliveredAt, dueAt } = route;
  const is = !enabled ? ('off' as const) : failures > 0 ? ('failing' as const) : ('fine' as const);
  return {
    ...{ id, name, enabled, afterMinutes },
    transport: transport.type === 'email' ? { ...transport, to: [...transport.to] } : transport,
    filter: {
      ...filter,
      types: filter.types && [...filter.types],
      policies: filter.policies && [...filter.policies],
      servers: filter.servers && [...filter.servers],
    },
    quiet: quiet && { ...quiet, days: quiet.days && [...quiet.days] },
    ...{ createdAt: rfc3339(createdAt), updatedAt: rfc3339(updatedAt) },
    state: {
      ...{ is, waiting, delivered, lastDeliveredAt: rfc3339OrNull(deliveredAt), failures },
      problem: failure === null || failedAt === null ? null : { at: rfc3339(failedAt), why: failure, fix },
      nextTryAt: is === 'failing' ? rfc3339(dueAt) : null,
    },
  };
}

function noSuchRoute(): Failure {
  return new Failure('not_found', 'There is no such route.');
}
