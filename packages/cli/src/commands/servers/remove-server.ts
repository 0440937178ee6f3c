import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

export function removeServerCommand(host: Host): Command {
  const command = new Command('remove')
    .alias('rm')
    .description('Retire a server: its processes end, its record stays')
    .argument('<server>', 'its name or id')
    .option('-y, --yes', 'do not ask')
    .action(action(host, removeServer));
  return addExamples(command, { command: 'mcpvault servers remove files --yes', does: 'Without a question' });
}

async function removeServer(run: Invocation, given: string, options: { readonly yes?: boolean }): Promise<Outcome> {
  const hub = await run.connect();
  const { id, name } = await hub.call('getServer', { id: given });
  if (!(await run.confirm(`Remove ${name}? Its clients lose it at once.`, options.yes))) {
    run.out.note('Nothing was removed.');
    return 'general';
  }
  await hub.call('removeServer', { id });
  run.out.result({ id, name, removed: true }, () => `Removed ${name}.`);
  return 'ok';
}
