import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

export function holdCommand(host: Host): Command {
  const command = new Command('hold')
    .description('Hold the records: nothing of messages and audit is deleted by age until "mcpvault audit release"')
    .requiredOption('--reason <text>', 'why, for whoever finds it later')
    .action(action(host, hold));
  return addExamples(command, { command: 'mcpvault audit hold --reason "case 2026-17"', does: 'Keep everything' });
}

export function releaseCommand(host: Host): Command {
  return new Command('release')
    .description('End the hold of records')
    .option('-y, --yes', 'do not ask')
    .action(action(host, release));
}

async function hold(run: Invocation, { reason }: { readonly reason: string }): Promise<void> {
  const hub = await run.connect();
  const answer = await hub.call('setLegalHold', { reason });
  run.out.result(answer, () => `Records are held since ${answer.hold.since}: ${answer.hold.reason}`);
}

async function release(run: Invocation, options: { readonly yes?: boolean }): Promise<Outcome> {
  const hub = await run.connect();
  const { hold: held } = await hub.call('getLegalHold', {});
  if (held === null) {
    run.out.result({ hold: null }, () => 'Nothing is held.');
    return 'ok';
  }
  const question = `Records are held since ${held.since} (${held.reason}). What is too old will be deleted. End it?`;
  if (!(await run.confirm(question, options.yes))) {
    run.out.note('Nothing was changed.');
    return 'general';
  }
  await hub.call('endLegalHold', {});
  run.out.result({ hold: null }, () => 'The hold has ended.');
  return 'ok';
}
