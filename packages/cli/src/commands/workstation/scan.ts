import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { runScan, type ScanChoice, withScanOptions } from './scan-options.ts';
import { renderScan } from './scan-text.ts';

export function scanCommand(host: Host): Command {
  const command = withScanOptions(
    new Command('scan').description('Find the AI clients of this computer and the servers they use; writes nothing'),
  )
    .option('--all', 'tell also of clients that are installed and have no servers')
    .action(action(host, scanComputer));
  return addExamples(
    command,
    { command: 'mcpvault workstation scan', does: 'Everything that clients of this account read' },
    { command: 'mcpvault workstation scan --project ~/src/shop', does: 'A project that no client remembers' },
    { command: 'mcpvault workstation scan --file ./mcp.json --client cursor --json', does: 'One file, for a script' },
  );
}

async function scanComputer(run: Invocation, choice: ScanChoice): Promise<void> {
  const found = await runScan(run, choice);
  run.out.result(found, () => renderScan(found, run));
}
