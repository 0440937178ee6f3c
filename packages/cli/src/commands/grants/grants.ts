// `mcpvault grants`: who may use which server, and which of its tools.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { addGrantCommand } from './add-grant.ts';
import { listGrantsCommand } from './list-grants.ts';
import { removeGrantCommand } from './remove-grant.ts';

export function grantsCommand(host: Host): Command {
  return new Command('grants')
    .description('See, give and take back the right to use servers')
    .addCommand(listGrantsCommand(host))
    .addCommand(addGrantCommand(host))
    .addCommand(removeGrantCommand(host));
}
