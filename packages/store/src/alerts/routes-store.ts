// Over which routes people are told of things, how far each delivery has come, and which hub is at it: one at a time holds a
// route for a while, and only who holds it says what was delivered.
import type { Ids } from '@mcpvault/domain/ambient';
import type { AlertState } from '@mcpvault/domain/alerts/alert';
import type { Notification } from '@mcpvault/domain/alerts/notification';
import type { QuietHours, RouteFilter, RouteTransport } from '@mcpvault/domain/alerts/route';
import { Failure } from '@mcpvault/domain/failure';
import type { AlertRouteId, Id, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import type { SealedSecret } from '../audit/destinations-store.ts';
import { openPage, type Page, type PageRequest } from '../page.ts';
import type { Executor, Schema } from '../schema.ts';

export type DeliveryId = Id<'dlv'>;

export interface RouteDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly transport: RouteTransport;
  readonly filter: RouteFilter;
  readonly quiet: QuietHours | null;
  /** Only what is still open so many minutes later; 0: at once. */
  readonly afterMinutes: number;
}

export interface AlertRoute extends RouteDraft {
  readonly id: AlertRouteId;
  readonly organization: OrganizationId;
  readonly sealed: SealedSecret | null;
  readonly createdBy: MemberId;
  /** Milliseconds since the epoch, like all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly delivered: number;
  readonly deliveredAt: number | null;
  /** Failed tries in a row; the last of them, and what may help. */
  readonly failures: number;
  readonly failedAt: number | null;
  readonly failure: string | null;
  readonly fix: string | null;
  readonly dueAt: number;
}

export interface NewRoute extends RouteDraft {
  readonly id: AlertRouteId;
  readonly organization: OrganizationId;
  readonly sealed: SealedSecret | null;
  readonly createdBy: MemberId;
  readonly createdAt: number;
}

export interface Delivery {
  readonly id: DeliveryId;
  readonly state: 'waiting' | 'delivered' | 'dropped';
  readonly type: Notification['type'];
  readonly title: string;
  readonly severity: Notification['severity'];
  readonly madeAt: number;
  readonly dueAt: number;
  readonly doneAt: number | null;
  readonly tries: number;
  /** Why the last try failed, or why it is not delivered at all. */
  readonly why: string | null;
}

/** One that is to be made now. */
export interface DueDelivery {
  readonly id: DeliveryId;
  readonly told: Notification;
  readonly madeAt: number;
  readonly tries: number;
  /** null where it is about no alert, or the alert was forgotten. */
  readonly alertState: AlertState | null;
}

export interface Failed {
  readonly at: number;
  readonly failure: string;
  readonly fix: string | null;
  readonly dueAt: number;
  /** The receiver wants nothing any more. */
  readonly disable: boolean;
}

/** Whether, and when, a route is to tell something; null: not. */
export type Choose = (route: AlertRoute, told: Notification) => number | null;

export interface RoutesStore {
  /** Throws `conflict` when the name is taken. */
  create(route: NewRoute): Promise<void>;
  byId(organization: OrganizationId, id: AlertRouteId): Promise<AlertRoute | null>;
  all(organization: OrganizationId): Promise<readonly AlertRoute[]>;
  /** Begins anew with trying; `sealed` left out stays. False when there is none. Throws `conflict` when the name is taken. */
  update(
    organization: OrganizationId,
    id: AlertRouteId,
    draft: RouteDraft & { readonly sealed?: SealedSecret | undefined },
    at: number,
  ): Promise<boolean>;
  remove(organization: OrganizationId, id: AlertRouteId): Promise<boolean>;
  waiting(organization: OrganizationId): Promise<ReadonlyMap<AlertRouteId, number>>;
  deliveries(organization: OrganizationId, route: AlertRouteId, page: PageRequest): Promise<Page<Delivery>>;
  /** Makes deliveries of what was told and not handed out, each once; answers how many notifications that were. */
  handOut(choose: Choose, ids: Ids, atMost: number): Promise<number>;
  /** A route on which something is due and that nobody holds; held for `hub` until then. null when there is none. */
  hold(hub: string, at: number, until: number): Promise<AlertRoute | null>;
  due(route: AlertRouteId, at: number, atMost: number): Promise<readonly DueDelivery[]>;
  postpone(ids: readonly DeliveryId[], dueAt: number, why: string): Promise<void>;
  drop(ids: readonly DeliveryId[], at: number, why: string): Promise<void>;
  /** Writes down that a try failed. */
  tried(ids: readonly DeliveryId[], why: string): Promise<void>;
  /** False when the route is no longer held, changed meanwhile or gone: then nothing was noted, and the work ends. */
  delivered(
    hub: string,
    route: AlertRoute,
    ids: readonly DeliveryId[],
    at: number,
    heldUntil: number,
  ): Promise<boolean>;
  failed(hub: string, id: AlertRouteId, failed: Failed): Promise<void>;
  release(hub: string, id: AlertRouteId, dueAt: number): Promise<void>;
  /** Lets go of what was told before, with its deliveries; answers how many. */
  forget(before: number, atMost: number): Promise<number>;
}

