import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';
import { addExamples } from '../examples.ts';
import { countOf } from './list-audit.ts';

interface ListOptions {
  readonly member?: string;
  readonly server?: string;
  readonly tool?: string;
  readonly secret?: string;
  readonly limit: string;
}

export function listCallsCommand(host: Host): Command {
  const command = new Command('calls')
    .description('List the calls in the audit log, newest first: who, what, and how it ended, never what was said')
    .option('--member <id>', 'only of this member, in person or by somebody acting as them')
    .option('--server <server>', 'only on this server: its id, or the name that it had')
    .option('--tool <name>', 'only this tool, prompt or resource')
    .option('--secret <name>', 'only those carried with it: a connection’s id, or as in "header X-Api-Key"')
    .option('--limit <count>', 'how many, 200 at most', '50')
    .action(action(host, listCalls));
  return addExamples(command, { command: 'mcpvault audit calls --server files', does: 'What was called on a server' });
}

async function listCalls(run: Invocation, options: ListOptions): Promise<void> {
  const { limit, tool, ...filter } = options;
  const hub = await run.connect();
  const page = await hub.call('listAuditCalls', { ...filter, target: tool, limit: countOf(limit) });
  const now = run.io.clock.now();
  run.out.result(page, () => {
    if (page.items.length === 0) return 'No calls in the audit log fit.';
    type Row = (typeof page.items)[number];
    const who = ({ member, actedBy }: Row) => (actedBy === null ? member.label : `${actedBy.label} as ${member.label}`);
    return renderTable(
      page.items,
      [
        { header: 'PLACE', value: (call: Row) => `${call.sequence}.${call.index}` },
        { header: 'MESSAGE', value: (call: Row) => call.message },
        { header: 'WHEN', value: (call: Row) => relativeTime(call.at, now) },
        { header: 'WHO', value: who, shrinks: true },
        { header: 'SERVER', value: (call: Row) => call.server.name ?? '', shrinks: true },
        { header: 'CALLED', value: (call: Row) => call.target ?? call.method, shrinks: true },
        {
          header: 'OUTCOME',
          value: (call: Row) => call.outcome,
          tone: (call: Row) => (call.outcome === 'answered' || call.outcome === 'sent' ? 'green' : 'red'),
        },
      ],
      run.out.style,
      run.out.width,
    );
  });
}
