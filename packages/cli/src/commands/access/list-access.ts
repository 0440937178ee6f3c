import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';

interface ListOptions {
  readonly tool?: string;
  readonly prompt?: string;
  readonly resource?: string;
  readonly all?: boolean;
}

export function listAccessCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('Who may use a server or one of its tools')
    .argument('<server>', 'its name or id')
    .option('--tool <name>', 'only this tool')
    .option('--prompt <name>', 'or this prompt')
    .option('--resource <uri>', 'or this resource')
    .option('--all', 'also those who may not')
    .action(action(host, listAccess));
  return addExamples(command, { command: 'mcpvault access list files --tool write_file', does: 'Who may write' });
}

async function listAccess(run: Invocation, server: string, options: ListOptions): Promise<void> {
  const hub = await run.connect();
  const members = await allPages((cursor) =>
    hub.call('listAccess', {
      server,
      tool: options.tool,
      prompt: options.prompt,
      resource: options.resource,
      limit: pageSize,
      cursor,
    }),
  );
  const items = options.all ? members : members.filter(({ allowed }) => allowed);
  run.out.result({ items, next: null }, () => {
    if (items.length === 0) return 'Nobody.';
    type Row = (typeof items)[number];
    return renderTable(
      items,
      [
        { header: 'E-MAIL', value: (row: Row) => row.member.email },
        {
          header: 'MAY',
          value: (row: Row) => (row.allowed ? 'yes' : 'no'),
          tone: (row: Row) => (row.allowed ? 'green' : 'red'),
        },
        { header: 'TOOLS', value: (row: Row) => row.tools?.join(', ') ?? 'every tool', shrinks: true },
        { header: 'BECAUSE', value: (row: Row) => row.because, shrinks: true },
      ],
      run.out.style,
      run.out.width,
    );
  });
}
