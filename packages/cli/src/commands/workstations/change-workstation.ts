import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { workstationId } from './find-workstation.ts';

interface RevokeOptions {
  readonly reason?: string;
  readonly yes?: boolean;
}

export function revokeWorkstationCommand(host: Host): Command {
  const command = new Command('revoke')
    .description('End the credential of a workstation: its next request is refused, and it has to enrol again')
    .argument('<workstation>', 'its name or id')
    .option('--reason <text>', 'why, for whoever asks later')
    .option('-y, --yes', 'do not ask')
    .action(action(host, revoke));
  return addExamples(command, {
    command: 'mcpvault workstations revoke ada-laptop --reason "lost on a train"',
    does: 'After it was lost',
  });
}

export function shutOutWorkstationCommand(host: Host): Command {
  const command = new Command('shut-out')
    .description('Shut a workstation out until it is let in again')
    .argument('<workstation>', 'its name or id')
    .action(action(host, (run, given: string) => setDisabled(run, given, true)));
  return addExamples(command, { command: 'mcpvault workstations shut-out ada-laptop', does: 'While it is looked at' });
}

export function letInWorkstationCommand(host: Host): Command {
  const command = new Command('let-in')
    .description('Let a workstation in again that was shut out')
    .argument('<workstation>', 'its name or id')
    .action(action(host, (run, given: string) => setDisabled(run, given, false)));
  return addExamples(command, { command: 'mcpvault workstations let-in ada-laptop', does: 'Once all is well' });
}

async function revoke(run: Invocation, given: string, { reason = '', yes }: RevokeOptions): Promise<Outcome> {
  const hub = await run.connect();
  const id = await workstationId(hub, given);
  if (!(await run.confirm(`Revoke ${given}? It has to enrol again.`, yes))) {
    run.out.note('Nothing was changed.');
    return 'general';
  }
  await hub.call('revokeWorkstation', { id, reason });
  run.out.result({ id, revoked: true }, () => `Revoked ${given}.`);
  return 'ok';
}

async function setDisabled(run: Invocation, given: string, disabled: boolean): Promise<void> {
  const hub = await run.connect();
  const workstation = await hub.call('updateWorkstation', { id: await workstationId(hub, given), disabled });
  run.out.result(workstation, () => `${given} is ${disabled ? 'shut out' : 'let in'}.`);
}
