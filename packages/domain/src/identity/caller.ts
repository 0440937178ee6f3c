import type { MemberId, OrganizationId, TeamId, TokenId } from '../ids.ts';

/** Built-in roles. `admin` may do everything in the organization; `member` uses what was granted. */
export type Role = 'admin' | 'member';
export const roles: readonly Role[] = ['admin', 'member'];

/** Who is calling, settled afresh for every message. Carries no credential. */
export interface Caller {
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly email: string;
  readonly role: Role;
  readonly teams: readonly TeamId[];
  /** The personal token used; null when the call came with a signed-in session's access token. */
  readonly token: TokenId | null;
}
