import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

export function disconnectCommand(host: Host): Command {
  const command = new Command('disconnect')
    .description('Sign out at a server: its tokens are taken back and forgotten')
    .argument('<server>', 'its name or id')
    .action(action(host, disconnect));
  return addExamples(command, { command: 'mcpvault connections disconnect tickets', does: 'Sign out at a server' });
}

async function disconnect(run: Invocation, id: string): Promise<void> {
  const hub = await run.connect();
  await hub.call('removeConnection', { id });
  run.out.result({ server: id, removed: true }, () => `Disconnected ${id}.`);
}
