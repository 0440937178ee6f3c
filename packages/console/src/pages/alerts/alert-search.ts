// The filters of the inbox as they stand in the address, and as the hub is asked for them. Pure.
import type { Input, ItemOf } from '../../api/hub.ts';

export type Alert = ItemOf<'listAlerts'>;
export type AlertState = Alert['state'];
export type Severity = Alert['severity'];

export const alertTabs = ['inbox', 'routes', 'shut-away'] as const;
export type AlertTab = (typeof alertTabs)[number];

export interface AlertSearch {
  readonly tab?: AlertTab;
  /** Left out: those that wait for somebody. */
  readonly state?: 'open' | 'finished' | 'all';
  /** This severe or more. */
  readonly severity?: Severity;
  readonly kind?: Alert['kind'];
  readonly owner?: 'me' | 'none';
  readonly policy?: string;
  readonly server?: string;
  readonly member?: string;
  readonly q?: string;
  /** The alert shown beside the list. */
  readonly open?: string;
}

const severities: readonly Severity[] = ['info', 'low', 'medium', 'high', 'critical'];
const states = { open: 'open', finished: 'resolved,dismissed', all: 'all' } as const;

/** Addresses are typed, shared and cut off: what makes no sense is left out, never an error. */
export function parseAlertSearch(raw: Readonly<Record<string, unknown>>): AlertSearch {
  const one = <Value extends string>(name: string, known: readonly Value[]) =>
    known.find((value) => value === raw[name]);
  const text = (name: string) => {
    const value = raw[name];
    return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
  };
  const id = (name: string, prefix: string) => {
    const value = text(name);
    return value !== undefined && new RegExp(`^${prefix}_[0-9a-z]{1,40}$`).test(value) ? value : undefined;
  };
  const found: { [Key in keyof AlertSearch]: AlertSearch[Key] | undefined } = {
    tab: one('tab', alertTabs),
    state: one('state', Object.keys(states) as (keyof typeof states)[]),
    severity: one('severity', severities),
    kind: one('kind', ['policy', 'operational']),
    owner: one('owner', ['me', 'none']),
    ...{ policy: id('policy', 'pol'), server: id('server', 'srv'), member: id('member', 'mem') },
    ...{ q: text('q'), open: id('open', 'alt') },
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
}

export function alertInput({ tab: _, open: __, state, ...filters }: AlertSearch): Input<'listAlerts'> {
  return { ...(filters as Input<'listAlerts'>), ...(state !== undefined && { state: states[state] }) };
}

/** How many filters are set; the open alert is none. */
export function alertFilterCount({ tab: _, open: __, ...filters }: AlertSearch): number {
  return Object.values(filters).filter((value) => value !== undefined).length;
}

/** Where the reader goes on when `leaving` go from the list: the next one that stays, else the one before. */
export function nextAfter(ids: readonly string[], leaving: ReadonlySet<string>, at: string | null): string | null {
  const from = at === null ? -1 : ids.indexOf(at);
  const behind = ids.slice(from + 1).find((id) => !leaving.has(id));
  return behind ?? ids.slice(0, Math.max(0, from)).findLast((id) => !leaving.has(id)) ?? null;
}
