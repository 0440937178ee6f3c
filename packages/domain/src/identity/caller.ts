import type { MemberId, OrganizationId, TeamId, TokenId } from '../ids.ts';
import type { Permission } from './permission.ts';
import type { RoleId } from './role.ts';

/** Who is calling, settled afresh for every message. Carries no credential. */
export interface Caller {
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly email: string;
  readonly role: RoleId;
  /** What the role gives. */
  readonly permissions: ReadonlySet<Permission>;
  readonly teams: readonly TeamId[];
  /** The personal token used; null when the call came with a signed-in session's access token. */
  readonly token: TokenId | null;
}
