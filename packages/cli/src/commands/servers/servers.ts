// `mcpvault servers`: the MCP servers of the organization.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { addServerCommand } from './add-server.ts';
import { checkServerCommand } from './check-server.ts';
import { listServersCommand } from './list-servers.ts';
import { removeServerCommand } from './remove-server.ts';
import { restartServerCommand } from './restart-server.ts';
import { serverLogsCommand } from './server-logs.ts';
import { showServerCommand } from './show-server.ts';

export function serversCommand(host: Host): Command {
  return new Command('servers')
    .description('See, add and look after MCP servers')
    .addCommand(listServersCommand(host))
    .addCommand(showServerCommand(host))
    .addCommand(addServerCommand(host))
    .addCommand(checkServerCommand(host))
    .addCommand(restartServerCommand(host))
    .addCommand(serverLogsCommand(host))
    .addCommand(removeServerCommand(host));
}
