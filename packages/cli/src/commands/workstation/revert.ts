import { nextState } from '@mcpvault/workstation/sync/link-states';
import { remember, type Refusal } from '@mcpvault/workstation/sync/push-links';
import { afterLooking, lookAt } from '@mcpvault/workstation/sync/look-again';
import type { Link } from '@mcpvault/workstation/sync/workstation-store';
import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { type CarryOutChoice, carryOut, explained } from './carry-out.ts';
import { chosenLinks, type LinkChoice, withLinkOptions } from './chosen-links.ts';
import { thisWorkstation } from './this-workstation.ts';

interface RevertChoice extends LinkChoice, CarryOutChoice {
  readonly force?: boolean;
}

export function revertCommand(host: Host): Command {
  const command = withLinkOptions(
    new Command('revert')
      .description('Make adopted entries again what they were, and keep what else has changed since')
      .argument('[server...]', 'what the clients call them; every adopted one when left out'),
  )
    .option('--force', 'also what somebody else has changed since')
    .option('--later', 'only plan it; "mcpvault workstation sync" writes')
    .option('--dry-run', 'show the changes and write nothing')
    .option('-y, --yes', 'do not ask')
    .action(action(host, revert));
  return addExamples(
    command,
    { command: 'mcpvault workstation revert github', does: 'One server' },
    { command: 'mcpvault workstation revert --yes', does: 'Everything, as before an uninstallation' },
  );
}

async function revert(run: Invocation, names: readonly string[], choice: RevertChoice): Promise<Outcome> {
  const deps = thisWorkstation(run.io);
  return explained<Outcome>(async () => {
    const { links } = await deps.store.read();
    const planned: Link[] = [];
    const settled: Link[] = [];
    const refused: Refusal[] = [];
    for (const link of chosenLinks(links, names, choice)) {
      const seen =
        link.state === 'pending-adopt' ? link : afterLooking(link, await lookAt(link, deps.files), deps.now());
      const state = seen.state === 'unmanaged' ? 'unmanaged' : nextState(seen.state, 'plan-revert');
      if (state === 'unmanaged') settled.push({ ...seen, state });
      else if (state === 'refused' || seen.undo === null) refused.push(refusal(seen));
      else planned.push({ ...seen, state });
    }
    const begin = (accepted: readonly Link[]): Promise<void> => remember(deps.store, accepted);
    if (settled.length > 0 && choice.dryRun !== true) await remember(deps.store, settled);
    const force = choice.force === true;
    return carryOut(run, deps, { links: planned, refused, asking: 'Revert', begin, force, isNamed: true }, choice);
  });
}

function refusal({ client, path, address, state }: Link): Refusal {
  const reason = state === 'gone' ? 'its entry is no longer in the file' : 'how it was before is not known';
  return { client, path, server: address.name, reason };
}
