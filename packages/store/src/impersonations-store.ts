// Who acted as whom, why and until when. Kept for good: what was done in that time names its impersonation.
import type { ImpersonationId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { type Selectable, sql } from 'kysely';
import { openPage, type Page, type PageRequest } from './page.ts';
import type { Person } from './members-store.ts';
import type { Executor, Schema } from './schema.ts';

export interface Impersonation {
  readonly id: ImpersonationId;
  readonly organization: OrganizationId;
  /** Who really acts. */
  readonly actor: Person;
  /** As whom. */
  readonly subject: Person;
  readonly reason: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** When it was ended before its time. */
  readonly endedAt: number | null;
}

export interface NewImpersonation {
  readonly id: ImpersonationId;
  readonly organization: OrganizationId;
  readonly actor: MemberId;
  readonly subject: MemberId;
  readonly reason: string;
  /** SHA-256 of its credential. */
  readonly hash: Buffer;
  readonly createdAt: number;
  readonly expiresAt: number;
}

export interface ImpersonationQuery extends PageRequest {
  /** Those in which this member took part, on either side; all of the organization when left out. */
  readonly member?: MemberId | undefined;
}

export interface ImpersonationsStore {
  /** Throws `not_found` when one of the two is not of this organization. */
  create(impersonation: NewImpersonation): Promise<void>;
  /** Over all organizations; ended ones too: whoever asks judges. */
  byHash(hash: Buffer): Promise<Impersonation | null>;
  byId(organization: OrganizationId, id: ImpersonationId): Promise<Impersonation | null>;
  /** Newest first. */
  list(organization: OrganizationId, query: ImpersonationQuery): Promise<Page<Impersonation>>;
  /** Those under way, in which others act as this member. */
  underwayOf(organization: OrganizationId, subject: MemberId, now: number): Promise<readonly Impersonation[]>;
  /** False when it had ended, or there is none such. */
  end(organization: OrganizationId, id: ImpersonationId, by: MemberId, at: number): Promise<boolean>;
}

export function createImpersonationsStore(executor: Executor): ImpersonationsStore {
  const whole = () =>
    executor
      .selectFrom('impersonations')
      .innerJoin('members as actors', 'actors.id', 'impersonations.actor')
      .innerJoin('members as subjects', 'subjects.id', 'impersonations.subject')
      .selectAll('impersonations')
      .select(['actors.email as actor_email', 'actors.name as actor_name'])
      .select(['subjects.email as subject_email', 'subjects.name as subject_name']);

  return {
    async create({ id, organization, actor, subject, reason, hash, createdAt, expiresAt }) {
      await executor
        .insertInto('impersonations')
        .values({
          ...{ id, organization, actor, subject, reason, hash },
          created_at: new Date(createdAt),
          expires_at: new Date(expiresAt),
        })
        .execute();
    },

    async byHash(hash) {
      const row = await whole().where('impersonations.hash', '=', hash).executeTakeFirst();
      return row ? toImpersonation(row) : null;
    },

    async byId(organization, id) {
      const row = await whole()
        .where('impersonations.organization', '=', organization)
        .where('impersonations.id', '=', id)
        .executeTakeFirst();
      return row ? toImpersonation(row) : null;
    },

    async list(organization, { member, ...request }) {
      const page = openPage(request);
      let query = whole().where('impersonations.organization', '=', organization);
      if (member !== undefined) {
        query = query.where((eb) =>
          eb.or([eb('impersonations.actor', '=', member), eb('impersonations.subject', '=', member)]),
        );
      }
      const rows = await query
        .where(page.after('impersonations.created_at', 'impersonations.id'))
        .orderBy('impersonations.created_at', 'desc')
        .orderBy('impersonations.id', 'desc')
        .limit(page.fetch)
        .execute();
      return page.close(rows, (row) => ({ at: row.created_at.getTime(), id: row.id }), toImpersonation);
    },

    async underwayOf(organization, subject, now) {
      const rows = await whole()
        .where('impersonations.organization', '=', organization)
        .where('impersonations.subject', '=', subject)
        .where('impersonations.ended_at', 'is', null)
        .where('impersonations.expires_at', '>', new Date(now))
        .orderBy('impersonations.created_at')
        .execute();
      return rows.map(toImpersonation);
    },

    async end(organization, id, by, at) {
      const result = await executor
        .updateTable('impersonations')
        .set({ ended_at: new Date(at), ended_by: by })
        .where('organization', '=', organization)
        .where('id', '=', id)
        .where('ended_at', 'is', null)
        .where(sql<boolean>`expires_at > ${new Date(at)}`)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },
  };
}

type Row = Selectable<Schema['impersonations']> & {
  readonly actor_email: string;
  readonly actor_name: string;
  readonly subject_email: string;
  readonly subject_name: string;
};

function toImpersonation(row: Row): Impersonation {
  return {
    id: row.id,
    organization: row.organization,
    actor: { id: row.actor, email: row.actor_email, name: row.actor_name },
    subject: { id: row.subject, email: row.subject_email, name: row.subject_name },
    reason: row.reason,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at.getTime(),
    endedAt: row.ended_at?.getTime() ?? null,
  };
}
