import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { findProvider } from './find-provider.ts';

export function removeProviderCommand(host: Host): Command {
  return new Command('remove')
    .aliases(['rm'])
    .description('Remove an identity provider; sign-ins that began there end')
    .argument('<provider>', 'its name or id')
    .option('-y, --yes', 'do not ask')
    .action(action(host, removeProvider));
}

async function removeProvider(run: Invocation, given: string, options: { readonly yes?: boolean }): Promise<Outcome> {
  const hub = await run.connect();
  const { id, name } = await findProvider(hub, given);
  if (!(await run.confirm(`Remove ${name}, with who is who there?`, options.yes))) {
    run.out.note('Nothing was changed.');
    return 'general';
  }
  await hub.call('removeIdentityProvider', { id });
  run.out.result({ id, removed: true }, () => `Removed ${name}.`);
  return 'ok';
}
