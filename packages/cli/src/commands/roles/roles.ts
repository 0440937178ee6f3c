// `mcpvault roles`: what members may do besides using what was granted to them.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { createRoleCommand, updateRoleCommand } from './change-role.ts';
import { listRolesCommand } from './list-roles.ts';
import { removeRoleCommand } from './remove-role.ts';

export function rolesCommand(host: Host): Command {
  return new Command('roles')
    .description('Make roles of permissions, and see what each gives')
    .addCommand(listRolesCommand(host))
    .addCommand(createRoleCommand(host))
    .addCommand(updateRoleCommand(host))
    .addCommand(removeRoleCommand(host));
}
