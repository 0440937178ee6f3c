import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { awaitContact, reportContact } from './first-contact.ts';

export function checkServerCommand(host: Host): Command {
  const command = new Command('check')
    .description('Contact a server now and read its tools anew')
    .argument('<server>', 'its name or id')
    .action(action(host, checkServer));
  return addExamples(command, { command: 'mcpvault servers check files', does: 'After repairing what kept it away' });
}

async function checkServer(run: Invocation, id: string): Promise<void> {
  const hub = await run.connect(120_000);
  const server = await hub.call('checkServer', { id });
  reportContact(run, await awaitContact(run, hub, server), true);
}
