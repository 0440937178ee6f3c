import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { addExamples } from '../examples.ts';
import type { Role } from './find-role.ts';

export function listRolesCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List roles, with the permissions each gives')
    .option('--permissions', 'instead, what roles can be made of')
    .action(action(host, listRoles));
  return addExamples(command, { command: 'mcpvault roles list --permissions', does: 'Every permission in words' });
}

async function listRoles(run: Invocation, options: { readonly permissions?: boolean }): Promise<void> {
  const { style, width } = run.out;
  if (options.permissions) {
    const { permissionTexts } = await import('@mcpvault/contract/roles');
    const rows = Object.entries(permissionTexts).filter(([name]) => name !== 'anyone' && name !== 'self');
    const items = rows.map(([permission, text]) => ({ permission, text }));
    type Row = (typeof items)[number];
    const columns = [
      { header: 'PERMISSION', value: (row: Row) => row.permission },
      { header: 'WHAT IT OPENS', value: (row: Row) => row.text, shrinks: true },
    ];
    return run.out.result({ items, next: null }, () => renderTable(items, columns, style, width));
  }
  const hub = await run.connect();
  const roles = await hub.call('listRoles', {});
  const columns = [
    { header: 'ID', value: (role: Role) => role.id },
    { header: 'NAME', value: (role: Role) => role.name },
    { header: 'MEMBERS', value: (role: Role) => String(role.members) },
    { header: 'PERMISSIONS', value: (role: Role) => role.permissions.join(' '), shrinks: true },
  ];
  run.out.result(roles, () => renderTable(roles.items, columns, style, width));
}
