import { Failure } from '@mcpvault/domain/failure';
import { countingOf, type Limit, type LimitId, type LimitSubject } from '@mcpvault/domain/limits/limit';
import { paceOf, periodOf, quotaAt, rateAt } from '@mcpvault/domain/limits/meter';
import type { MemberId, TeamId, TokenId } from '@mcpvault/domain/ids';
import type { DescribedLimit } from '@mcpvault/store/limits-store';
import { type Context, handles } from './handler.ts';
import { serverOf } from './server-lookup.ts';
import { rfc3339 } from './times.ts';

const shownAtMost = 10;

export const listLimits = handles('listLimits', async (_input, context) => {
  const { stores, services, caller } = context;
  await services.limiter.settle();
  const all = await stores.limits.all(caller.organization);
  const used = await usedOf(context);
  return { items: await Promise.all(all.map((limit) => showLimit(context, limit, used))), next: null };
});

export const createLimit = handles('createLimit', async ({ server, ...asked }, context) => {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const { name, subject, tools = null, calls, per, burst = null, enabled } = asked;
  refuseBurstOfQuota(per, burst);
  await demandSubject(context, subject);
  const of = server == null ? null : await serverOf(context, server);
  const id = services.ambient.ids.next('lim');
  const limit: Limit = { id, name, subject, server: of?.id ?? null, tools, calls, per, burst, enabled };
  await stores.limits.create({ ...limit, organization, createdBy: caller.member, createdAt: now, updatedAt: now });
  context.note({ subject: id, detail: { name, subject, server: of?.name ?? null, tools, calls, per, burst, enabled } });
  context.changed('limits', id);
  return showLimit(context, await limitOf(context, id), new Map());
});

export const updateLimit = handles('updateLimit', async ({ id, ...change }, context) => {
  const { stores, caller, now } = context;
  const before = await limitOf(context, id);
  refuseBurstOfQuota(before.per, change.burst ?? null);
  await stores.limits.update(caller.organization, id, change, now);
  context.note({ subject: id, detail: change });
  context.changed('limits', id);
  return showLimit(context, await limitOf(context, id), await usedOf(context));
});

export const removeLimit = handles('removeLimit', async ({ id }, context) => {
  const { stores, caller } = context;
  const limit = await limitOf(context, id);
  await stores.limits.remove(caller.organization, id);
  context.note({ subject: id, detail: { name: limit.name } });
  context.changed('limits', id);
  return undefined;
});

async function limitOf({ stores, caller }: Context, id: LimitId): Promise<DescribedLimit> {
  const limit = await stores.limits.byId(caller.organization, id);
  if (limit === null) throw new Failure('not_found', 'There is no such limit.');
  return limit;
}

function refuseBurstOfQuota(per: Limit['per'], burst: number | null): void {
  if (burst === null || (per !== 'day' && per !== 'month')) return;
  throw new Failure('invalid_params', 'burst: limits of days and months have none.');
}

/** A limit of somebody who is not there would look like one that works. */
async function demandSubject({ stores, caller }: Context, { type, id }: LimitSubject): Promise<void> {
  const { organization } = caller;
  if (id === null) return;
  const found = await {
    organization: async () => true,
    team: async () => (await stores.teams.byId(organization, id as TeamId)) !== null,
    member: async () => (await stores.members.byId(organization, id as MemberId)) !== null,
    token: async () => (await stores.tokens.byId(organization, id as TokenId)) !== null,
  }[type]();
  if (!found) throw new Failure('not_found', `There is no such ${type}.`);
}

interface Used {
  readonly whose: string;
  /** Milliseconds until a rate is worked off; 0 for quotas. */
  readonly ahead: number;
  readonly used: number;
  readonly period: string;
}

/** By what is counted. */
async function usedOf({ stores, caller }: Context): Promise<ReadonlyMap<string, readonly Used[]>> {
  const rates = await stores.limitCounters.rates(caller.organization);
  const quotas = await stores.limitCounters.quotas(caller.organization);
  const rows = [
    ...rates.map(({ key, ahead }) => ({ key, ahead, used: 0, period: '' })),
    ...quotas.map(({ key, used, period }) => ({ key, ahead: 0, used, period })),
  ];
  return Map.groupBy(
    rows.map(({ key, ...rest }) => {
      const [id = '', way = '', whose = ''] = key.split(' ');
      return { of: `${id} ${way}`, whose, ...rest };
    }),
    ({ of }) => of,
  );
}

async function showLimit(context: Context, limit: DescribedLimit, used: ReadonlyMap<string, readonly Used[]>) {
  const { id, name, subject, subjectLabel, server, serverName, tools, calls, per, burst, enabled, createdAt } = limit;
  const pace = paceOf(limit);
  return {
    id,
    name,
    subject: { type: subject.type, id: subject.id, label: subjectLabel },
    server: server === null ? null : { id: server, name: serverName ?? server },
    tools: tools && [...tools],
    calls,
    per,
    burst: pace === null ? null : (burst ?? calls),
    enabled,
    use: await useOf(context, limit, used.get(countingOf(limit)) ?? []),
    createdAt: rfc3339(createdAt),
  };
}

async function useOf(context: Context, limit: DescribedLimit, used: readonly Used[]) {
  const { now } = context;
  const { calls, per, subject } = limit;
  const pace = paceOf(limit);
  const standings = used.flatMap(({ whose, ahead, used: count, period }) => {
    if (pace !== null) return [{ whose, ...rateAt(pace, now + ahead, now) }];
    const quota = per === 'month' ? 'month' : 'day';
    return period === periodOf(quota, now) ? [{ whose, ...quotaAt(calls, quota, count, now) }] : [];
  });
  const most = standings.toSorted((a, b) => a.left - b.left).slice(0, shownAtMost);
  return Promise.all(
    most.map(async ({ whose, most: all, left, full }) => ({
      subject: subject.type === 'organization' ? null : { id: whose, label: await labelOf(context, whose) },
      left,
      used: all - left,
      fullAt: rfc3339(now + full),
    })),
  );
}

async function labelOf({ stores, caller }: Context, id: string): Promise<string> {
  const { organization } = caller;
  if (id.startsWith('mem_')) return (await stores.members.byId(organization, id as MemberId))?.email ?? id;
  if (id.startsWith('team_')) return (await stores.teams.byId(organization, id as TeamId))?.name ?? id;
  return (await stores.tokens.byId(organization, id as TokenId))?.name ?? id;
}
