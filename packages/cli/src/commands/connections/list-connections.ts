import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import type { Tone } from '../../output/style.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';

type Connection = OutputOf<Operations['getConnection']>;

const tones: Readonly<Record<Connection['state'], Tone>> = {
  missing: 'dim',
  connected: 'green',
  expiring: 'yellow',
  broken: 'red',
};

export function listConnectionsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List the servers that want a sign-in, and how each is connected')
    .action(action(host, listConnections));
  return addExamples(command, { command: 'mcpvault connections list', does: 'Where you still have to sign in' });
}

async function listConnections(run: Invocation): Promise<void> {
  const hub = await run.connect();
  const answer = await hub.call('listConnections', {});
  const now = run.io.clock.now();
  run.out.result(answer, () => {
    if (answer.items.length === 0) return 'No server wants a sign-in.';
    return renderTable<Connection>(
      answer.items,
      [
        { header: 'SERVER', value: ({ server }) => server.name },
        { header: 'WHOSE', value: ({ mode }) => (mode === 'shared' ? 'everybody’s' : 'yours') },
        { header: 'STATE', value: ({ state }) => state, tone: ({ state }) => tones[state] },
        { header: 'EXPIRES', value: ({ expiresAt, renews }) => (renews ? 'renewed' : relativeTime(expiresAt, now)) },
        { header: 'REASON', value: ({ reason }) => (reason === null ? '' : safeLine(reason)), shrinks: true },
      ],
      run.out.style,
      run.out.width,
    );
  });
}
