import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command, Option } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { renderTable } from '../../output/table.ts';
import { count } from '../../output/words.ts';
import { addExamples } from '../examples.ts';

const groupings = ['workstation', 'member', 'client', 'server'] as const;

interface ComplianceOptions {
  readonly by: (typeof groupings)[number];
}

type Row = OutputOf<Operations['getCompliance']>['rows'][number];

export function workstationComplianceCommand(host: Host): Command {
  const command = new Command('compliance')
    .description('How all workstations comply; ends with 20 when one does not')
    .addOption(new Option('--by <side>', 'from which side to look').choices([...groupings]).default('workstation'))
    .action(action(host, showCompliance));
  return addExamples(
    command,
    { command: 'mcpvault workstations compliance', does: 'Which workstations need somebody' },
    { command: 'mcpvault workstations compliance --by server', does: 'Which servers are used, where, and how safely' },
  );
}

async function showCompliance(run: Invocation, { by }: ComplianceOptions): Promise<Outcome> {
  const hub = await run.connect();
  const { total, rows } = await hub.call('getCompliance', { by });
  run.out.result({ total, rows }, () => {
    const line = `${count(total.workstations, 'workstation')}: ${total.compliant} comply, ${total.nonCompliant} do not, ${total.undetermined} cannot be told, ${total.overdue} overdue.`;
    if (rows.length === 0) return line;
    const table = renderTable<Row>(
      rows,
      [
        { header: by.toUpperCase(), value: ({ label }) => safeLine(label), shrinks: true },
        { header: 'COMPLY', value: (row) => String(row.compliant), align: 'right' },
        { header: 'DO NOT', value: (row) => String(row.nonCompliant), align: 'right', tone: troubled },
        { header: 'OVERDUE', value: (row) => String(row.overdue), align: 'right' },
        { header: 'SERVERS', value: (row) => String(row.servers), align: 'right' },
        { header: 'UNMANAGED', value: (row) => String(row.byKind['unmanaged'] ?? 0), align: 'right' },
        { header: 'ERRORS', value: (row) => String(row.findings.error), align: 'right' },
      ],
      run.out.style,
      run.out.width,
    );
    return `${table}\n${line}`;
  });
  if (total.nonCompliant > 0) return 'non_compliant';
  return total.undetermined > 0 ? 'undetermined' : 'ok';
}

function troubled({ nonCompliant }: Row) {
  return nonCompliant > 0 ? ('red' as const) : ('dim' as const);
}
