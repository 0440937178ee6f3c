import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { findRole } from '../roles/find-role.ts';
import { memberId } from './find-member.ts';

export function giveRoleCommand(host: Host): Command {
  const command = new Command('role')
    .description('Give a member another role; it holds at their next request')
    .argument('<member>', 'their e-mail or id')
    .argument('<role>', 'its name or id, from "mcpvault roles list"')
    .action(action(host, giveRole));
  return addExamples(command, { command: 'mcpvault members role ada@example.org auditor', does: 'Make an auditor' });
}

async function giveRole(run: Invocation, given: string, wanted: string): Promise<void> {
  const hub = await run.connect();
  const role = await findRole(hub, wanted);
  const member = await hub.call('updateMember', { id: await memberId(hub, given), role: role.id });
  run.out.result(member, () => `${member.email} is ${role.name} now.`);
}
