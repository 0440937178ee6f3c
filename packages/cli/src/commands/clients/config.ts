// `mcpvault config`: how others are set up to use MCPVault.
import { Argument, Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeJson } from '../../output/safe-text.ts';
import { addExamples } from '../examples.ts';
import { type ClientName, clientConfigs, clientNames } from './client-config.ts';

interface ClientOptions {
  readonly server?: string;
  readonly name?: string;
}

export function configCommand(host: Host): Command {
  return new Command('config')
    .description('Print the configuration that others need')
    .addCommand(clientConfigCommand(host));
}

function clientConfigCommand(host: Host): Command {
  const command = new Command('client')
    .description('Print the entry for an AI client, ready to paste; it holds no token')
    .addArgument(new Argument('<client>', 'which one').choices(clientNames))
    .option('--server <server>', 'the endpoint of this one server (default: the merged endpoint of all)')
    .option('--name <name>', 'the key of the entry (default: the server’s name, or mcpvault)')
    .action(action(host, printClientConfig));
  return addExamples(
    command,
    { command: 'mcpvault config client claude-code > .mcp.json', does: 'For the project in this folder' },
    { command: 'mcpvault config client cursor --server files', does: 'One server under its own name' },
  );
}

async function printClientConfig(run: Invocation, client: ClientName, options: ClientOptions): Promise<void> {
  const config = clientConfigs[client];
  const hub = await run.hub();
  const endpoint = options.server === undefined ? `${hub}/mcp` : `${hub}/mcp/${encodeURIComponent(options.server)}`;
  const entry = config.entry(options.name ?? options.server ?? 'mcpvault', endpoint);
  run.out.result(entry, () => safeJson(entry, 2));
  run.out.note(`${config.title}: this goes into ${config.place}.`);
  run.out.note(`${config.token} Make one with: mcpvault tokens create ${client}`);
}
