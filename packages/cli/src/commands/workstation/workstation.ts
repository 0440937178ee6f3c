// `mcpvault workstation`: the AI clients of this computer and the servers they use, with or without a hub.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { adoptCommand } from './adopt.ts';
import { checkCommand } from './check.ts';
import { clientsCommand } from './clients.ts';
import { doctorCommand } from './doctor.ts';
import { enrollCommand } from './enroll.ts';
import { jobsCommand } from './jobs.ts';
import { leaveCommand } from './leave.ts';
import { openCommand } from './open.ts';
import { revertCommand } from './revert.ts';
import { runCommand } from './run.ts';
import { scanCommand } from './scan.ts';
import { refreshCommand, workstationStatusCommand } from './status.ts';
import { syncCommand } from './sync.ts';

export function workstationCommand(host: Host): Command {
  return new Command('workstation')
    .description('Find and govern the AI clients of this computer')
    .addCommand(scanCommand(host))
    .addCommand(checkCommand(host))
    .addCommand(clientsCommand(host))
    .addCommand(adoptCommand(host))
    .addCommand(syncCommand(host))
    .addCommand(revertCommand(host))
    .addCommand(workstationStatusCommand(host))
    .addCommand(refreshCommand(host))
    .addCommand(enrollCommand(host))
    .addCommand(runCommand(host))
    .addCommand(jobsCommand(host))
    .addCommand(doctorCommand(host))
    .addCommand(openCommand(host))
    .addCommand(leaveCommand(host));
}
