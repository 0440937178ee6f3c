// Where alerts are written down: what is the same counts up one alert, and the first time people are to be told. In the
// transaction of what raised them, so that an alert is there exactly when its message is.
import { createHash } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import { type AlertId, apartAtMost, type RaisedAlert, sameWithin } from '@mcpvault/domain/alerts/alert';
import { notificationOf } from '@mcpvault/domain/alerts/notification-of';
import type { Notification } from '@mcpvault/domain/alerts/notification';
import { severities } from '@mcpvault/domain/policy/policy';
import type { Ask } from '../audit/log-end.ts';

/** Those that are alike, as one. */
interface Group {
  readonly likeness: string;
  readonly first: RaisedAlert;
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** Newest first, bounded. */
  readonly messages: readonly string[];
}

const messagesAtMost = 20;

/** Answers how many alerts were new. Organizations that are gone have none. */
export async function raiseAlerts(
  ask: Ask,
  raised: readonly RaisedAlert[],
  { ids }: Pick<Ambient, 'ids'>,
): Promise<number> {
  const apart = new Map<string, number>();
  let fresh = 0;
  // Always in the same order, so that two hubs never wait for each other in a circle.
  for (const group of groupsOf(raised)) {
    await endOld(ask, group);
    const isRest = await isOneTooMany(ask, group, apart);
    const kept = isRest ? restOf(group) : group;
    if (isRest) await endOld(ask, kept);
    const id = ids.next('alt');
    const [row] = await ask({ ...write, values: valuesOf(kept, id) });
    const { alert, isNew } = (row ?? { alert: id, isNew: false }) as {
      readonly alert: AlertId;
      readonly isNew: boolean;
    };
    if (!isNew) continue;
    fresh += 1;
    await addNotification(ask, notificationOf(kept.first, alert, ids.next('ntf'), 'alert.raised'));
  }
  return fresh;
}

export async function addNotification(ask: Ask, notification: Notification): Promise<void> {
  const { id, organization, at, type, alert, ...body } = notification;
  await ask({ ...tell, values: [id, organization, new Date(at), type, alert, JSON.stringify(body)] });
}

/** What stands for a likeness in the database: of one size, whatever it says. */
export function likenessKey(likeness: string): string {
  return createHash('sha256').update(likeness).digest('base64url');
}

function groupsOf(raised: readonly RaisedAlert[]): readonly Group[] {
  const groups = Map.groupBy(raised, ({ organization, likeness }) => `${organization} ${likenessKey(likeness)}`);
  return [...groups]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, alike]) => {
      const inOrder = alike.toSorted((a, b) => a.at - b.at);
      const [first] = inOrder;
      const last = inOrder.at(-1);
      if (first === undefined || last === undefined) return [];
      const messages = inOrder.flatMap(({ message }) => message ?? []).toReversed();
      return {
        likeness: key.slice(key.indexOf(' ') + 1),
        ...{ first, count: alike.length, firstAt: first.at, lastAt: last.at },
        messages: [...new Set(messages)].slice(0, messagesAtMost),
      };
    });
}

/** What did not come for long, or was resolved, does not count up any more. */
async function endOld(ask: Ask, { first, likeness, lastAt }: Group): Promise<void> {
  await ask({ ...expire, values: [first.organization, likeness, new Date(lastAt - sameWithin)] });
}

/** Whoever can choose names of tools could otherwise fill the inbox. */
async function isOneTooMany(
  ask: Ask,
  { first, likeness, lastAt }: Group,
  apart: Map<string, number>,
): Promise<boolean> {
  const { organization, policy, layer, member } = first;
  if (policy === null) return false;
  const key = `${organization} ${layer === 'hub' ? policy : member}`;
  let there = apart.get(key);
  if (there === undefined) {
    const since = new Date(lastAt - sameWithin);
    // A workstation names its policies as it likes: what it may fill is counted for its member.
    const [row] = await ask(
      layer === 'hub'
        ? { ...count, values: [organization, policy, since] }
        : { ...countOfMember, values: [organization, member, since] },
    );
    there = Number((row as { readonly count: number | string } | undefined)?.count ?? 0);
  }
  if (there < apartAtMost) {
    apart.set(key, there + 1);
    return false;
  }
  apart.set(key, there);
  const [known] = await ask({ ...find, values: [organization, likeness] });
  return known === undefined;
}

