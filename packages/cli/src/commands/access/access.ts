// `mcpvault access`: who may use what, and why.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { explainAccessCommand } from './explain-access.ts';
import { listAccessCommand } from './list-access.ts';

export function accessCommand(host: Host): Command {
  return new Command('access')
    .description('Ask who may use what, and why')
    .addCommand(explainAccessCommand(host))
    .addCommand(listAccessCommand(host));
}
