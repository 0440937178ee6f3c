import { Command } from 'commander';
import { CommandFailure, usageFailure } from '../../command-failure.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { asText } from '../../output/safe-text.ts';
import { createProgress } from '../../terminal/progress.ts';
import { readInput } from '../../terminal/read-secret.ts';
import { allPages, pageSize } from '../all-pages.ts';
import { addExamples } from '../examples.ts';
import { gather } from '../gather.ts';
import { type Result, renderResult } from './render-result.ts';
import { parseArguments, readArguments, type ToolArguments } from './tool-arguments.ts';

interface CallOptions {
  readonly arg?: readonly string[];
  readonly jsonArgs?: string;
}

/** Tools may work for a while. */
const usualTimeout = 300_000;
const longestInput = 16 * 1024 * 1024;

export function callToolCommand(host: Host): Command {
  const command = new Command('call')
    .description('Call a tool through MCPVault, as an AI client would; ends with 5 when the tool answers with an error')
    .argument('<server>', 'its name or id')
    .argument('<tool>', 'the name of the tool')
    .argument('[-]', 'a lone - reads the arguments from standard input, as a JSON object')
    .option('--arg <name=value>', 'one argument; name:=json for a value that is not text; repeatable', gather)
    .option('--json-args <json>', 'all arguments, as a JSON object')
    .action(action(host, callTool));
  return addExamples(
    command,
    { command: 'mcpvault tools call everything echo --arg message=hello', does: 'Call a tool' },
    { command: 'mcpvault tools call files search --arg path=/ --arg limit:=10', does: 'A number as JSON' },
    {
      command: 'jq -n \'{message: "hello"}\' | mcpvault tools call everything echo -',
      does: 'Arguments from a program',
    },
  );
}

async function callTool(
  run: Invocation,
  given: string,
  tool: string,
  dash: string | undefined,
  options: CallOptions,
): Promise<Outcome> {
  if (dash !== undefined && dash !== '-')
    throw usageFailure(`"${dash}" is one word too many.`, 'Give arguments with --arg.');
  if (dash !== undefined && options.jsonArgs !== undefined)
    throw usageFailure('Give either --json-args or -, not both.');
  const whole = await wholeArguments(run, dash, options);
  const hub = await run.connect(usualTimeout);
  const server = await hub.call('getServer', { id: given });
  const schema = options.arg === undefined ? undefined : await inputSchema(hub, server.id, tool);
  const args = { ...whole, ...readArguments(options.arg ?? [], schema) };
  const result = await call(run, hub, server.name, tool, args);
  const isTerminal = run.io.stdout.isTTY === true;
  run.out.result(result, () => renderResult(result, run.out.style, isTerminal));
  if (result.isError !== true) return 'ok';
  run.out.note(`${tool} answered with an error.`);
  return 'tool_error';
}

async function wholeArguments(run: Invocation, dash: string | undefined, options: CallOptions): Promise<ToolArguments> {
  if (options.jsonArgs !== undefined) return parseArguments(options.jsonArgs, '--json-args');
  return dash === undefined ? {} : parseArguments(await readInput(run.io, longestInput), 'standard input');
}

/** What the hub knows of the tool; undefined when it does not know it, which the call itself will tell better. */
async function inputSchema(hub: HubConnection, server: string, tool: string) {
  try {
    const tools = await allPages((cursor) => hub.call('listServerTools', { id: server, limit: pageSize, cursor }));
    return tools.find(({ name }) => name === tool)?.inputSchema;
  } catch (error) {
    if (error instanceof CommandFailure && error.exit === 'general') return undefined;
    throw error;
  }
}

async function call(
  run: Invocation,
  hub: HubConnection,
  server: string,
  name: string,
  args: ToolArguments,
): Promise<Result> {
  const { withConversation } = await import('../../connection/mcp-conversation.ts');
  const { interrupted } = run.io;
  const progress = createProgress(run.io, run.settings.quiet || run.settings.format === 'json');
  const onNotification = (method: string, params: unknown): void => {
    if (method === 'notifications/progress') progress.show(progressText(name, params));
  };
  progress.show(`Calling ${name}`);
  try {
    return await withConversation(hub, server, { interrupted, onNotification }, async (conversation) => {
      const params = { name, arguments: args, _meta: { progressToken: 'call' } };
      return (await conversation.request('tools/call', params, interrupted)).result;
    });
  } finally {
    progress.clear();
  }
}

function progressText(tool: string, params: unknown): string {
  const { progress, total, message } = (params ?? {}) as Readonly<Record<string, unknown>>;
  const amount = typeof total === 'number' ? `${asText(progress)}/${total}` : asText(progress);
  return [tool, amount, typeof message === 'string' ? message : ''].filter((part) => part !== '').join(' ');
}
