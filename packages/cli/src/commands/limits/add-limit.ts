import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';
import { gather } from '../gather.ts';
import { teamId } from '../grants/find-team.ts';
import { memberId } from '../members/find-member.ts';
import { amountText, readAmount, readCount, whatText, whoseText } from './limit-text.ts';

interface AddOptions {
  readonly each?: string;
  readonly member?: string;
  readonly team?: string;
  readonly token?: string;
  readonly server?: string;
  readonly tool?: readonly string[];
  readonly burst?: string;
}

export function addLimitCommand(host: Host): Command {
  const command = new Command('add')
    .description('Limit calls: a rate with a burst, or a quota per day or month (UTC)')
    .argument('<name>', 'what people who run into it are told')
    .argument('<amount>', 'calls and a period, such as 100/minute or 5000/day')
    .option('--each <kind>', 'count each member, team or token by itself (default: all together)')
    .option('--member <member>', 'or only this member, by e-mail or id')
    .option('--team <team>', 'or only this team, by name or id')
    .option('--token <token-id>', 'or only this token')
    .option('--server <server>', 'only calls of this server, by name or id')
    .option('--tool <name>', 'only calls of this tool; repeatable', gather)
    .option('--burst <calls>', 'calls that may come at once (default: as many as the amount)')
    .action(action(host, addLimit));
  return addExamples(
    command,
    { command: 'mcpvault limits add "Fair share" 60/minute --each member --burst 20', does: 'A rate for everybody' },
    { command: 'mcpvault limits add Searches 1000/day --server search', does: 'A quota of one server' },
  );
}

async function addLimit(run: Invocation, name: string, amount: string, options: AddOptions): Promise<void> {
  const { calls, per } = readAmount(amount);
  const burst = options.burst === undefined ? null : readCount(options.burst);
  const hub = await run.connect();
  const limit = await hub.call('createLimit', {
    name,
    subject: await subjectOf(hub, options),
    server: options.server ?? null,
    tools: options.tool ? [...options.tool] : null,
    calls,
    per,
    burst,
  });
  run.out.result(
    limit,
    () => `${safeLine(limit.name)}: ${amountText(limit)} of ${whoseText(limit)} for ${whatText(limit)} (${limit.id})`,
  );
}

async function subjectOf(hub: HubConnection, { each, member, team, token }: AddOptions) {
  const given = [each, member, team, token].filter((option) => option !== undefined);
  if (given.length > 1)
    throw usageFailure('Whose calls?', 'Give one of --each, --member, --team and --token, or none.');
  if (member !== undefined) return { type: 'member' as const, id: await memberId(hub, member) };
  if (team !== undefined) return { type: 'team' as const, id: await teamId(hub, team) };
  if (token !== undefined) return { type: 'token' as const, id: checkedId('tok', token, 'mcpvault tokens list') };
  if (each === undefined) return { type: 'organization' as const };
  if (each === 'member') return { type: 'member' as const };
  if (each === 'team') return { type: 'team' as const };
  if (each === 'token') return { type: 'token' as const };
  throw usageFailure(`There is no limit of each ${each}.`, 'Give --each member, --each team or --each token.');
}
