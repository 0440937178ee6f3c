import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

export function restartServerCommand(host: Host): Command {
  const command = new Command('restart')
    .description('End the processes of a server; they start again when they are needed')
    .argument('<server>', 'its name or id')
    .action(action(host, restartServer));
  return addExamples(command, { command: 'mcpvault servers restart files', does: 'Begin with fresh processes' });
}

async function restartServer(run: Invocation, id: string): Promise<void> {
  const hub = await run.connect();
  const server = await hub.call('restartServer', { id });
  run.out.result(server, () => `Ended the processes of ${server.name}; the next call starts a fresh one.`);
}