export function createRoutesStore(executor: Executor): RoutesStore {
  const held = (hub: string, id: AlertRouteId) =>
    executor.updateTable('alert_routes').where('id', '=', id).where('held_by', '=', hub);
  const within = async <Result>(work: (own: Executor) => Promise<Result>): Promise<Result> =>
    executor.isTransaction ? work(executor) : executor.transaction().execute(work);

  return {
    async create({ id, organization, sealed, createdBy, createdAt, ...draft }) {
      const at = new Date(createdAt);
      await unique(() =>
        executor
          .insertInto('alert_routes')
          .values({
            ...{ id, organization, created_by: createdBy, created_at: at, updated_at: at, due_at: at },
            ...columnsOf(draft),
            secret: sealed?.secret ?? null,
            secret_key: sealed?.key ?? null,
          })
          .execute(),
      );
    },

    async byId(organization, id) {
      const row = await executor
        .selectFrom('alert_routes')
        .selectAll()
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? toRoute(row) : null;
    },

    async all(organization) {
      const rows = await executor
        .selectFrom('alert_routes')
        .selectAll()
        .where('organization', '=', organization)
        .orderBy('name')
        .execute();
      return rows.map(toRoute);
    },

    async update(organization, id, { sealed, ...draft }, at) {
      const { numUpdatedRows } = await unique(() =>
        executor
          .updateTable('alert_routes')
          .set({
            ...columnsOf(draft),
            ...(sealed && { secret: sealed.secret, secret_key: sealed.key }),
            ...{ updated_at: new Date(at), due_at: new Date(at), held_by: null, held_until: null },
            ...{ failures: 0, failed_at: null, failure: null, fix: null },
          })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirstOrThrow(),
      );
      return numUpdatedRows > 0n;
    },

    async remove(organization, id) {
      const { numDeletedRows } = await executor
        .deleteFrom('alert_routes')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },

    async waiting(organization) {
      const rows = await executor
        .selectFrom('alert_deliveries')
        .select('route')
        .select(({ fn }) => fn.countAll<number>().as('waiting'))
        .where('organization', '=', organization)
        .where('state', '=', 'waiting')
        .groupBy('route')
        .execute();
      return new Map(rows.map(({ route, waiting }) => [route, Number(waiting)]));
    },

    async deliveries(organization, route, request) {
      const page = openPage(request);
      const rows = await executor
        .selectFrom('alert_deliveries as d')
        .innerJoin('notifications as n', 'n.id', 'd.notification')
        .selectAll('d')
        .select(['n.type', 'n.body'])
        .where('d.organization', '=', organization)
        .where('d.route', '=', route)
        .where(page.after('d.made_at', 'd.id'))
        .orderBy('d.made_at', 'desc')
        .orderBy('d.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(
        rows,
        (row) => ({ at: row.made_at.getTime(), id: row.id }),
        ({ id, state, type, body, made_at, due_at, done_at, tries, why }) => {
          const { title, severity } = body as Pick<Notification, 'title' | 'severity'>;
          const [madeAt, dueAt, doneAt] = [made_at.getTime(), due_at.getTime(), done_at?.getTime() ?? null];
          return { id, state, type, title, severity, madeAt, dueAt, doneAt, tries, why };
        },
      );
    },

    handOut: (choose, ids, atMost) =>
      within(async (own) => {
        const rows = await own
          .selectFrom('notifications')
          .selectAll()
          .where('handed_out', '=', false)
          .orderBy('at')
          .orderBy('id')
          .limit(atMost)
          .forUpdate()
          .skipLocked()
          .execute();
        if (rows.length === 0) return 0;
        const organizations = [...new Set(rows.map(({ organization }) => organization))];
        const routes = (
          await own
            .selectFrom('alert_routes')
            .selectAll()
            .where('organization', 'in', organizations)
            .where('enabled', '=', true)
            .execute()
        ).map(toRoute);
        const deliveries = rows.flatMap((row) => {
          const told = toNotification(row);
          return routes
            .filter(({ organization }) => organization === row.organization)
            .flatMap((route) => {
              const dueAt = choose(route, told);
              return dueAt === null ? [] : [{ route, told, dueAt }];
            });
        });
        if (deliveries.length > 0) {
          await own
            .insertInto('alert_deliveries')
            .values(
              deliveries.map(({ route, told, dueAt }) => ({
                ...{ id: ids.next('dlv'), organization: route.organization, route: route.id, notification: told.id },
                ...{ state: 'waiting' as const, made_at: new Date(told.at), due_at: new Date(dueAt) },
                ...{ done_at: null, why: null },
              })),
            )
            .onConflict((conflict) => conflict.columns(['route', 'notification']).doNothing())
            .execute();
        }
        await own
          .updateTable('notifications')
          .set({ handed_out: true })
          .where(
            'id',
            'in',
            rows.map(({ id }) => id),
          )
          .execute();
        return rows.length;
      }),

    async hold(hub, at, until) {
      const now = new Date(at);
      const row = await executor
        .updateTable('alert_routes')
        .set({ held_by: hub, held_until: new Date(until) })
        .where('id', '=', (query) =>
          query
            .selectFrom('alert_routes')
            .select('id')
            .where('enabled', '=', true)
            .where('due_at', '<=', now)
            .where(sql<boolean>`(held_until is null or held_until <= ${now})`)
            // Looking writes nothing where nothing is due.
            .where(
              sql<boolean>`exists (select from alert_deliveries d
                where d.route = alert_routes.id and d.state = 'waiting' and d.due_at <= ${now})`,
            )
            .orderBy('due_at')
            .limit(1)
            .forUpdate()
            .skipLocked(),
        )
        .returningAll()
        .executeTakeFirst();
      return row ? toRoute(row) : null;
    },

    async due(route, at, atMost) {
      const rows = await executor
        .selectFrom('alert_deliveries as d')
        .innerJoin('notifications as n', 'n.id', 'd.notification')
        .leftJoin('alerts as a', 'a.id', 'n.alert')
        .select(['d.id as delivery', 'd.made_at', 'd.tries', 'a.state as alert_state'])
        .select(['n.id', 'n.organization', 'n.at', 'n.type', 'n.alert', 'n.body', 'n.handed_out'])
        .where('d.route', '=', route)
        .where('d.state', '=', 'waiting')
        .where('d.due_at', '<=', new Date(at))
        .orderBy('d.due_at')
        .orderBy('d.id')
        .limit(atMost)
        .execute();
      return rows.map((row) => ({
        ...{ id: row.delivery, tries: row.tries, alertState: row.alert_state, madeAt: row.made_at.getTime() },
        told: toNotification(row),
      }));
    },

    async postpone(ids, dueAt, why) {
      if (ids.length === 0) return;
      await executor
        .updateTable('alert_deliveries')
        .set({ due_at: new Date(dueAt), why })
        .where('id', 'in', ids)
        .where('state', '=', 'waiting')
        .execute();
    },

    async drop(ids, at, why) {
      if (ids.length === 0) return;
      await executor
        .updateTable('alert_deliveries')
        .set({ state: 'dropped', done_at: new Date(at), why })
        .where('id', 'in', ids)
        .where('state', '=', 'waiting')
        .execute();
    },

    async tried(ids, why) {
      await executor
        .updateTable('alert_deliveries')
        .set((query) => ({ tries: query('tries', '+', 1), why }))
        .where('id', 'in', ids)
        .where('state', '=', 'waiting')
        .execute();
    },

    delivered: (hub, { id, updatedAt }, ids, at, heldUntil) =>
      within(async (own) => {
        const { numUpdatedRows } = await own
          .updateTable('alert_routes')
          .where('id', '=', id)
          .where('held_by', '=', hub)
          .where('updated_at', '=', new Date(updatedAt))
          .set((query) => ({
            delivered: query('delivered', '+', ids.length),
            delivered_at: new Date(at),
            ...{ failures: 0, failed_at: null, failure: null, fix: null, held_until: new Date(heldUntil) },
          }))
          .executeTakeFirstOrThrow();
        if (numUpdatedRows === 0n) return false;
        await own
          .updateTable('alert_deliveries')
          .set((query) => ({
            state: 'delivered',
            done_at: new Date(at),
            tries: query('tries', '+', 1),
            why: null,
          }))
          .where('id', 'in', ids)
          .execute();
        return true;
      }),

    async failed(hub, id, { at, failure, fix, dueAt, disable }) {
      await held(hub, id)
        .set((query) => ({
          failures: query('failures', '+', 1),
          ...{ failed_at: new Date(at), failure, fix, due_at: new Date(dueAt), held_by: null, held_until: null },
          ...(disable && { enabled: false }),
        }))
        .execute();
    },

    async release(hub, id, dueAt) {
      await held(hub, id)
        .set({ held_by: null, held_until: null, due_at: new Date(dueAt) })
        .execute();
    },

    async forget(before, atMost) {
      const { numDeletedRows } = await executor
        .deleteFrom('notifications')
        .where('id', 'in', (query) =>
          query
            .selectFrom('notifications')
            .select('id')
            .where('at', '<', new Date(before))
            .where('handed_out', '=', true)
            .limit(atMost),
        )
        .executeTakeFirstOrThrow();
      return Number(numDeletedRows);
    },
  };
}

