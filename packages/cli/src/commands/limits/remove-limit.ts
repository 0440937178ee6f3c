import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';

export function removeLimitCommand(host: Host): Command {
  const command = new Command('remove')
    .alias('rm')
    .description('Remove a limit')
    .argument('<limit-id>', 'its id, from "mcpvault limits list"')
    .action(action(host, removeLimit));
  return addExamples(command, { command: 'mcpvault limits remove lim_01k…', does: 'Remove a limit' });
}

async function removeLimit(run: Invocation, given: string): Promise<void> {
  const id = checkedId('lim', given, 'mcpvault limits list');
  const hub = await run.connect();
  await hub.call('removeLimit', { id });
  run.out.result({ id, removed: true }, () => `Removed ${id}.`);
}
