import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { workstationColumns } from './workstation-text.ts';

interface ListOptions {
  readonly search?: string;
}

export function listWorkstationsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List workstations: whose they are, whether they comply, when they were last there')
    .option('--search <text>', 'only those whose name, host or member has this in it')
    .action(action(host, listWorkstations));
  return addExamples(
    command,
    { command: 'mcpvault workstations list', does: 'All that you may see' },
    { command: 'mcpvault workstations list --search ada --json', does: 'Those of one member, for a script' },
  );
}

async function listWorkstations(run: Invocation, { search }: ListOptions): Promise<void> {
  const hub = await run.connect();
  const items = await allPages((cursor) => hub.call('listWorkstations', { limit: pageSize, cursor, q: search }));
  run.out.result({ items }, () =>
    items.length === 0
      ? 'No workstations. On a member’s computer run: mcpvault workstation enroll'
      : renderTable(items, workstationColumns(run.io.clock.now()), run.out.style, run.out.width),
  );
}
