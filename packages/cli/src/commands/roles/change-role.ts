import type { Permission } from '@mcpvault/domain/identity/permission';
import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { findOwnRole } from './find-role.ts';

interface RoleOptions {
  readonly permission?: readonly string[];
  readonly description?: string;
  readonly name?: string;
}

export function createRoleCommand(host: Host): Command {
  const command = new Command('create')
    .description('Make a role')
    .argument('<name>', 'what people call it')
    .requiredOption('--permission <permission...>', 'what it gives, from "mcpvault roles list --permissions"')
    .option('--description <text>', 'what it is for')
    .action(action(host, createRole));
  return addExamples(command, {
    command: 'mcpvault roles create Support --permission members:read messages:read messages:read-any',
    does: 'People who look at messages, without originals',
  });
}

export function updateRoleCommand(host: Host): Command {
  return new Command('update')
    .description('Change a role; it holds for its members at their next request')
    .argument('<role>', 'its id or name')
    .option('--permission <permission...>', 'what it gives from now on, instead of what it gave')
    .option('--name <name>', 'what people call it')
    .option('--description <text>', 'what it is for')
    .action(action(host, updateRole));
}

async function createRole(run: Invocation, name: string, options: RoleOptions): Promise<void> {
  const permissions = await checked(options.permission ?? []);
  const hub = await run.connect();
  const role = await hub.call('createRole', { name, description: options.description, permissions });
  run.out.result(role, () => `Made the role ${role.name} (${role.id}).`);
}

async function updateRole(run: Invocation, given: string, options: RoleOptions): Promise<void> {
  const hub = await run.connect();
  const before = await findOwnRole(hub, given);
  const role = await hub.call('updateRole', {
    id: before.id,
    name: options.name ?? before.name,
    description: options.description ?? before.description,
    permissions: await checked(options.permission ?? before.permissions),
  });
  run.out.result(role, () => `${role.name} gives: ${role.permissions.join(' ') || 'nothing'}.`);
}

async function checked(given: readonly string[]): Promise<Permission[]> {
  const { isPermission } = await import('@mcpvault/domain/identity/permission');
  return given.map((name) => {
    if (isPermission(name)) return name;
    throw usageFailure(`"${name}" is no permission.`, 'They are listed by: mcpvault roles list --permissions');
  });
}
