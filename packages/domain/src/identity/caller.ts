import type { ConnectedClientId, ImpersonationId, MemberId, OrganizationId, TeamId, TokenId } from '../ids.ts';
import type { KeyScope } from './key-scope.ts';
import type { Permission } from './permission.ts';
import type { RoleId } from './role.ts';

/** An AI client that the member let in with OAuth, and what for. It narrows what the member may do, and never widens it. */
export interface LetIn {
  readonly id: ConnectedClientId;
  /** As it calls itself: a claim. */
  readonly name: string;
  /** The one endpoint it may reach: a server's name, or null for the merged one. */
  readonly endpoint: string | null;
  readonly scopes: ReadonlySet<string>;
}

/** Who is calling, settled afresh for every message. Carries no credential. */
export interface Caller {
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly email: string;
  readonly role: RoleId;
  /** What the role gives. */
  readonly permissions: ReadonlySet<Permission>;
  /** Those the member belongs to, and the teams that these lie in. */
  readonly teams: readonly TeamId[];
  /** The personal token or key used; null when the call came with a signed-in session's access token. */
  readonly token: TokenId | null;
  /** What the key was narrowed to; left out where the credential may do all that its member may. */
  readonly scope?: KeyScope;
  /** Who really acts, when somebody acts as this member; left out where the member does so in person. */
  readonly actedBy?: ActingMember;
  /** Left out where the call did not come with an OAuth access token. */
  readonly letIn?: LetIn;
}

/** Somebody who acts as another member, for a stated reason and a limited time. */
export interface ActingMember {
  readonly impersonation: ImpersonationId;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly member: MemberId;
  readonly email: string;
  readonly role: RoleId;
  /** What their own role gives. */
  readonly permissions: ReadonlySet<Permission>;
  readonly teams: readonly TeamId[];
}

/**
 * Whose conversation, process or connection it is. Who acts as a member shares nothing that is open with the member: what
 * stands behind it may hold the member's secrets.
 */
export type Principal = MemberId | `${MemberId}+${MemberId}`;

export function principalOf({ member, actedBy }: Pick<Caller, 'member' | 'actedBy'>): Principal {
  return actedBy === undefined ? member : `${member}+${actedBy.member}`;
}

/** The member as somebody else acts as them: with what both may, and nothing besides. */
export function actAs(subject: Caller, actor: ActingMember): Caller {
  const { impersonation, until, member, email, role, permissions, teams } = actor;
  return {
    ...subject,
    permissions: new Set([...subject.permissions].filter((permission) => permissions.has(permission))),
    actedBy: { impersonation, until, member, email, role, permissions, teams },
  };
}
