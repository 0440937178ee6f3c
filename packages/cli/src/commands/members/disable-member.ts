import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { memberId } from './find-member.ts';

export function disableMemberCommand(host: Host): Command {
  const command = new Command('disable')
    .description('Disable a member: their sign-ins and tokens stop working at the next request')
    .argument('<member>', 'their e-mail or id')
    .option('-y, --yes', 'do not ask')
    .action(action(host, disableMember));
  return addExamples(command, {
    command: 'mcpvault members disable ada@example.org --yes',
    does: 'Without a question',
  });
}

export function enableMemberCommand(host: Host): Command {
  const command = new Command('enable')
    .description('Enable a member again')
    .argument('<member>', 'their e-mail or id')
    .action(action(host, enableMember));
  return addExamples(command, { command: 'mcpvault members enable ada@example.org', does: 'After they came back' });
}

async function disableMember(run: Invocation, given: string, options: { readonly yes?: boolean }): Promise<Outcome> {
  const hub = await run.connect();
  const id = await memberId(hub, given);
  if (!(await run.confirm(`Disable ${given}? All their access ends at once.`, options.yes))) {
    run.out.note('Nothing was changed.');
    return 'general';
  }
  const member = await hub.call('updateMember', { id, disabled: true });
  run.out.result(member, () => `Disabled ${member.email}.`);
  return 'ok';
}

async function enableMember(run: Invocation, given: string): Promise<void> {
  const hub = await run.connect();
  const member = await hub.call('updateMember', { id: await memberId(hub, given), disabled: false });
  run.out.result(member, () => `Enabled ${member.email}; they are ${member.status}.`);
}
