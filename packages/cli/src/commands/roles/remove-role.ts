import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { findOwnRole } from './find-role.ts';

export function removeRoleCommand(host: Host): Command {
  return new Command('remove')
    .aliases(['rm'])
    .description('Remove a role that nobody has, and the grants it had')
    .argument('<role>', 'its id or name')
    .option('-y, --yes', 'do not ask')
    .action(action(host, removeRole));
}

async function removeRole(run: Invocation, given: string, options: { readonly yes?: boolean }): Promise<Outcome> {
  const hub = await run.connect();
  const { id, name } = await findOwnRole(hub, given);
  if (!(await run.confirm(`Remove the role ${name}, with the grants it had?`, options.yes))) {
    run.out.note('Nothing was changed.');
    return 'general';
  }
  await hub.call('removeRole', { id });
  run.out.result({ id, removed: true }, () => `Removed ${name}.`);
  return 'ok';
}
