import type { GrantId, MemberId, ServerId, TeamId } from '../ids.ts';
import type { Caller } from './caller.ts';
import type { RoleId } from './role.ts';

export type GrantSubject =
  | { readonly type: 'member'; readonly id: MemberId }
  | { readonly type: 'team'; readonly id: TeamId }
  | { readonly type: 'role'; readonly id: RoleId };

/** What a server offers one by one. */
export type ItemKind = 'tool' | 'prompt' | 'resource';

/**
 * Who may use which server, or may not. One that names no tools, prompts and resources (all null) is about the whole
 * server; any other is about what it names, and nothing else of the server.
 */
export interface Grant {
  readonly id: GrantId;
  /** A deny outweighs everything that allows the same. */
  readonly effect: 'allow' | 'deny';
  readonly subject: GrantSubject;
  readonly server: ServerId;
  readonly tools: readonly string[] | null;
  readonly prompts: readonly string[] | null;
  /** URIs; with `*` at its end, every one that begins so. */
  readonly resources: readonly string[] | null;
  /** An expression that must hold, in the words of `condition.ts`; null always holds. */
  readonly condition: string | null;
  /** Why it was made, for whoever is refused by it; null when nothing was said. */
  readonly reason: string | null;
  /** Milliseconds since the epoch; null never expires. */
  readonly expiresAt: number | null;
}

/** What most grants are: the whole server, always. */
export const unconditional = {
  effect: 'allow',
  tools: null,
  prompts: null,
  resources: null,
  condition: null,
  reason: null,
  expiresAt: null,
} as const satisfies Partial<Grant>;

/** Who asks, as far as grants are concerned. */
export type Grantee = Pick<Caller, 'member' | 'teams' | 'role' | 'permissions'>;

export function isWhole({ tools, prompts, resources }: Pick<Grant, 'tools' | 'prompts' | 'resources'>): boolean {
  return tools === null && prompts === null && resources === null;
}

/** Whether a grant is about this, its condition and its end apart. */
export function covers(grant: Grant, kind: ItemKind, name: string): boolean {
  if (isWhole(grant)) return true;
  switch (kind) {
    case 'tool':
      return grant.tools?.includes(name) === true;
    case 'prompt':
      return grant.prompts?.includes(name) === true;
    case 'resource':
      return grant.resources?.some((uri) => isLike(uri, name)) === true;
  }
}

function isLike(pattern: string, uri: string): boolean {
  return pattern.endsWith('*') ? uri.startsWith(pattern.slice(0, -1)) : pattern === uri;
}

export function hasEnded({ expiresAt }: Pick<Grant, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}
