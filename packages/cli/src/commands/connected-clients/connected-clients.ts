// `mcpvault clients`: the AI clients that members let in through the browser.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { listClientsCommand } from './list-clients.ts';
import { revokeClientCommand } from './revoke-client.ts';

export function clientsCommand(host: Host): Command {
  return new Command('clients')
    .description('See the AI clients that you let in, and let them in no more')
    .addCommand(listClientsCommand(host))
    .addCommand(revokeClientCommand(host));
}
