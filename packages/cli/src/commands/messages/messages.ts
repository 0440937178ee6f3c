// `mcpvault messages`: what went through MCPVault, and what it did about it.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { showMessageCommand } from './show-message.ts';
import { tailMessagesCommand } from './tail-messages.ts';

export function messagesCommand(host: Host): Command {
  return new Command('messages')
    .description('Watch and read the recorded messages')
    .addCommand(tailMessagesCommand(host))
    .addCommand(showMessageCommand(host));
}
