import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';
import { futureMoment } from '../moments.ts';
import { findRole } from '../roles/find-role.ts';
import { teamId } from '../grants/find-team.ts';

interface CreateOptions {
  readonly owner?: string;
  readonly team?: string;
  readonly role?: string;
  readonly expires?: string;
  readonly outlastsOwner?: boolean;
}

export function createAccountCommand(host: Host): Command {
  const command = new Command('create')
    .description('Make a service account; it can do nothing until it has a key')
    .argument('<name>', 'what it is for')
    .option('--owner <member>', 'who answers for it, by e-mail or id')
    .option('--team <team>', 'or the team that does, by name or id')
    .option('--role <role>', 'what it may do, from "mcpvault roles list" (default: member)')
    .option('--expires <when>', 'when it ends (default: never)')
    .option('--outlasts-owner', 'keep it working when its owner is disabled, expired or removed')
    .action(action(host, createAccount));
  return addExamples(command, {
    command: 'mcpvault service-accounts create "Nightly build" --team engineering',
    does: 'Owned by a team',
  });
}

async function createAccount(run: Invocation, name: string, options: CreateOptions): Promise<void> {
  const { owner, team, role, expires, outlastsOwner = false } = options;
  if ((owner === undefined) === (team === undefined)) {
    throw usageFailure('A service account has one owner.', 'Give either --owner or --team.');
  }
  const hub = await run.connect();
  const owns =
    team === undefined
      ? { type: 'member' as const, id: await memberId(hub, owner ?? '') }
      : { type: 'team' as const, id: await teamId(hub, team) };
  const account = await hub.call('createServiceAccount', {
    name,
    owner: owns,
    endsWithOwner: !outlastsOwner,
    ...(role !== undefined && { role: (await findRole(hub, role)).id }),
    ...(expires !== undefined && { expiresAt: futureMoment(expires, run.io.clock.now()) }),
  });
  run.out.result(account, () => `Made ${account.name} (${account.id}).`);
  run.out.note(`Give it a key with: mcpvault service-accounts key ${account.id} NAME`);
}
