import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { futureMoment } from '../moments.ts';
import { type ScopeOptions, scopeFrom, withScopeOptions } from './scope-options.ts';

export function createTokenCommand(host: Host): Command {
  const command = withScopeOptions(new Command('create'))
    .description('Make a personal token and print it: the only time it can be seen')
    .argument('<name>', 'what it is for, such as the client that will hold it')
    .option('--expires <when>', 'a span such as 12h, 90d or 2w, or a day such as 2027-01-31 (default: never)')
    .action(action(host, createToken));
  return addExamples(
    command,
    { command: 'mcpvault tokens create laptop --expires 90d', does: 'A token for one client' },
    { command: 'mcpvault tokens create ci --server files --tool read_file', does: 'A key for one tool' },
    { command: 'MCPVAULT_TOKEN=$(mcpvault tokens create ci --quiet)', does: 'Keep it in a variable' },
  );
}

interface CreateOptions extends ScopeOptions {
  readonly expires?: string;
}

async function createToken(run: Invocation, name: string, options: CreateOptions): Promise<void> {
  const scope = scopeFrom(options);
  const expiresAt = options.expires === undefined ? null : futureMoment(options.expires, run.io.clock.now());
  const hub = await run.connect();
  const token = await hub.call('createToken', { name, expiresAt, ...(scope && { scope }) });
  run.out.result(token, () => token.token);
  run.out.note('This is shown once. Hand it to the client now, and keep it nowhere else.');
}
