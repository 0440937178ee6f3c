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

/** Who asks, as far as grants are concerned. */
export type Grantee = Pick<Caller, 'member' | 'teams' | 'role' | 'permissions'>;

/** Grants by whom they name, so that an organization may have very many and a caller still costs only their own. */
export interface GrantIndex {
  /** Those that name this caller in any way, expired ones too. */
  of(caller: Grantee): readonly Grant[];
}

export function indexGrants(grants: readonly Grant[]): GrantIndex {
  const bySubject = Map.groupBy(grants, ({ subject }) => subject.id as string);
  return {
    of: ({ member, teams, role }) => [member, ...teams, role].flatMap((subject) => bySubject.get(subject) ?? noGrants),
  };
}

const noGrants: readonly Grant[] = [];

/** What one caller may do with one server. `tools: null` means every tool. */
export type Access =
  | { readonly allowed: true; readonly tools: ReadonlySet<string> | null; readonly because: string }
  | { readonly allowed: false; readonly because: string };

/** Who may use any server may use this one; everyone else needs a grant, of those that name them, that is still valid. */
export function accessTo(server: ServerId, caller: Grantee, theirs: readonly Grant[], now: number): Access {
  if (caller.permissions.has('servers:use-any')) {
    return { allowed: true, tools: null, because: `the role ${caller.role} may use every server` };
  }
  const valid = theirs.filter((grant) => grant.server === server && !hasEnded(grant, now));
  if (valid.length === 0) return { allowed: false, because: 'no grant names this server and this member' };
  const because = `granted by ${valid.map((grant) => grant.id).join(', ')}`;
  if (valid.some((grant) => grant.tools === null)) return { allowed: true, tools: null, because };
  return { allowed: true, tools: new Set(valid.flatMap((grant) => grant.tools ?? [])), because };
}

export function hasEnded({ expiresAt }: Grant, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}
