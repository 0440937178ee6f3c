import { Command, Option } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

interface ExportOptions {
  readonly format: 'csv' | 'json';
  readonly of: 'servers' | 'findings';
}

export function exportComplianceCommand(host: Host): Command {
  const command = new Command('export')
    .description('Write the last reports of all workstations to stdout: a line for each server, or for each finding')
    .addOption(new Option('--format <format>', 'how it is written').choices(['csv', 'json']).default('csv'))
    .addOption(new Option('--of <what>', 'what each line is').choices(['servers', 'findings']).default('servers'))
    .action(action(host, exportCompliance));
  return addExamples(command, {
    command: 'mcpvault workstations export --of findings > findings.csv',
    does: 'For a spreadsheet',
  });
}

async function exportCompliance(run: Invocation, { format, of }: ExportOptions): Promise<void> {
  const hub = await run.connect();
  const { text } = await hub.call('exportCompliance', { format, of });
  run.io.stdout.write(text);
}
