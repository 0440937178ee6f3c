// `mcpvault config`: how others are set up to use MCPVault.
import { Argument, Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeJson } from '../../output/safe-text.ts';
import { addExamples } from '../examples.ts';
import { type ClientName, clientConfigs, clientNames } from './client-config.ts';

interface ClientOptions {
  readonly server?: string;
  readonly name?: string;
  readonly bridge?: boolean;
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
    .option('--bridge', 'an entry that runs "mcpvault bridge", for clients that only start programs')
    .action(action(host, printClientConfig));
  return addExamples(
    command,
    { command: 'mcpvault config client claude-code > .mcp.json', does: 'For the project in this folder' },
    { command: 'mcpvault config client cursor --server files', does: 'One server under its own name' },
    { command: 'mcpvault config client generic --bridge', does: 'For a client that only starts programs' },
  );
}

async function printClientConfig(run: Invocation, client: ClientName, options: ClientOptions): Promise<void> {
  const config = clientConfigs[client];
  const hub = await run.hub();
  const endpoint = options.server === undefined ? `${hub}/mcp` : `${hub}/mcp/${encodeURIComponent(options.server)}`;
  const name = options.name ?? options.server ?? 'mcpvault';
  const words = ['bridge', '--hub', hub, ...(options.server === undefined ? [] : [options.server])];
  const entry = options.bridge === true ? config.program(name, words) : config.entry(name, endpoint);
  run.out.result(entry, () => safeJson(entry, 2));
  run.out.note(`${config.title}: this goes into ${config.place}.`);
  if (options.bridge === true) {
    return run.out.note('It uses what "mcpvault login" stored, and the program "mcpvault" has to be on the path.');
  }
  run.out.note(`${config.token} Make one with: mcpvault tokens create ${client}`);
}
