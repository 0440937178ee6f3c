import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeText } from '../../output/safe-text.ts';
import { timeOfDay } from '../../output/words.ts';
import { addExamples } from '../examples.ts';

export function serverLogsCommand(host: Host): Command {
  const command = new Command('logs')
    .description('Show the last lines a server’s processes wrote to stderr, and how they ended')
    .argument('<server>', 'its name or id')
    .action(action(host, serverLogs));
  return addExamples(command, { command: 'mcpvault servers logs files', does: 'See why a server does not start' });
}

async function serverLogs(run: Invocation, id: string): Promise<void> {
  const hub = await run.connect();
  const logs = await hub.call('serverLogs', { id });
  const { style } = run.out;
  run.out.result(logs, () => {
    if (logs.items.length === 0) return 'Nothing was written.';
    return logs.items
      .map(({ at, process, text }) => `${style('dim', `${timeOfDay(at)} ${process}`)}  ${safeText(text).trimEnd()}`)
      .join('\n');
  });
}
