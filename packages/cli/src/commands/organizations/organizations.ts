// `mcpvault organizations`: who lives on this hub, for those who run it.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import {
  changeOrganizationCommand,
  resumeOrganizationCommand,
  suspendOrganizationCommand,
} from './change-organization.ts';
import { createOrganizationCommand } from './create-organization.ts';
import { listOrganizationsCommand } from './list-organizations.ts';

export function organizationsCommand(host: Host): Command {
  return new Command('organizations')
    .description('Make, rename and suspend organizations, where yours runs the hub')
    .addCommand(listOrganizationsCommand(host))
    .addCommand(createOrganizationCommand(host))
    .addCommand(changeOrganizationCommand(host))
    .addCommand(suspendOrganizationCommand(host))
    .addCommand(resumeOrganizationCommand(host));
}
