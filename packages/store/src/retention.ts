// Lets go of old messages, a few at a time, so that nobody waits for it. Names, grants and audit entries stay.
import type { OrganizationId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';

/** A block holds messages of some moments; it goes when surely all of them have gone. In milliseconds. */
const blocksStayLonger = 86_400_000;

/** Deletes at most `limit` messages, and as many blocks, from before `before` (milliseconds); how many rows went. */
export async function deleteOldMessages(
  executor: Executor,
  organization: OrganizationId,
  before: number,
  limit: number,
): Promise<number> {
  const messages = await sql`
    delete from messages where id = any(array(
      select id from messages where organization = ${organization} and at < ${before}
      order by at, id limit ${limit}))`.execute(executor);
  const blocks = await sql`
    delete from message_blocks where id = any(array(
      select id from message_blocks where organization = ${organization} and at < ${before - blocksStayLonger}
      order by at limit ${limit}))`.execute(executor);
  return Number(messages.numAffectedRows ?? 0) + Number(blocks.numAffectedRows ?? 0);
}
