import { webhookSecret } from '@mcpvault/domain/audit/formats/webhook-signature';
import { Failure } from '@mcpvault/domain/failure';
import type { DestinationId } from '@mcpvault/domain/ids';
import type { Destination, DestinationDraft } from '@mcpvault/store/audit/destinations-store';
import { secretAbout } from '../audit/destinations/receivers.ts';
import { undelivered } from '../audit/destinations/receiver.ts';
import { type Asked, type Context, handles, handlesPrepared } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

export const listDestinations = handles('listDestinations', async (_, context) => {
  const { stores, caller } = context;
  const size = await sizeOf(context);
  const all = await stores.destinations.all(caller.organization);
  return { items: all.map((destination) => show(destination, size, context)), next: null };
});

export const createDestination = handles('createDestination', async ({ from, ...draft }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  demandPlace(draft, context);
  const id = services.ambient.ids.next('dst');
  const secret = draft.transport.type === 'webhook' ? webhookSecret(services.ambient.random.bytes(24)) : null;
  const sealed = secret === null ? null : services.sealer.seal(organization, secretAbout(id), Buffer.from(secret));
  const size = await sizeOf(context);
  await stores.destinations.create({
    ...{ ...draft, id, organization, createdBy: caller.member, createdAt: now },
    sealed: sealed && { secret: sealed.sealed, key: sealed.key },
    next: from === 'now' ? size : 0,
  });
  note(context, id, draft);
  return { destination: show(await destinationOf(context, id), size, context), secret };
});

export const updateDestination = handles('updateDestination', async ({ id, ...draft }, context) => {
  const { stores, caller, now } = context;
  demandPlace(draft, context);
  const before = await destinationOf(context, id);
  if (before.transport.type !== draft.transport.type) {
    throw new Failure('invalid_params', 'transport: a destination stays of its kind; make another one.');
  }
  if (!(await stores.destinations.update(caller.organization, id, draft, now))) throw noSuchDestination();
  note(context, id, draft);
  return show(await destinationOf(context, id), await sizeOf(context), context);
});

export const removeDestination = handles('removeDestination', async ({ id }, context) => {
  const { stores, caller } = context;
  const { name } = await destinationOf(context, id);
  await stores.destinations.remove(caller.organization, id);
  context.note({ subject: id, detail: { name } });
  return undefined;
});

export const testDestination = handlesPrepared(
  'testDestination',
  async ({ id }, { services, caller }) => {
    const destination = await services.stores.destinations.byId(caller.organization, id);
    if (destination === null) throw noSuchDestination();
    try {
      await services.courier.test(destination, caller.member);
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

/** Told at once, and not by a delivery that never succeeds. Names are judged when they are looked up. */
function demandPlace({ transport }: Pick<DestinationDraft, 'transport'>, { services }: Pick<Asked, 'services'>): void {
  if (transport.type === 'webhook') services.outboundRules.judgeUrl(transport.url);
}

async function sizeOf({ stores, caller }: Context): Promise<number> {
  return (await stores.auditLog.head(caller.organization)).frontier.size;
}

async function destinationOf({ stores, caller }: Context, id: DestinationId): Promise<Destination> {
  const destination = await stores.destinations.byId(caller.organization, id);
  if (destination === null) throw noSuchDestination();
  return destination;
}

function note(
  context: Context,
  id: DestinationId,
  { name, enabled, transport, format, filter }: DestinationDraft,
): void {
  const place = transport.type === 'webhook' ? { host: new URL(transport.url).host } : transport;
  const { type, ...where } = { type: transport.type, ...place, ...('ca' in place && { ca: place.ca !== null }) };
  context.note({ subject: id, detail: { name, enabled, type, where, format, filter } });
}

function show(destination: Destination, size: number, { services }: Pick<Asked, 'services'>) {
  const { id, name, enabled, transport, format, filter, createdAt, updatedAt } = destination;
  const { failures, failure, failedAt, fix, next, delivered, deliveredAt, dueAt } = destination;
  const lag = Math.max(0, size - next);
  const is = stateOf(enabled, failures, lag);
  return {
    ...{ id, name, enabled, transport, format },
    filter: { ...filter, actions: [...filter.actions] },
    folder: transport.type === 'file' ? services.destinationFolder(id) : null,
    createdAt: rfc3339(createdAt),
    updatedAt: rfc3339(updatedAt),
    state: {
      is,
      lag,
      delivered,
      lastDeliveredAt: rfc3339OrNull(deliveredAt),
      failures,
      problem: failure === null || failedAt === null ? null : { at: rfc3339(failedAt), why: failure, fix },
      nextTryAt: is === 'failing' ? rfc3339(dueAt) : null,
    },
  };
}

function stateOf(enabled: boolean, failures: number, lag: number) {
  if (!enabled) return 'off' as const;
  if (failures > 0) return 'failing' as const;
  return lag === 0 ? ('current' as const) : ('behind' as const);
}

function noSuchDestination(): Failure {
  return new Failure('not_found', 'There is no such destination.');
}
