import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../../invocation.ts';
import { findDestination } from './find-destination.ts';

const argument = ['<destination>', 'its name or id'] as const;

export function switchDestinationCommand(host: Host, enabled: boolean): Command {
  return new Command(enabled ? 'resume' : 'pause')
    .description(enabled ? 'Go on where it was, and try at once' : 'Send nothing for a while; its place is kept')
    .argument(...argument)
    .action(action(host, (run: Invocation, given: string) => switchDestination(run, given, enabled)));
}

async function switchDestination(run: Invocation, given: string, enabled: boolean): Promise<void> {
  const hub = await run.connect();
  const { id, name, transport, format, filter } = await findDestination(hub, given);
  const changed = await hub.call('updateDestination', { id, name, transport, format, filter, enabled });
  run.out.result(changed, () =>
    enabled ? `${name} goes on.` : `${name} is paused, ${changed.state.lag} entries behind.`,
  );
}

export function removeDestinationCommand(host: Host): Command {
  return new Command('remove')
    .alias('rm')
    .description('Send nothing there any more')
    .argument(...argument)
    .option('-y, --yes', 'do not ask')
    .action(action(host, removeDestination));
}

async function removeDestination(
  run: Invocation,
  given: string,
  options: { readonly yes?: boolean },
): Promise<Outcome> {
  const hub = await run.connect();
  const { id, name, state } = await findDestination(hub, given);
  const behind = state.lag === 0 ? '' : ` It was not told the last ${state.lag} entries yet.`;
  if (!(await run.confirm(`Remove ${name}?${behind}`, options.yes))) {
    run.out.note('Nothing was changed.');
    return 'general';
  }
  await hub.call('removeDestination', { id });
  run.out.result({ id }, () => `${name} is removed.`);
  return 'ok';
}
