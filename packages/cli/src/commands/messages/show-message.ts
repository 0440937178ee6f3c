import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';
import { type MessageDetail, renderMessage } from './message-text.ts';

export function showMessageCommand(host: Host): Command {
  const command = new Command('show')
    .description('Show one message: what was delivered, and which policy changed what; the hub records who looked')
    .argument('<message-id>', 'its id, from "mcpvault messages tail --json"')
    .option('--original', 'also what came in before policies changed it, which may hold secrets; for admins')
    .action(action(host, showMessage));
  return addExamples(command, { command: 'mcpvault messages show msg_01k…', does: 'Look at one message' });
}

async function showMessage(run: Invocation, given: string, options: { readonly original?: boolean }): Promise<void> {
  const id = checkedId('msg', given, 'mcpvault messages tail --no-follow --json');
  const hub = await run.connect();
  const found = await hub.call('getMessage', { id });
  const message = options.original ? found : withoutOriginals(found);
  run.out.result(message, () => renderMessage(message, run.out, run.io.clock.now()));
  if (options.original && [found.request, found.response].every((body) => body === null || body.original === null)) {
    run.out.note('The original is not shown to you.');
  }
}

/** An original may hold what a policy took out, so it is shown only where it was asked for. */
function withoutOriginals(message: MessageDetail): MessageDetail {
  const { request, response } = message;
  return {
    ...message,
    request: request && { ...request, original: null },
    response: response && { ...response, original: null },
  };
}
