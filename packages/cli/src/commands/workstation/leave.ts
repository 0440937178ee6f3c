import { rm } from 'node:fs/promises';
import { LinkFailure } from '@mcpvault/workstation/link/link-failure';
import { credentialName } from '@mcpvault/workstation/link/signed-in-link';
import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { stateOf, vaultFor } from '../../workstation/state-of.ts';
import { addExamples } from '../examples.ts';
import { explained } from './carry-out.ts';
import { linkFailure } from './link-failure.ts';
import { requireEnrolment } from './require-enrolment.ts';

interface LeaveChoice {
  readonly yes?: boolean;
  readonly force?: boolean;
}

export function leaveCommand(host: Host): Command {
  const command = new Command('leave')
    .description(
      'End that this computer belongs to its hub; what it reported stays there, adopted servers stay adopted',
    )
    .option('--force', 'also where the hub cannot be told')
    .option('-y, --yes', 'do not ask')
    .action(action(host, leave));
  return addExamples(command, {
    command: 'mcpvault workstation leave',
    does: 'The hub’s policies no longer hold here',
  });
}

async function leave(run: Invocation, { yes, force }: LeaveChoice): Promise<Outcome> {
  return explained<Outcome>(async () => {
    const { io, out } = run;
    const enrolment = await requireEnrolment(io);
    if (!(await run.confirm(`Leave ${enrolment.hub}?`, yes))) return 'general';
    const { linkOf } = await import('../../workstation/link-of.ts');
    const told = await linkOf(io, enrolment.hub)
      .then((link) => link.ask('leave', {}))
      .then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof LinkFailure)) throw error;
          // Revoked already: there is nothing to tell.
          if (error.kind === 'unauthenticated') return true;
          if (force !== true) throw linkFailure(error, enrolment.hub);
          return false;
        },
      );
    const state = stateOf(io);
    await (await vaultFor(io)).remove(credentialName);
    for (const path of [state.enrolment, state.bundle, state.ledger, state.jobs]) await rm(path, { force: true });
    out.result({ left: enrolment.hub, told }, () =>
      told
        ? `This computer no longer belongs to ${enrolment.hub}.`
        : `Left, but ${enrolment.hub} could not be told: ask an admin to remove ${enrolment.workstation}.`,
    );
    return 'ok';
  });
}
