import type { OrganizationId } from '@mcpvault/domain/ids';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';

/**
 * Until the transaction ends, nobody else moves a team or a member of this organization: two moves, each fine by itself,
 * could make a circle together.
 */
export async function lockHierarchy(executor: Executor, organization: OrganizationId): Promise<void> {
  await sql`select from organizations where id = ${organization} for no key update`.execute(executor);
}
