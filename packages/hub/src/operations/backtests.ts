import { Failure } from '@mcpvault/domain/failure';
import type { MemberId } from '@mcpvault/domain/ids';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { policyProblems } from '@mcpvault/domain/policy/validate';
import type { Backtest } from '../backtest/backtests.ts';
import type { Surroundings } from '@mcpvault/domain/policy/judge-recorded';
import { type Context, handles } from './handler.ts';
import { policyOf } from './saved-policy.ts';
import { fromRfc3339 } from './times.ts';

export const startBacktest = handles('startBacktest', async ({ policy: draft, replaces, from, to, most }, context) => {
  const { services, caller } = context;
  const id = services.ambient.ids.next('bkt');
  if (replaces !== undefined) await policyOf(context, replaces);
  const policy: Policy = { ...(draft as Omit<Policy, 'id' | 'version'>), id: 'pol_draft', version: 0 };
  const problem = policyProblems(policy).find(({ isWarning }) => isWarning !== true);
  if (problem !== undefined) throw new Failure('invalid_params', `${problem.problem} ${problem.fix}`);
  const range = { from: fromRfc3339(from), to: fromRfc3339(to) };
  context.note({ subject: id, detail: { from, to, replaces: replaces ?? null } });
  const wish = { id, organization: caller.organization, policy, replaces: replaces ?? null, range, most };
  return withEmails(services.backtests.start(wish, await surroundingsOf(context)), context);
});

export const getBacktest = handles('getBacktest', async ({ id }, context) => {
  const found = context.services.backtests.find(context.caller.organization, id);
  if (found === null) throw noSuchBacktest();
  return withEmails(found, context);
});

export const cancelBacktest = handles('cancelBacktest', async ({ id }, { services, caller }) => {
  if (!services.backtests.cancel(caller.organization, id)) throw noSuchBacktest();
  return undefined;
});

function noSuchBacktest(): Failure {
  return new Failure('not_found', 'There is no such backtest; they are kept until the hub stops.');
}

function withEmails(backtest: Backtest, { services, caller }: Context): Backtest {
  const emailOf = (member: MemberId) => services.catalog.member(caller.organization, member)?.email ?? '';
  return { ...backtest, members: backtest.members.map((one) => ({ ...one, email: emailOf(one.member) })) };
}

/** As it is now: what servers, tools and teams were called then is not kept. */
export async function surroundingsOf({ services, caller, stores }: Context): Promise<Surroundings> {
  const { catalog } = services;
  const { organization } = caller;
  const servers = new Map(catalog.servers(organization).map(({ entry }) => [entry.id, entry]));
  const rows = await stores.executor
    .selectFrom('team_members')
    .select(['team', 'member'])
    .where('organization', '=', organization)
    .execute();
  const teams = Map.groupBy(rows, ({ member }) => member);
  return {
    key: services.policyKey(organization),
    server: ({ server }) => (server === null ? null : (servers.get(server) ?? null)),
    tool: ({ server }, name) => (server === null ? null : catalog.tool(server, name)),
    teams: ({ member }) => ({
      teams: (teams.get(member) ?? []).map(({ team }) => team),
      email: catalog.member(organization, member)?.email ?? '',
    }),
    teamNames: (ids) => ids.map((team) => catalog.teamName(organization, team) ?? team),
  };
}
