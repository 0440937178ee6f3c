import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { addExamples } from '../examples.ts';
import { amountText, type Limit, useText, whatText, whoseText } from './limit-text.ts';

export function listLimitsCommand(host: Host): Command {
  const command = new Command('list')
    .alias('ls')
    .description('List limits, and how far they are used')
    .action(action(host, listLimits));
  return addExamples(command, { command: 'mcpvault limits list', does: 'Every rate and quota' });
}

async function listLimits(run: Invocation): Promise<void> {
  const hub = await run.connect();
  const limits = await hub.call('listLimits', {});
  run.out.result(limits, () => {
    if (limits.items.length === 0) return 'No limits. Make one with: mcpvault limits add NAME 100/minute';
    return renderTable<Limit>(
      limits.items,
      [
        { header: 'ID', value: (limit) => limit.id },
        { header: 'NAME', value: (limit) => limit.name, shrinks: true },
        { header: 'ALLOWS', value: (limit) => (limit.enabled ? amountText(limit) : `${amountText(limit)} (off)`) },
        { header: 'OF', value: whoseText, shrinks: true },
        { header: 'FOR', value: whatText, shrinks: true },
        { header: 'USED', value: useText, shrinks: true },
      ],
      run.out.style,
      run.out.width,
    );
  });
}
