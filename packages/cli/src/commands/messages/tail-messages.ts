import { Command, Option } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { memberId } from '../members/find-member.ts';
import { followMessages, recentMessages } from './follow-messages.ts';
import type { MessageFilter } from './message-filter.ts';
import { type Message, messageLine } from './message-text.ts';

interface TailOptions {
  readonly server?: string;
  readonly tool?: string;
  readonly member?: string;
  readonly outcome?: Message['outcome'];
  readonly limit: string;
  readonly follow: boolean;
}

const outcomes: readonly Message['outcome'][] = [
  'answered',
  'tool_error',
  'error',
  'refused',
  'failed',
  'cancelled',
  'sent',
];

export function tailMessagesCommand(host: Host): Command {
  const command = new Command('tail')
    .description('Show messages as they are recorded; with --json, one JSON object a line')
    .option('--server <server>', 'only those with this server, by name or id')
    .option('--tool <name>', 'only calls of this tool')
    .option('--member <member>', 'only those of this member, by e-mail or id')
    .addOption(new Option('--outcome <outcome>', 'only those that ended so').choices(outcomes))
    .option('--limit <count>', 'how many past ones to begin with', '20')
    .option('--no-follow', 'end after the past ones')
    .action(action(host, tailMessages));
  return addExamples(
    command,
    { command: 'mcpvault messages tail', does: 'Watch what happens' },
    { command: 'mcpvault messages tail --outcome refused --server files', does: 'Only what was refused on one server' },
    {
      command: 'mcpvault messages tail --json --no-follow --limit 1000 > messages.jsonl',
      does: 'The last thousand into a file',
    },
  );
}

async function tailMessages(run: Invocation, options: TailOptions): Promise<Outcome> {
  const limit = readLimit(options.limit);
  const hub = await run.connect();
  const { server, tool, outcome } = options;
  const member = options.member === undefined ? undefined : await memberId(hub, options.member);
  const filter: MessageFilter = { server, tool, member, outcome };
  const show = (message: Message): void => run.out.item(message, () => messageLine(message, run.out.style));
  if (!options.follow) {
    for (const message of await recentMessages(hub, filter, limit)) show(message);
    return 'ok';
  }
  for await (const message of followMessages(run, hub, filter, limit)) show(message);
  return 'interrupted';
}

function readLimit(given: string): number {
  const limit = Number(given);
  if (Number.isInteger(limit) && limit >= 0 && limit <= 100_000 && given.trim() !== '') return limit;
  throw usageFailure(`"${given}" is not a number of messages.`, 'Give a whole number up to 100000, like --limit 50.');
}
