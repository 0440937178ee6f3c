// The calls that the audit log stands for: batch by batch, as the journal had them.
import type { Hash } from '@mcpvault/domain/audit/merkle';
import type { MemberId, MessageId, OrganizationId } from '@mcpvault/domain/ids';
import type { Selectable } from 'kysely';
import type { Executor, Schema } from '../schema.ts';
import { unpackHashes } from './packed-hashes.ts';
import { unpackLines } from './packed-lines.ts';

export interface CallBatch {
  /** Of the entry that stands for them. */
  readonly sequence: number;
  /** Without their ends. */
  readonly lines: readonly string[];
  /** One for each line, unless somebody changed the database. */
  readonly leaves: readonly Hash[];
}

export interface AuditCallsView {
  /** Those of entries from `from` to before `to`, in order. */
  between(organization: OrganizationId, from: number, to: number): Promise<readonly CallBatch[]>;
  /** How many calls those entries stand for. */
  counts(
    organization: OrganizationId,
    from: number,
    to: number,
  ): Promise<readonly { readonly sequence: number; readonly calls: number }[]>;
  /** Newest first, before entry `before`. */
  latest(organization: OrganizationId, before: number, limit: number): Promise<readonly CallBatch[]>;
  /** The batch that holds a message; null when none does. */
  of(organization: OrganizationId, message: MessageId): Promise<{ batch: CallBatch; index: number } | null>;
  /** E-mail addresses of members, removed ones too. */
  labels(organization: OrganizationId, members: readonly MemberId[]): Promise<ReadonlyMap<MemberId, string>>;
}

/** Batches whose first message is older; those of several hubs lie across each other, but not further than this. */
const triedAtMost = 200;

export function createAuditCallsView(executor: Executor): AuditCallsView {
  const within = (organization: OrganizationId, from: number, to: number) =>
    executor
      .selectFrom('audit_calls')
      .where('organization', '=', organization)
      .where('sequence', '>=', from)
      .where('sequence', '<', to);

  return {
    async between(organization, from, to) {
      const rows = await within(organization, from, to).selectAll().orderBy('sequence').execute();
      return rows.map(toBatch);
    },

    async counts(organization, from, to) {
      return within(organization, from, to).select(['sequence', 'calls']).orderBy('sequence').execute();
    },

    async latest(organization, before, limit) {
      const rows = await within(organization, 0, before).selectAll().orderBy('sequence', 'desc').limit(limit).execute();
      return rows.map(toBatch);
    },

    async of(organization, message) {
      const rows = await executor
        .selectFrom(
          executor
            .selectFrom('audit_calls')
            .selectAll()
            .where('organization', '=', organization)
            .where('first', '<=', message)
            .orderBy('first', 'desc')
            .limit(triedAtMost)
            .as('tried'),
        )
        .selectAll()
        .where('last', '>=', message)
        .execute();
      for (const row of rows) {
        const batch = toBatch(row);
        const index = batch.lines.findIndex((line) => line.startsWith(`${message}\t`));
        if (index >= 0) return { batch, index };
      }
      return null;
    },

    async labels(organization, members) {
      if (members.length === 0) return new Map();
      const rows = await executor
        .selectFrom('members')
        .select(['id', 'email'])
        .where('organization', '=', organization)
        .where('id', 'in', [...new Set(members)])
        .execute();
      return new Map(rows.map(({ id, email }) => [id, email]));
    },
  };
}

function toBatch({ sequence, lines, leaves }: Selectable<Schema['audit_calls']>): CallBatch {
  return { sequence, lines: unpackLines(lines), leaves: unpackHashes(leaves) };
}
