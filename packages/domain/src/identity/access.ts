import type { GrantId, MemberId, ServerId, TeamId } from '../ids.ts';
import type { Caller } from './caller.ts';
import type { RoleId } from './role.ts';

export type GrantSubject =
  | { readonly type: 'member'; readonly id: MemberId }
  | { readonly type: 'team'; readonly id: TeamId }
  | { readonly type: 'role'; readonly id: RoleId };

/** Who may use which server, and which of its tools (`tools: null` means all of them). */
export interface Grant {
  readonly id: GrantId;
  readonly subject: GrantSubject;
  readonly server: ServerId;
  readonly tools: readonly string[] | null;
  /** Milliseconds since the epoch; null never expires. */
  readonly expiresAt: number | null;
}

/** What one caller may do with one server. `tools: null` means every tool. */
export type Access =
  | { readonly allowed: true; readonly tools: ReadonlySet<string> | null; readonly because: string }
  | { readonly allowed: false; readonly because: string };

/** Who may use any server may use this one; everyone else needs a grant that is still valid. */
export function accessTo(server: ServerId, caller: Caller, grants: readonly Grant[], now: number): Access {
  if (caller.permissions.has('servers:use-any')) {
    return { allowed: true, tools: null, because: `the role ${caller.role} may use every server` };
  }
  const mine = grants.filter(
    (grant) =>
      grant.server === server && (grant.expiresAt === null || grant.expiresAt > now) && names(grant.subject, caller),
  );
  if (mine.length === 0) return { allowed: false, because: 'no grant names this server and this member' };
  const because = `granted by ${mine.map((grant) => grant.id).join(', ')}`;
  if (mine.some((grant) => grant.tools === null)) return { allowed: true, tools: null, because };
  return { allowed: true, tools: new Set(mine.flatMap((grant) => grant.tools ?? [])), because };
}

function names(subject: GrantSubject, caller: Caller): boolean {
  switch (subject.type) {
    case 'member':
      return subject.id === caller.member;
    case 'team':
      return caller.teams.includes(subject.id);
    case 'role':
      return subject.id === caller.role;
  }
}
