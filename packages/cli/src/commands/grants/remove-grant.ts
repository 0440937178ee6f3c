import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';

export function removeGrantCommand(host: Host): Command {
  const command = new Command('remove')
    .alias('rm')
    .description('Take a grant back: it ends at the next message')
    .argument('<grant-id>', 'its id, from "mcpvault grants list"')
    .action(action(host, removeGrant));
  return addExamples(command, { command: 'mcpvault grants remove grt_01k…', does: 'Take a grant back' });
}

async function removeGrant(run: Invocation, given: string): Promise<void> {
  const id = checkedId('grt', given, 'mcpvault grants list');
  const hub = await run.connect();
  await hub.call('removeGrant', { id });
  run.out.result({ id, removed: true }, () => `Removed ${id}.`);
}
