// `mcpvault workstations`: the computers of an organization, for its admins; each member sees their own.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { workstationComplianceCommand } from './compliance.ts';
import { letInWorkstationCommand, revokeWorkstationCommand, shutOutWorkstationCommand } from './change-workstation.ts';
import { enrolmentKeysCommand } from './enrolment-keys.ts';
import { exportComplianceCommand } from './export-compliance.ts';
import { askWorkstationCommand, workstationJobsCommand } from './jobs.ts';
import { listWorkstationsCommand } from './list-workstations.ts';
import { showWorkstationCommand } from './show-workstation.ts';

export function workstationsCommand(host: Host): Command {
  return new Command('workstations')
    .description('See the workstations of your organization, and decide about them')
    .addCommand(listWorkstationsCommand(host))
    .addCommand(showWorkstationCommand(host))
    .addCommand(revokeWorkstationCommand(host))
    .addCommand(shutOutWorkstationCommand(host))
    .addCommand(letInWorkstationCommand(host))
    .addCommand(workstationComplianceCommand(host))
    .addCommand(exportComplianceCommand(host))
    .addCommand(askWorkstationCommand(host))
    .addCommand(workstationJobsCommand(host))
    .addCommand(enrolmentKeysCommand(host));
}
