// `mcpvault tools`: what servers offer, and calling it through the same endpoint that AI clients use.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { callToolCommand } from './call-tool.ts';
import { listToolsCommand } from './list-tools.ts';
import { showToolCommand } from './show-tool.ts';

export function toolsCommand(host: Host): Command {
  return new Command('tools')
    .description('See tools and call them')
    .addCommand(listToolsCommand(host))
    .addCommand(showToolCommand(host))
    .addCommand(callToolCommand(host));
}
