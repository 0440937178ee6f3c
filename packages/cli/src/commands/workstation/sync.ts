import { isPending } from '@mcpvault/workstation/sync/link-states';
import { remember } from '@mcpvault/workstation/sync/push-links';
import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { count } from '../../output/words.ts';
import { addExamples } from '../examples.ts';
import { type CarryOutChoice, carryOut, discarded, explained } from './carry-out.ts';
import { chosenLinks, type LinkChoice, withLinkOptions } from './chosen-links.ts';
import { thisWorkstation } from './this-workstation.ts';

interface SyncChoice extends LinkChoice, CarryOutChoice {
  readonly discard?: boolean;
}

export function syncCommand(host: Host): Command {
  const command = withLinkOptions(
    new Command('sync')
      .description('Write what is planned into the clients’ files, or drop it')
      .argument('[server...]', 'what the clients call them; everything planned when left out'),
  )
    .option('--discard', 'drop what is planned instead')
    .option('--dry-run', 'show the changes and write nothing')
    .option('-y, --yes', 'do not ask')
    .action(action(host, sync));
  return addExamples(command, {
    command: 'mcpvault workstation sync --dry-run',
    does: 'See what is planned, as differences',
  });
}

async function sync(run: Invocation, names: readonly string[], choice: SyncChoice): Promise<Outcome> {
  const deps = thisWorkstation(run.io);
  return explained<Outcome>(async () => {
    const { links } = await deps.store.read();
    const pending = chosenLinks(links, names, choice).filter(({ state }) => isPending(state));
    if (choice.discard === true) {
      const dropped = pending.map(discarded);
      if (choice.dryRun !== true) await remember(deps.store, dropped);
      run.out.result({ discarded: dropped.length }, () => `${count(dropped.length, 'planned change')} dropped.`);
      return 'ok';
    }
    return carryOut(
      run,
      deps,
      { links: pending, refused: [], asking: 'Write what is planned for', begin: async () => undefined, isNamed: true },
      choice,
    );
  });
}
