import { planAdoption } from '@mcpvault/workstation/sync/plan-adoption';
import { rememberAdoption } from '@mcpvault/workstation/sync/remember-adoption';
import type { Link } from '@mcpvault/workstation/sync/workstation-store';
import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { type CarryOutChoice, carryOut, explained } from './carry-out.ts';
import { runScan, type ScanChoice, withScanOptions } from './scan-options.ts';
import { thisWorkstation } from './this-workstation.ts';

interface AdoptChoice extends ScanChoice, CarryOutChoice {
  readonly to?: string;
}

export function adoptCommand(host: Host): Command {
  const command = withScanOptions(
    new Command('adopt')
      .description('Make clients reach servers through MCPVault: shows every change first, and can be reverted')
      .argument('[server...]', 'what the clients call them; every unmanaged one when left out'),
  )
    .option(
      '--to <server>',
      'a server of the hub that stands behind the entry (default: this computer runs it as before)',
    )
    .option('--later', 'only plan it; "mcpvault workstation sync" writes')
    .option('--dry-run', 'show the changes and write nothing')
    .option('-y, --yes', 'do not ask')
    .action(action(host, adopt));
  return addExamples(
    command,
    { command: 'mcpvault workstation adopt --dry-run', does: 'See what would change, entry by entry' },
    { command: 'mcpvault workstation adopt github --client cursor', does: 'One server of one client' },
    {
      command: 'mcpvault workstation adopt github --client cursor --to github --yes',
      does: 'Through the hub, from a script',
    },
  );
}

async function adopt(run: Invocation, names: readonly string[], choice: AdoptChoice): Promise<Outcome> {
  if (choice.to !== undefined && names.length !== 1) {
    throw usageFailure(
      'A server of the hub stands behind one server of the clients.',
      'Name it: adopt NAME --to SERVER',
    );
  }
  const deps = thisWorkstation(run.io);
  const found = await runScan(run, choice);
  const wish = { names, bridge: run.io.machine.program, ...(choice.to === undefined ? {} : { to: choice.to }) };
  return explained<Outcome>(async () => {
    const plan = await planAdoption(found, wish, await deps.store.read(), deps.files, deps.now());
    const begin = (links: readonly Link[]): Promise<void> => rememberAdoption(deps.store, links, plan.servers);
    return carryOut(run, deps, { ...plan, asking: 'Change', begin, isNamed: names.length > 0 }, choice);
  });
}
