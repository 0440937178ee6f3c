import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { gather } from '../gather.ts';
import { memberId } from '../members/find-member.ts';
import { futureMoment } from '../moments.ts';
import { findRole } from '../roles/find-role.ts';
import { teamId } from './find-team.ts';
import { grantLine } from './grant-text.ts';

interface AddOptions {
  readonly member?: string;
  readonly team?: string;
  readonly role?: string;
  readonly tool?: readonly string[];
  readonly prompt?: readonly string[];
  readonly resource?: readonly string[];
  readonly when?: string;
  readonly reason?: string;
  readonly deny?: true;
  readonly expires?: string;
}

export function addGrantCommand(host: Host): Command {
  const command = new Command('add')
    .description('Let a member, a team or a role use a server or some of it, or deny it to them')
    .argument('<server>', 'its name or id')
    .option('--member <member>', 'who, by e-mail or id')
    .option('--team <team>', 'or a team, by name or id')
    .option('--role <role>', 'or everyone of a role, by name or id')
    .option('--tool <name>', 'only this tool; repeatable (default: the whole server)', gather)
    .option('--prompt <name>', 'only this prompt; repeatable', gather)
    .option('--resource <uri>', 'only this resource; * at its end for all that begin so; repeatable', gather)
    .option('--when <condition>', 'only where this condition holds, in the language of policies')
    .option('--reason <text>', 'told to whoever is refused by it')
    .option('--deny', 'take it from them instead; a deny outweighs every grant')
    .option('--expires <when>', 'a span such as 12h, 90d or 2w, or a day such as 2027-01-31 (default: never)')
    .action(action(host, addGrant));
  return addExamples(
    command,
    { command: 'mcpvault grants add files --member ada@example.org', does: 'Every tool of a server' },
    {
      command: 'mcpvault grants add files --team support --tool read_file --expires 30d',
      does: 'One tool, for a while',
    },
    { command: 'mcpvault grants add search --role member', does: 'Everyone' },
    {
      command: `mcpvault grants add payments --team support --when 'in_network(network.ip, "10.0.0.0/8")'`,
      does: 'From the office only',
    },
    { command: 'mcpvault grants add files --role member --tool delete_file --deny', does: 'Nobody deletes' },
  );
}

async function addGrant(run: Invocation, server: string, options: AddOptions): Promise<void> {
  const given = [options.member, options.team, options.role].filter((each) => each !== undefined);
  if (given.length !== 1) throw usageFailure('Who is it for?', 'Give one of --member, --team and --role.');
  const expiresAt = options.expires === undefined ? null : futureMoment(options.expires, run.io.clock.now());
  const hub = await run.connect();
  const subject = await subjectOf(hub, options);
  const grant = await hub.call('createGrant', {
    effect: options.deny ? 'deny' : 'allow',
    subject,
    server,
    tools: listOf(options.tool),
    prompts: listOf(options.prompt),
    resources: listOf(options.resource),
    condition: options.when ?? null,
    reason: options.reason ?? null,
    expiresAt,
  });
  run.out.result(grant, () => `${grantLine(grant)} (${grant.id})`);
}

function listOf(given: readonly string[] | undefined): string[] | null {
  return given === undefined ? null : [...given];
}

async function subjectOf(hub: HubConnection, { member, team, role }: AddOptions) {
  if (member !== undefined) return { type: 'member' as const, id: await memberId(hub, member) };
  if (team !== undefined) return { type: 'team' as const, id: await teamId(hub, team) };
  return { type: 'role' as const, id: (await findRole(hub, role ?? 'member')).id };
}
