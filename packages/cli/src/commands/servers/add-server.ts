import { Command, Option } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { gather } from '../gather.ts';
import { addProcessOptions, type ProcessOptions, rulesFrom } from './process-options.ts';
import { awaitContact, reportContact } from './first-contact.ts';
import {
  type AuthChoice,
  authChoices,
  type Era,
  eras,
  type RemoteType,
  remoteTypes,
  transportFrom,
} from './server-definition.ts';

interface AddOptions extends ProcessOptions {
  readonly env?: readonly string[];
  readonly cwd?: string;
  readonly url?: string;
  readonly header?: readonly string[];
  readonly transport?: RemoteType;
  readonly era?: Era;
  readonly auth?: AuthChoice;
  readonly clientId?: string;
  readonly scope?: readonly string[];
  readonly isolation?: 'shared' | 'per-organization' | 'per-member' | 'per-session';
  readonly wait: boolean;
}

const isolations = ['shared', 'per-organization', 'per-member', 'per-session'];

export function addServerCommand(host: Host): Command {
  const command = new Command('add')
    .description('Add and approve a server, and wait for its first answer')
    .argument('<name>', 'how it is called from now on: lower-case letters, digits and hyphens')
    .argument('[command...]', 'after --, the program to run and its arguments')
    .option(
      '--env <name[=value]>',
      'variable for the program, its value taken from here when left out; repeatable',
      gather,
    )
    .option('--cwd <folder>', 'folder on the hub’s machine in which the program runs')
    .option('--url <url>', 'address of a server that is already running: http, https, ws or wss')
    .addOption(
      new Option(
        '--transport <transport>',
        'how it is spoken to (default: streamable-http, which finds out where only the older HTTP+SSE is spoken; for ws and wss: websocket)',
      ).choices(remoteTypes),
    )
    .option('--header <header>', 'header to send to it, as "Name: value"; repeatable', gather)
    .addOption(
      new Option(
        '--auth <who>',
        'who signs in there, where it wants OAuth: each member, an admin for all, or MCPVault itself',
      ).choices(authChoices),
    )
    .option(
      '--client-id <id>',
      'the client that was registered there by hand; its secret is taken from MCPVAULT_CLIENT_SECRET',
    )
    .option('--scope <scope>', 'scope to ask for beside what the server demands; repeatable', gather)
    .addOption(
      new Option('--era <era>', 'which era of the protocol it speaks (default: auto, which finds out)').choices(eras),
    )
    .addOption(
      new Option('--isolation <class>', 'who may share one process of it (default: per-session)').choices(isolations),
    )
    .option('--no-wait', 'do not wait for the first answer');
  addProcessOptions(command).action(action(host, addServer));
  return addExamples(
    command,
    {
      command: 'mcpvault servers add files -- npx -y @modelcontextprotocol/server-filesystem /srv/files',
      does: 'A program that the hub runs',
    },
    {
      command: 'mcpvault servers add tickets --env TICKETS_KEY -- tickets-mcp --read-only',
      does: 'The same with a secret from the environment',
    },
    {
      command:
        'mcpvault servers add notes --sandbox required --no-network --allow-write /srv/notes -- notes-mcp /srv/notes',
      does: 'A program that sees its own files and nothing else',
    },
    {
      command: 'mcpvault servers add search --url https://search.example.org/mcp --header "Authorization: Bearer $KEY"',
      does: 'A server that runs elsewhere',
    },
  );
}

async function addServer(run: Invocation, name: string, words: readonly string[], options: AddOptions): Promise<void> {
  const transport = transportFrom({ ...options, command: words }, run.io.env);
  const hub = await run.connect();
  const added = await hub.call('createServer', {
    ...{ name, transport, isolation: options.isolation },
    processes: rulesFrom(options),
  });
  run.out.note(`Added ${added.name} (${added.id}).`);
  const server = options.wait ? await awaitContact(run, hub, added) : added;
  reportContact(run, server, options.wait);
}
