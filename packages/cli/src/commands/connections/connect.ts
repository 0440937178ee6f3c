import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

export function connectCommand(host: Host): Command {
  const command = new Command('connect')
    .description('Sign in at a server: prints the page to open, or does it where no person is needed')
    .argument('<server>', 'its name or id')
    .action(action(host, connect));
  return addExamples(command, { command: 'mcpvault connections connect tickets', does: 'Sign in at a server' });
}

/**
 * Where a person signs in, the page of the console is named and not that of the authorization server: the browser comes back
 * to the console, which must know the member.
 */
async function connect(run: Invocation, id: string): Promise<void> {
  const hub = await run.connect();
  const server = await hub.call('getServer', { id });
  const { transport } = server;
  const isMachine =
    transport !== undefined && transport.type !== 'stdio' && transport.auth?.grant === 'client-credentials';
  if (isMachine) await hub.call('beginConnection', { id });
  const connection = await hub.call('getConnection', { id });
  run.out.result(connection, () =>
    isMachine
      ? `${server.name} is ${connection.state}.`
      : `Open this page in a browser and sign in:\n${connection.page}`,
  );
}
