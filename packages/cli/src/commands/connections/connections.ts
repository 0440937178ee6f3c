// `mcpvault connections`: the sign-ins at servers that want one.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { connectCommand } from './connect.ts';
import { disconnectCommand } from './disconnect.ts';
import { listConnectionsCommand } from './list-connections.ts';

export function connectionsCommand(host: Host): Command {
  return new Command('connections')
    .description('See, make and end sign-ins at servers that want one')
    .addCommand(listConnectionsCommand(host))
    .addCommand(connectCommand(host))
    .addCommand(disconnectCommand(host));
}
