import type { InputOf, OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { count } from '../../output/words.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';

type Change = Omit<InputOf<Operations['changeAlerts']>, 'ids'>;
type Changed = OutputOf<Operations['changeAlerts']>;

const verbs = {
  ack: { does: 'Take alerts on: they are yours, and others see that', change: { state: 'acknowledged', owner: 'me' } },
  resolve: { does: 'Say that alerts are over; the same again is a new one', change: { state: 'resolved' } },
  dismiss: { does: 'Say that alerts were nothing; repeats stay quiet for an hour', change: { state: 'dismissed' } },
  reopen: { does: 'Open alerts again', change: { state: 'open', owner: null } },
} as const satisfies Record<string, { readonly does: string; readonly change: Change }>;

const listing = 'mcpvault alerts list';

export function changeAlertsCommand(host: Host, verb: keyof typeof verbs): Command {
  const { does, change } = verbs[verb];
  const command = new Command(verb)
    .description(does)
    .argument('<alert-id...>', `their ids, from "${listing}"`)
    .option('-m, --comment <text>', 'what others should know')
    .action(
      action(host, (run: Invocation, ids: readonly string[], options: { readonly comment?: string }) =>
        changeAlerts(run, ids, { ...change, ...(options.comment !== undefined && { comment: options.comment }) }),
      ),
    );
  return addExamples(command, { command: `mcpvault alerts ${verb} alt_01k… -m "Looking into it"`, does });
}

export function commentAlertCommand(host: Host): Command {
  const command = new Command('comment')
    .description('Write something below an alert')
    .argument('<alert-id>', `its id, from "${listing}"`)
    .argument('<text>', 'what others should know')
    .action(action(host, (run: Invocation, id: string, comment: string) => changeAlerts(run, [id], { comment })));
  return addExamples(command, {
    command: 'mcpvault alerts comment alt_01k… "Rotated the key"',
    does: 'For whoever comes after',
  });
}

async function changeAlerts(run: Invocation, given: readonly string[], change: Change): Promise<Outcome> {
  const ids = given.map((each) => checkedId('alt', each, listing));
  const hub = await run.connect();
  const changed = await hub.call('changeAlerts', { ids, ...change });
  run.out.result(changed, () => said(changed));
  return changed.unchanged.length === 0 ? 'ok' : 'general';
}

function said({ items, unchanged }: Changed): string {
  const lines = items.map(({ id, state, title }) => `${id} is ${state}: ${safeLine(title)}`);
  const stayed = unchanged.map(({ id, why }) => `${id} stayed as it is. ${safeLine(why)}`);
  const all = [...lines, ...stayed];
  return all.length > 20 ? `${count(items.length, 'alert')} changed, ${unchanged.length} not.` : all.join('\n');
}