/** The one alert for all of a policy, or of a member's workstations, that found no place of their own. */
function restOf(group: Group): Group {
  const { first } = group;
  const more = (what: string) => `${first.title} (and many more ${what})`;
  if (first.layer === 'workstation') {
    const title = more('from workstations of this member');
    const likeness = likenessKey(`workstation rest\n${first.member}`);
    return { ...group, likeness, first: { ...first, title, tool: null, server: null } };
  }
  const title = more('of this policy');
  const likeness = likenessKey(`rest\n${first.policy}`);
  return { ...group, likeness, first: { ...first, title, tool: null, member: null, server: null } };
}

function valuesOf({ likeness, first, count: times, firstAt, lastAt, messages }: Group, id: string): unknown[] {
  const { organization, kind, layer, severity, title, policy, server, tool, member, snapshot } = first;
  return [
    ...[id, organization, kind, layer, severities.indexOf(severity), title, likeness, times],
    ...[new Date(firstAt), new Date(lastAt), policy, server, tool, member, messages, JSON.stringify(snapshot)],
    ...[snapshot.policy?.version ?? null, messagesAtMost],
  ];
}

const expire = {
  name: 'alert-expire',
  text: `update alerts set current = false
    where organization = $1 and likeness = $2 and current and (last_at < $3 or state = 'resolved')`,
};

const count = {
  name: 'alert-count',
  text: `select count(*) as count from (
    select from alerts where organization = $1 and policy = $2 and layer = 'hub' and current and last_at >= $3 limit ${apartAtMost}) as counted`,
};

const countOfMember = {
  name: 'alert-count-member',
  text: `select count(*) as count from (
    select from alerts where organization = $1 and member = $2 and layer = 'workstation' and current and last_at >= $3
    limit ${apartAtMost}) as counted`,
};

const find = {
  name: 'alert-find',
  text: 'select 1 as found from alerts where organization = $1 and likeness = $2 and current',
};

/** What the policy said then is kept with the first one: its versions go when it goes. */
const write = {
  name: 'alert-write',
  text: `
    insert into alerts (id, organization, kind, layer, severity, title, state, likeness, current, count,
      first_at, last_at, changed_at, policy, server, tool, member, messages, snapshot)
    select $1, id, $3::text, $4::text, $5::smallint, $6::text, 'open', $7::text, true, $8::bigint, $9::timestamptz,
      $10::timestamptz, $10::timestamptz, $11::text, $12::text, $13::text, $14::text, $15::text[],
      $16::jsonb || coalesce((
        select jsonb_build_object('text', v.reason, 'policy', ($16::jsonb -> 'policy') || jsonb_build_object(
          'reason', v.reason, 'condition', v.definition -> 'condition',
          'detectors', v.definition -> 'detectors', 'threshold', v.definition -> 'threshold'))
        from policy_versions v where v.organization = $2 and v.policy = $11 and v.version = $17::int), '{}'::jsonb)
    from organizations where id = $2
    on conflict (organization, likeness) where current do update set
      count = alerts.count + excluded.count,
      severity = greatest(alerts.severity, excluded.severity),
      last_at = greatest(alerts.last_at, excluded.last_at),
      messages = (excluded.messages || alerts.messages)[1:$18::int]
    returning id as alert, xmax = 0 as "isNew"`,
};

const tell = {
  name: 'notification-write',
  text: `insert into notifications (id, organization, at, type, alert, body)
    select $1, id, $3::timestamptz, $4::text, $5::text, $6::jsonb from organizations where id = $2`,
};
