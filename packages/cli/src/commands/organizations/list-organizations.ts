import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';

export function listOrganizationsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List the organizations of this hub')
    .action(action(host, listOrganizations));
  return addExamples(command, { command: 'mcpvault organizations list', does: 'Every organization' });
}

async function listOrganizations(run: Invocation): Promise<void> {
  const hub = await run.connect();
  const organizations = await allPages((cursor) => hub.call('listOrganizations', { limit: pageSize, cursor }));
  const now = run.io.clock.now();
  run.out.result({ items: organizations, next: null }, () => {
    type Row = (typeof organizations)[number];
    return renderTable(
      organizations,
      [
        {
          header: 'NAME',
          value: ({ name, runsHub }: Row) => (runsHub ? `${name} (runs this hub)` : name),
          shrinks: true,
        },
        { header: 'STATUS', value: ({ status }: Row) => status, tone: ({ status }: Row) => tones[status] },
        { header: 'PEOPLE', value: ({ people }: Row) => String(people) },
        { header: 'MADE', value: ({ createdAt }: Row) => relativeTime(createdAt, now) },
        { header: 'ID', value: ({ id }: Row) => id },
      ],
      run.out.style,
      run.out.width,
    );
  });
}

const tones = { active: 'green', suspended: 'yellow' } as const;
