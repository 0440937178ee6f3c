import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';
import { amountText, readCount } from './limit-text.ts';

interface ChangeOptions {
  readonly name?: string;
  readonly calls?: string;
  readonly burst?: string;
  readonly off?: true;
  readonly on?: true;
}

export function changeLimitCommand(host: Host): Command {
  const command = new Command('change')
    .description('Change how much a limit allows, or switch it off or on; what was used of a quota stays used')
    .argument('<limit-id>', 'its id, from "mcpvault limits list"')
    .option('--name <name>', 'another name')
    .option('--calls <calls>', 'another number of calls in its period')
    .option('--burst <calls>', 'another number of calls that may come at once')
    .option('--off', 'switch it off')
    .option('--on', 'switch it on')
    .action(action(host, changeLimit));
  return addExamples(command, { command: 'mcpvault limits change lim_01k… --calls 200', does: 'Allow more' });
}

async function changeLimit(run: Invocation, given: string, options: ChangeOptions): Promise<void> {
  const id = checkedId('lim', given, 'mcpvault limits list');
  if (options.on && options.off) throw usageFailure('On or off?', 'Give --on or --off.');
  const change = {
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.calls === undefined ? {} : { calls: readCount(options.calls) }),
    ...(options.burst === undefined ? {} : { burst: readCount(options.burst) }),
    ...(options.on || options.off ? { enabled: options.on === true } : {}),
  };
  if (Object.keys(change).length === 0)
    throw usageFailure('Change what?', 'Give --name, --calls, --burst, --on or --off.');
  const hub = await run.connect();
  const limit = await hub.call('updateLimit', { id, ...change });
  run.out.result(limit, () => `${safeLine(limit.name)}: ${amountText(limit)}${limit.enabled ? '' : ', switched off'}.`);
}