async function unique<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const constraint = error instanceof Error && 'constraint' in error ? error.constraint : null;
    if (constraint !== 'alert_routes_name') throw error;
    throw new Failure('conflict', 'There is a route with this name already.');
  }
}

function columnsOf({ name, enabled, transport, filter, quiet, afterMinutes }: RouteDraft) {
  return {
    ...{ name, enabled, transport: JSON.stringify(transport), filter: JSON.stringify(filter) },
    ...{ quiet: quiet === null ? null : JSON.stringify(quiet), after_minutes: afterMinutes },
  };
}

function toRoute(row: Selectable<Schema['alert_routes']>): AlertRoute {
  const { id, organization, name, enabled, transport, filter, quiet, delivered, failures, failure, fix } = row;
  return {
    ...{ id, organization, name, enabled, transport, filter, quiet, delivered, failures, failure, fix },
    afterMinutes: row.after_minutes,
    sealed: row.secret === null || row.secret_key === null ? null : { secret: row.secret, key: row.secret_key },
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
    deliveredAt: row.delivered_at?.getTime() ?? null,
    failedAt: row.failed_at?.getTime() ?? null,
    dueAt: row.due_at.getTime(),
  };
}

function toNotification({
  id,
  organization,
  at,
  type,
  alert,
  body,
}: Selectable<Schema['notifications']>): Notification {
  return {
    ...(body as Omit<Notification, 'id' | 'organization' | 'at' | 'type' | 'alert'>),
    id,
    organization,
    at: at.getTime(),
    type,
    alert,
  };
}
