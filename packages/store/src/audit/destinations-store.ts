// Where audit events are sent, and how far each destination has come. Several hubs share the work: one at a time holds a
// destination for a while, and only who holds it moves its place.
import type { EventFilter } from '@mcpvault/domain/audit/formats/event-filter';
import type { DestinationId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { Failure } from '@mcpvault/domain/failure';
import { type Selectable, sql } from 'kysely';
import type { Executor, Schema } from '../schema.ts';
import type { DestinationFormat, DestinationTransport } from './destination.ts';

export interface SealedSecret {
  readonly secret: Buffer;
  /** The data key that it was sealed with. */
  readonly key: string;
}

export interface DestinationDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly transport: DestinationTransport;
  readonly format: DestinationFormat;
  readonly filter: EventFilter;
}

export interface Destination extends DestinationDraft {
  readonly id: DestinationId;
  readonly organization: OrganizationId;
  readonly sealed: SealedSecret | null;
  readonly createdBy: MemberId;
  /** Milliseconds since the epoch, like all times here. */
  readonly createdAt: number;
  readonly updatedAt: number;
  /** The entry that is to be told next. */
  readonly next: number;
  /** Events that were delivered. */
  readonly delivered: number;
  readonly deliveredAt: number | null;
  /** Failed tries in a row; the last of them, and what may help. */
  readonly failures: number;
  readonly failedAt: number | null;
  readonly failure: string | null;
  readonly fix: string | null;
  readonly dueAt: number;
}

export interface NewDestination extends DestinationDraft {
  readonly id: DestinationId;
  readonly organization: OrganizationId;
  readonly sealed: SealedSecret | null;
  readonly createdBy: MemberId;
  readonly createdAt: number;
  readonly next: number;
}

export interface DestinationsStore {
  /** Throws `conflict` when the name is taken. */
  create(destination: NewDestination): Promise<void>;
  byId(organization: OrganizationId, id: DestinationId): Promise<Destination | null>;
  all(organization: OrganizationId): Promise<readonly Destination[]>;
  /** Begins anew with trying. False when there is none. Throws `conflict` when the name is taken. */
  update(organization: OrganizationId, id: DestinationId, draft: DestinationDraft, at: number): Promise<boolean>;
  remove(organization: OrganizationId, id: DestinationId): Promise<boolean>;
  /** One that is due and that nobody holds; held for `hub` until then. null when there is none. */
  hold(hub: string, at: number, until: number): Promise<Destination | null>;
  /** False when it is no longer held, changed meanwhile or gone: then nothing was noted, and the work ends. */
  delivered(hub: string, destination: Destination, progress: Delivered): Promise<boolean>;
  failed(hub: string, id: DestinationId, failed: Failed): Promise<void>;
  /** Lets go, and is due again then. */
  release(hub: string, id: DestinationId, dueAt: number): Promise<void>;
}

export interface Delivered {
  readonly next: number;
  readonly events: number;
  readonly at: number;
  readonly heldUntil: number;
}

export interface Failed {
  readonly at: number;
  readonly failure: string;
  readonly fix: string | null;
  readonly dueAt: number;
  /** The receiver wants nothing any more. */
  readonly disable: boolean;
}

