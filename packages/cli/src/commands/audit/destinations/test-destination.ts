import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../../invocation.ts';
import { findDestination } from './find-destination.ts';

export function testDestinationCommand(host: Host): Command {
  return new Command('test')
    .description('Send one event that says it is a test; exits with 1 and says why when it was not taken')
    .argument('<destination>', 'its name or id')
    .action(action(host, testDestination));
}

async function testDestination(run: Invocation, given: string): Promise<Outcome> {
  const hub = await run.connect();
  const { id, name } = await findDestination(hub, given);
  const tested = await hub.call('testDestination', { id });
  run.out.result(tested, () =>
    tested.taken
      ? `${name} took the test event.`
      : `${name} did not: ${tested.why}.${tested.fix === null ? '' : ` ${tested.fix}`}`,
  );
  return tested.taken ? 'ok' : 'general';
}
