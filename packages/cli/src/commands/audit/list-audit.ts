import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';

interface ListOptions {
  readonly action?: string;
  readonly actor?: string;
  readonly subject?: string;
  readonly limit: string;
}

export function listAuditCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List audit entries, newest first')
    .option('--action <action>', 'only this action, such as grants.create')
    .option('--actor <id>', 'only what this member did')
    .option('--subject <id>', 'only what was done to this')
    .option('--limit <count>', 'how many, 200 at most', '50')
    .action(action(host, listAudit));
  return addExamples(command, { command: 'mcpvault audit list --action grants.create', does: 'Who granted what' });
}

async function listAudit(run: Invocation, options: ListOptions): Promise<void> {
  const { limit, ...filter } = options;
  const hub = await run.connect();
  const page = await hub.call('listAudit', { ...filter, limit: countOf(limit) });
  const now = run.io.clock.now();
  run.out.result(page, () => {
    if (page.items.length === 0) return 'No audit entries fit.';
    type Row = (typeof page.items)[number];
    return renderTable(
      page.items,
      [
        { header: 'PLACE', value: (entry: Row) => String(entry.sequence) },
        { header: 'WHEN', value: (entry: Row) => relativeTime(entry.at, now) },
        { header: 'WHO', value: (entry: Row) => entry.actor.label, shrinks: true },
        { header: 'DID', value: (entry: Row) => entry.action },
        { header: 'TO', value: (entry: Row) => entry.subject ?? '' },
        {
          header: 'OUTCOME',
          value: (entry: Row) => entry.outcome,
          tone: (entry: Row) => (entry.outcome === 'done' ? 'green' : 'red'),
        },
      ],
      run.out.style,
      run.out.width,
    );
  });
}

export function countOf(given: string): number {
  const count = Number(given);
  if (Number.isInteger(count) && count >= 1 && count <= 200) return count;
  throw usageFailure(`"${given}" is not a number of entries.`, 'Give a whole number from 1 to 200, like --limit 50.');
}
