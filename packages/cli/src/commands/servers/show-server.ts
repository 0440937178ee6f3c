import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { renderServer } from './server-text.ts';

export function showServerCommand(host: Host): Command {
  const command = new Command('show')
    .description('Show one server: how it is, where clients reach it, how it runs')
    .argument('<server>', 'its name or id')
    .action(action(host, showServer));
  return addExamples(command, { command: 'mcpvault servers show files', does: 'Look at one server' });
}

async function showServer(run: Invocation, id: string): Promise<void> {
  const hub = await run.connect();
  const server = await hub.call('getServer', { id });
  run.out.result(server, () => renderServer(server, run.out, run.io.clock.now()));
}
