import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';

interface ListOptions {
  readonly member?: string;
}

export function listClientsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List the AI clients that you let in; admins may ask for those of others')
    .option('--member <member>', 'those of this member, by e-mail or id')
    .action(action(host, listClients));
  return addExamples(
    command,
    { command: 'mcpvault clients list', does: 'Who can reach your servers as you' },
    { command: 'mcpvault clients list --member ada@example.org', does: 'The same of another member' },
  );
}

async function listClients(run: Invocation, options: ListOptions): Promise<void> {
  const hub = await run.connect();
  const member = options.member === undefined ? undefined : await memberId(hub, options.member);
  const clients = await allPages((cursor) => hub.call('listConnectedClients', { limit: pageSize, cursor, member }));
  const now = run.io.clock.now();
  run.out.result({ items: clients, next: null }, () => {
    if (clients.length === 0) return 'No client was let in.';
    type Row = (typeof clients)[number];
    return renderTable(
      clients,
      [
        { header: 'ID', value: (client: Row) => client.id },
        { header: 'NAME', value: (client: Row) => safeLine(client.name), shrinks: true },
        { header: 'REACHES', value: (client: Row) => safeLine(client.resource), shrinks: true },
        { header: 'SCOPES', value: (client: Row) => client.scopes.join(' ') },
        { header: 'LET IN BY', value: ({ provider }: Row) => (provider === null ? 'the member' : 'identity provider') },
        { header: 'ENDS', value: (client: Row) => relativeTime(client.expiresAt, now) },
        { header: 'LAST USED', value: (client: Row) => relativeTime(client.lastUsedAt, now) },
      ],
      run.out.style,
      run.out.width,
    );
  });
}