export function createDestinationsStore(executor: Executor): DestinationsStore {
  const held = (hub: string, id: DestinationId) =>
    executor.updateTable('audit_destinations').where('id', '=', id).where('held_by', '=', hub);

  return {
    async create({ id, organization, sealed, createdBy, createdAt, next, ...draft }) {
      const at = new Date(createdAt);
      await unique(() =>
        executor
          .insertInto('audit_destinations')
          .values({
            ...{ id, organization, created_by: createdBy, created_at: at, updated_at: at, next, due_at: at },
            ...columnsOf(draft),
            secret: sealed?.secret ?? null,
            secret_key: sealed?.key ?? null,
          })
          .execute(),
      );
    },

    async byId(organization, id) {
      const row = await executor
        .selectFrom('audit_destinations')
        .selectAll()
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirst();
      return row ? toDestination(row) : null;
    },

    async all(organization) {
      const rows = await executor
        .selectFrom('audit_destinations')
        .selectAll()
        .where('organization', '=', organization)
        .orderBy('name')
        .execute();
      return rows.map(toDestination);
    },

    async update(organization, id, draft, at) {
      const { numUpdatedRows } = await unique(() =>
        executor
          .updateTable('audit_destinations')
          .set({
            ...columnsOf(draft),
            ...{
              updated_at: new Date(at),
              due_at: new Date(at),
              failures: 0,
              failed_at: null,
              failure: null,
              fix: null,
            },
            ...{ held_by: null, held_until: null },
          })
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirstOrThrow(),
      );
      return numUpdatedRows > 0n;
    },

    async remove(organization, id) {
      const { numDeletedRows } = await executor
        .deleteFrom('audit_destinations')
        .where('organization', '=', organization)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },

    async hold(hub, at, until) {
      const row = await executor
        .updateTable('audit_destinations')
        .set({ held_by: hub, held_until: new Date(until) })
        .where('id', '=', (query) =>
          query
            .selectFrom('audit_destinations')
            .select('id')
            .where('enabled', '=', true)
            .where('due_at', '<=', new Date(at))
            .where(sql<boolean>`(held_until is null or held_until <= ${new Date(at)})`)
            // Whoever has everything is not touched: looking writes nothing.
            .where(
              sql<boolean>`next < (select size from audit_heads where organization = audit_destinations.organization)`,
            )
            .orderBy('due_at')
            .limit(1)
            .forUpdate()
            .skipLocked(),
        )
        .returningAll()
        .executeTakeFirst();
      return row ? toDestination(row) : null;
    },

    async delivered(hub, { id, updatedAt }, { next, events, at, heldUntil }) {
      const { numUpdatedRows } = await held(hub, id)
        .where('updated_at', '=', new Date(updatedAt))
        .set((query) => ({
          next,
          delivered: query('delivered', '+', events),
          ...(events > 0 && { delivered_at: new Date(at) }),
          failures: 0,
          failed_at: null,
          failure: null,
          fix: null,
          held_until: new Date(heldUntil),
        }))
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },

    async failed(hub, id, { at, failure, fix, dueAt, disable }) {
      await held(hub, id)
        .set((query) => ({
          failures: query('failures', '+', 1),
          failed_at: new Date(at),
          failure,
          fix,
          due_at: new Date(dueAt),
          held_by: null,
          held_until: null,
          ...(disable && { enabled: false }),
        }))
        .execute();
    },

    async release(hub, id, dueAt) {
      await held(hub, id)
        .set({ held_by: null, held_until: null, due_at: new Date(dueAt) })
        .execute();
    },
  };
}

async function unique<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const constraint = error instanceof Error && 'constraint' in error ? error.constraint : null;
    if (constraint !== 'audit_destinations_name') throw error;
    throw new Failure('conflict', 'There is a destination with this name already.');
  }
}

function columnsOf({ name, enabled, transport, format, filter }: DestinationDraft) {
  return { name, enabled, format, transport: JSON.stringify(transport), filter: JSON.stringify(filter) };
}

function toDestination(row: Selectable<Schema['audit_destinations']>): Destination {
  const { id, organization, name, enabled, transport, format, filter, next, delivered, failures, failure, fix } = row;
  return {
    ...{ id, organization, name, enabled, transport, format, filter, next, delivered, failures, failure, fix },
    sealed: row.secret === null || row.secret_key === null ? null : { secret: row.secret, key: row.secret_key },
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
    deliveredAt: row.delivered_at?.getTime() ?? null,
    failedAt: row.failed_at?.getTime() ?? null,
    dueAt: row.due_at.getTime(),
  };
}
