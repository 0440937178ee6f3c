import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { serverColumns } from './server-text.ts';

export function listServersCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List the servers you may use; admins see all')
    .option('--match <text>', 'only those whose name holds this')
    .action(action(host, listServers));
  return addExamples(command, { command: 'mcpvault servers list --json', does: 'The same for a script' });
}

async function listServers(run: Invocation, { match }: { readonly match?: string }): Promise<void> {
  const hub = await run.connect();
  const servers = await allPages((cursor) => hub.call('listServers', { limit: pageSize, cursor, q: match }));
  run.out.result({ items: servers, next: null }, () => {
    if (servers.length === 0) return 'No servers. Add one with: mcpvault servers add';
    const isAdmin = servers.some((server) => server.transport !== undefined);
    const columns = serverColumns.filter(({ header }) => isAdmin || header !== 'RUNS');
    return renderTable(servers, columns, run.out.style, run.out.width);
  });
}
