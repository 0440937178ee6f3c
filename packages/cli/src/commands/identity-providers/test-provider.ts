import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { addExamples } from '../examples.ts';
import { findProvider } from './find-provider.ts';

export function testProviderCommand(host: Host): Command {
  const command = new Command('test')
    .description('Try an identity provider, and say exactly what fails')
    .argument('<provider>', 'its name or id')
    .action(action(host, testProvider));
  return addExamples(command, {
    command: 'mcpvault identity-providers test Okta',
    does: 'Ends with 1 if a step fails',
  });
}

const tones = { ok: 'green', warning: 'yellow', failed: 'red' } as const;

async function testProvider(run: Invocation, given: string): Promise<Outcome> {
  const hub = await run.connect(120_000);
  const { id } = await findProvider(hub, given);
  const found = await hub.call('testIdentityProvider', { id });
  const { style, width } = run.out;
  run.out.result(found, () => {
    type Step = (typeof found.steps)[number];
    const columns = [
      { header: 'STEP', value: ({ name }: Step) => name },
      { header: 'OUTCOME', value: ({ outcome }: Step) => outcome, tone: ({ outcome }: Step) => tones[outcome] },
      { header: 'WHAT', value: ({ text }: Step) => text, shrinks: true },
    ];
    const fixes = found.steps.flatMap(({ name, fix }) => (fix === null ? [] : `${name}: ${fix}`));
    return [renderTable(found.steps, columns, style, width), ...fixes].join('\n');
  });
  return found.works ? 'ok' : 'general';
}
