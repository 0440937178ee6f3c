// `mcpvault identity-providers`: where members prove who they are besides the hub itself.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { addProviderCommand, updateProviderCommand } from './change-provider.ts';
import { listProvidersCommand } from './list-providers.ts';
import { removeProviderCommand } from './remove-provider.ts';
import { testProviderCommand } from './test-provider.ts';

export function identityProvidersCommand(host: Host): Command {
  return new Command('identity-providers')
    .description('Manage the identity providers that members sign in with')
    .addCommand(listProvidersCommand(host))
    .addCommand(addProviderCommand(host))
    .addCommand(updateProviderCommand(host))
    .addCommand(testProviderCommand(host))
    .addCommand(removeProviderCommand(host));
}
