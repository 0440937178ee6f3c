import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { checkedId } from '../checked-id.ts';

export function revokeClientCommand(host: Host): Command {
  const command = new Command('revoke')
    .aliases(['remove', 'rm'])
    .description(
      'Let an AI client in no more: all its tokens stop working at the next request, and it has to ask again',
    )
    .argument('<client-id>', 'its id, from "mcpvault clients list"')
    .action(action(host, revokeClient));
  return addExamples(command, { command: 'mcpvault clients revoke ccl_01k…', does: 'End what a client was allowed' });
}

async function revokeClient(run: Invocation, given: string): Promise<void> {
  const id = checkedId('ccl', given, 'mcpvault clients list');
  const hub = await run.connect();
  await hub.call('disconnectClient', { id });
  run.out.result({ id, revoked: true }, () => `${id} is let in no more.`);
}
