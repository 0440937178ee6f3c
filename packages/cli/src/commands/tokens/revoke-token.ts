import { Command } from 'commander';
import { checkedId } from '../checked-id.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';

export function revokeTokenCommand(host: Host): Command {
  const command = new Command('revoke')
    .aliases(['remove', 'rm'])
    .description('Revoke a personal token: it stops working at the next request')
    .argument('<token-id>', 'its id, from "mcpvault tokens list"; never the token itself')
    .action(action(host, revokeToken));
  return addExamples(command, { command: 'mcpvault tokens revoke tok_01k…', does: 'End a token that was lost' });
}

async function revokeToken(run: Invocation, given: string): Promise<void> {
  const id = checkedId('tok', given, 'mcpvault tokens list');
  const hub = await run.connect();
  await hub.call('revokeToken', { id });
  run.out.result({ id, revoked: true }, () => `Revoked ${id}.`);
}
