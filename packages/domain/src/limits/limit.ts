// How many calls there may be: in a while (a rate, with a burst), or in a day or month (a quota). Whom a limit is of says
// what is counted together.
import type { Id, MemberId, ServerId, TeamId, TokenId } from '../ids.ts';
import type { Caller } from '../identity/caller.ts';

export type LimitId = Id<'lim'>;

/** `id: null` is each of them by itself, with as many calls as the limit says. */
export type LimitSubject =
  | { readonly type: 'organization'; readonly id: null }
  | { readonly type: 'team'; readonly id: TeamId | null }
  | { readonly type: 'member'; readonly id: MemberId | null }
  | { readonly type: 'token'; readonly id: TokenId | null };

export const ratePeriods = { second: 1_000, minute: 60_000, hour: 3_600_000 } as const;
export const quotaPeriods = ['day', 'month'] as const;
export type RatePeriod = keyof typeof ratePeriods;
export type QuotaPeriod = (typeof quotaPeriods)[number];

export interface Limit {
  readonly id: LimitId;
  readonly name: string;
  readonly subject: LimitSubject;
  /** null counts calls of every server. */
  readonly server: ServerId | null;
  /** null counts every use of a server; otherwise only calls of these tools. */
  readonly tools: readonly string[] | null;
  readonly calls: number;
  /** Days and months are those of UTC. */
  readonly per: RatePeriod | QuotaPeriod;
  /** Calls that may come at once; null for quotas, and for rates where it is as many as `calls`. */
  readonly burst: number | null;
  readonly enabled: boolean;
}

/** One use of a server, as limits see it. */
export interface Use {
  readonly caller: Pick<Caller, 'member' | 'teams' | 'token'>;
  readonly server: ServerId;
  /** null where no tool is called. */
  readonly tool: string | null;
}

/** What costs a server work; what opens a conversation or lists is not counted. */
const countedMethods: ReadonlySet<string> = new Set([
  'tools/call',
  'prompts/get',
  'resources/read',
  'resources/subscribe',
  'completion/complete',
]);

export function isCounted(method: string | null): boolean {
  return method !== null && countedMethods.has(method);
}

/** Names what a limit counts: a rate at another pace begins anew, a quota goes on with what was used. No spaces but one. */
export function countingOf({ id, calls, per }: Pick<Limit, 'id' | 'calls' | 'per'>): string {
  return per === 'day' || per === 'month' ? `${id} ${per}` : `${id} ${calls}/${per}`;
}

/** Whose calls are counted together with this one: nothing where the limit does not apply, several for several teams. */
export function countedWith({ subject, server, tools, enabled }: Limit, use: Use): readonly string[] {
  if (!enabled || (server !== null && server !== use.server)) return nobody;
  if (tools !== null && (use.tool === null || !tools.includes(use.tool))) return nobody;
  switch (subject.type) {
    case 'organization':
      return everybody;
    case 'member':
      return subject.id === null || subject.id === use.caller.member ? [use.caller.member] : nobody;
    case 'token': {
      const { token } = use.caller;
      return token !== null && (subject.id === null || subject.id === token) ? [token] : nobody;
    }
    case 'team':
      return subject.id === null ? use.caller.teams : use.caller.teams.filter((team) => team === subject.id);
  }
}

const nobody: readonly string[] = [];
const everybody: readonly string[] = ['all'];
