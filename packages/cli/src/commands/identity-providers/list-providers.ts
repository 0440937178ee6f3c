import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { addExamples } from '../examples.ts';
import type { Provider } from './find-provider.ts';

export function listProvidersCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List identity providers')
    .action(action(host, listProviders));
  return addExamples(command, { command: 'mcpvault identity-providers list', does: 'Where members may sign in' });
}

async function listProviders(run: Invocation): Promise<void> {
  const hub = await run.connect();
  const providers = await hub.call('listIdentityProviders', {});
  const { style, width } = run.out;
  run.out.result(providers, () => {
    if (providers.items.length === 0) return 'None. Add one with: mcpvault identity-providers add NAME';
    const columns = [
      { header: 'ID', value: ({ id }: Provider) => id },
      { header: 'NAME', value: ({ name }: Provider) => name, shrinks: true },
      { header: 'ISSUER', value: ({ issuer }: Provider) => issuer, shrinks: true },
      { header: 'DOMAINS', value: ({ domains }: Provider) => domains.join(' '), shrinks: true },
      { header: 'MEMBERS', value: ({ members }: Provider) => String(members) },
      { header: 'STATE', value: ({ enabled }: Provider) => (enabled ? 'on' : 'off') },
    ];
    return renderTable(providers.items, columns, style, width);
  });
}
