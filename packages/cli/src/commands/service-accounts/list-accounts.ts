import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';

export function listAccountsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List service accounts: yours, those of teams you lead, or all of them')
    .action(action(host, listAccounts));
  return addExamples(command, { command: 'mcpvault service-accounts list', does: 'See who owns which' });
}

async function listAccounts(run: Invocation): Promise<void> {
  const hub = await run.connect();
  const accounts = await allPages((cursor) => hub.call('listServiceAccounts', { limit: pageSize, cursor }));
  const now = run.io.clock.now();
  run.out.result({ items: accounts, next: null }, () => {
    if (accounts.length === 0) return 'No service accounts.';
    type Row = (typeof accounts)[number];
    const columns = [
      { header: 'NAME', value: (account: Row) => account.name, shrinks: true },
      { header: 'OWNER', value: (account: Row) => account.owner.label, shrinks: true },
      { header: 'ROLE', value: (account: Row) => account.roleName },
      { header: 'STATUS', value: (account: Row) => account.status },
      { header: 'LAST SEEN', value: (account: Row) => relativeTime(account.lastSeenAt, now) },
      { header: 'ID', value: (account: Row) => account.id },
    ];
    return renderTable(accounts, columns, run.out.style, run.out.width);
  });
}
