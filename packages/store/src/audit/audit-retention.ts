// Lets go of what old audit entries say. Their hashes stay, so that everything else keeps its proof.
import type { OrganizationId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from '../schema.ts';

export interface LetGo {
  readonly entries: number;
  /** Places in the log; they may have others between them that stayed. */
  readonly first: number;
  readonly last: number;
}

/** At most `limit` entries from before `before` (milliseconds); null when there was none. */
export async function letGoOfAuditEntries(
  executor: Executor,
  organization: OrganizationId,
  before: number,
  limit: number,
): Promise<LetGo | null> {
  return executor.transaction().execute(async (own) => {
    await sql`set local mcpvault.audit_retention = 'on'`.execute(own);
    const { rows } = await sql<{ entries: number; first: number | null; last: number | null }>`
      with gone as (
        delete from audit_entries where organization = ${organization} and sequence = any(array(
          select sequence from audit_entries where organization = ${organization} and at < ${new Date(before)}
          order by sequence limit ${limit}))
        returning organization, sequence, leaf, chain
      ), kept as (
        insert into audit_stubs (organization, sequence, leaf, chain) select * from gone returning sequence
      ), calls as (
        delete from audit_calls using gone
        where audit_calls.organization = gone.organization and audit_calls.sequence = gone.sequence
      )
      select count(*)::int as entries, min(sequence) as first, max(sequence) as last from kept`.execute(own);
    const found = rows[0];
    if (found === undefined || found.first === null || found.last === null) return null;
    return { entries: found.entries, first: Number(found.first), last: Number(found.last) };
  });
}
